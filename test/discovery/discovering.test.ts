import { describe, expect, test } from 'vitest';
import { CanonWifiError } from '#contract/errors.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import type { DiscoveryFlow, FlowContext } from '#discovery/flow.ts';
import { discovery, wlan, world } from '../support/flow-world.ts';

test('the description is served before any answer points to it', async () => {
	const { opened, ports, emit, events } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	expect(opened).toEqual(['description 192.168.1.20', 'responder 192.168.1.20']);
	expect(events).toEqual([
		{
			type: 'ready',
			interface: 'wlan0',
			address: '192.168.1.20',
			name: 'studio',
			uuid: discovery.identity.uuid,
			ssdpPort: 1900,
			location: 'http://192.168.1.20:8043/desc.xml',
		},
	]);
	await open.close();
	expect(opened.slice(2).sort()).toEqual(['description closed', 'responder closed']);
});

test('a description port that had to move is reported and announced', async () => {
	const { ports, emit, events, state } = world();
	state.descriptionPort = 8044;
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	expect(events).toMatchObject([
		{ type: 'warning', code: 'portMoved' },
		{ type: 'ready', location: 'http://192.168.1.20:8044/desc.xml' },
	]);
	await open.close();
});

test('the description server is closed when port 1900 cannot be opened', async () => {
	const { ports, emit, state, opened } = world();
	state.responderError = new CanonWifiError('portTaken', { port: 1900, address: '192.168.1.20', protocol: 'UDP' });
	await expect(startDiscovery(discovery, ports, emit, { observe: () => {} })).rejects.toMatchObject({ code: 'portTaken' });
	expect(opened).toEqual(['description 192.168.1.20', 'description closed']);
});

test('an interface that loses its address and gets another one is followed, with one warning each', async () => {
	const { ports, emit, events, state, clock, opened } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.networks = [];
	await clock.advance(10_000);
	expect(events.filter(({ type }) => type === 'warning')).toMatchObject([{ code: 'networkLost' }]);
	expect(opened.filter((what) => what.endsWith('closed'))).toHaveLength(2);
	state.networks = [{ ...wlan, address: '192.168.1.77' }];
	await clock.advance(10_000);
	expect(events.at(-2)).toMatchObject({ type: 'warning', code: 'addressChanged' });
	expect(events.at(-1)).toMatchObject({ type: 'ready', address: '192.168.1.77', location: 'http://192.168.1.77:8043/desc.xml' });
	await open.close();
});

test('cameras are answered again on an adapter that comes back with its old address', async () => {
	const { ports, emit, events, state, clock } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.networks = [];
	await clock.advance(4000);
	state.networks = [wlan];
	await clock.advance(4000);
	expect(events.at(-1)).toMatchObject({ type: 'ready', address: '192.168.1.20' });
	await open.close();
});

test('an adapter that comes back under another name is followed, with a warning that has both names', async () => {
	const { ports, emit, events, state, clock, opened } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.networks = [{ ...wlan, name: 'wlan1' }];
	await clock.advance(10_000);
	expect(events.slice(1)).toMatchObject([
		{ code: 'networkChanged', message: 'Cameras are now answered on wlan1, 192.168.1.20, instead of wlan0, 192.168.1.20.' },
		{ type: 'ready', interface: 'wlan1', address: '192.168.1.20' },
	]);
	expect(opened.slice(2)).toEqual(['responder closed', 'description closed', 'description 192.168.1.20', 'responder 192.168.1.20']);
	expect(open.fault).toBeUndefined();
	await open.close();
});

test('an interface that the user named is waited for, and the fault names it and the alternatives', async () => {
	const { ports, emit, events, state, clock } = world();
	const open = await startDiscovery({ ...discovery, wanted: { interface: 'wlan0' } }, ports, emit, { observe: () => {} });
	state.networks = [{ ...wlan, name: 'wlan1' }];
	await clock.advance(600_000);
	expect(events.slice(1)).toMatchObject([{ code: 'networkLost', next: expect.stringContaining('--interface wlan1') }]);
	expect(open.fault).toMatchObject({ hint: 'networkLost', words: expect.stringMatching(/^wlan0 has lost its address 192\.168\.1\.20/) });
	state.networks = [wlan];
	await clock.advance(4000);
	expect(events.at(-1)).toMatchObject({ type: 'ready', interface: 'wlan0' });
	expect(open.fault).toBeUndefined();
	await open.close();
});

test('a corrected subnet mask is used from then on', async () => {
	const { ports, emit, state, clock } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.networks = [{ ...wlan, prefix: 16 }];
	await clock.advance(4000);
	expect(state.responder?.options.network.prefix).toBe(16);
	await open.close();
});

describe('in long waits', () => {
	const DEAF = { sendRefused: null, group: false, alone: true };

	test('the sockets are renewed without an event, a new UUID or an interruption', async () => {
		const { ports, emit, events, opened, state, clock } = world();
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(19 * 3_600_000);
		expect(state.renewed).toBe(19 * 12);
		expect(events.map(({ type }) => type)).toEqual(['ready']);
		expect(opened).toHaveLength(2);
		await open.close();
	});

	test('test searches are sent while no device searches', async () => {
		const { ports, emit, events, state, clock } = world();
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		expect(open.tested).toBe(false);
		await clock.advance(12_000);
		expect([state.probed, open.tested]).toEqual([1, true]);
		for (let second = 0; second < 600; second++) {
			state.responder?.search({ from: '192.168.1.33', port: 50_000, target: 'ssdp:all', ignored: 'otherTarget' });
			await clock.advance(1000);
		}
		expect(state.probed).toBe(1);
		expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
		await open.close();
	});

	test('unheard test searches renew the sockets at once, and there is no warning if that helps', async () => {
		const { ports, emit, events, state, clock } = world();
		state.heard = () => (state.renewed === 0 ? DEAF : { ...DEAF, group: true });
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(12_000);
		expect([state.renewed, open.fault]).toEqual([1, undefined]);
		expect(events.map(({ type }) => type)).toEqual(['ready']);
		await open.close();
	});

	test('test searches that stay unheard cause one warning, which names the program that has the port', async () => {
		const { ports, emit, events, state, clock } = world();
		state.heard = () => DEAF;
		state.holders = async () => [{ pid: 123, program: 'Spotify' }];
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(600_000);
		expect(events.slice(1)).toMatchObject([
			{
				type: 'warning',
				code: 'notHeard',
				message: expect.stringContaining('Spotify (process 123)'),
				next: expect.stringContaining('Close'),
			},
		]);
		expect(open.fault).toMatchObject({ hint: 'notHeard', words: expect.stringContaining('wlan0, 192.168.1.20') });
		expect(state.renewed).toBeGreaterThan(5);
		state.heard = () => ({ ...DEAF, group: true });
		await clock.advance(62_000);
		expect([open.fault, open.tested]).toEqual([undefined, true]);
		await open.close();
	});

	test('a real search clears the fault', async () => {
		const { ports, emit, state, clock } = world();
		state.heard = () => DEAF;
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(12_000);
		expect(open.fault?.hint).toBe('notHeard');
		state.responder?.search({ from: '192.168.1.33', port: 50_000, target: 'upnp:rootdevice' });
		await clock.advance(2000);
		expect(open.fault).toBeUndefined();
		await open.close();
	});

	test('the responder is reopened if sockets cannot be opened beside the old ones, but not all the time', async () => {
		const { ports, emit, events, state, clock } = world();
		state.heard = () => DEAF;
		state.renewError = new Error('EADDRINUSE');
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(16_000);
		expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2);
		await clock.advance(280_000);
		expect(events.filter(({ type }) => type === 'ready')).toHaveLength(2);
		await open.close();
	});

	test('closing does not wait for the look-up of a program', async () => {
		const { ports, emit, state, clock } = world();
		state.heard = () => DEAF;
		state.holders = () => new Promise(() => {});
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(10_000);
		await open.close();
	});

	test('no test search is sent on loopback', async () => {
		const { ports, emit, state, clock } = world();
		const lo = { ...wlan, name: 'lo', address: '127.0.0.1', prefix: 8, kind: 'loopback' as const };
		state.networks = [lo];
		const open = await startDiscovery({ ...discovery, network: lo, wanted: { address: '127.0.0.1' } }, ports, emit, { observe: () => {} });
		await clock.advance(600_000);
		expect([state.probed, state.renewed]).toEqual([0, 0]);
		await open.close();
	});
});

test('a failure while reopening is retried and not fatal', async () => {
	const { ports, emit, events, state, clock } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.networks = [];
	await clock.advance(4000);
	state.networks = [wlan];
	state.responderError = new CanonWifiError('portTaken', { port: 1900, address: '192.168.1.20', protocol: 'UDP' });
	await clock.advance(60_000);
	expect(events.filter((event) => event.type === 'warning' && event.code === 'cannotAnswer')).toHaveLength(1);
	state.responderError = undefined;
	await clock.advance(4000);
	expect(events.at(-1)).toMatchObject({ type: 'ready' });
	await open.close();
});

test('a responder that failed is reopened', async () => {
	const { ports, emit, events, state, clock } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.responder?.failed('ENETDOWN');
	await clock.advance(4000);
	expect(events.map(({ type }) => type)).toEqual(['ready', 'warning', 'ready']);
	await open.close();
});

test('an address that has read the description, or is known, is answered before others', async () => {
	const { ports, emit, state } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {}, knows: (address) => address === '192.168.1.45' });
	state.description?.read('192.168.1.33', null);
	const { preferred = () => false } = state.responder?.options ?? {};
	expect(['192.168.1.33', '192.168.1.45', '192.168.1.66'].map(preferred)).toEqual([true, true, false]);
	await open.close();
});

test('an address that was answered lately is expected to read the description', async () => {
	const { ports, emit, state, clock } = world();
	const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
	state.responder?.search({ from: '192.168.1.33', port: 50_000, target: 'upnp:rootdevice' });
	state.responder?.search({ from: '192.168.1.66', port: 50_000, target: 'upnp:rootdevice', ignored: 'tooMany' });
	const { expected = () => false } = state.description?.options ?? {};
	expect(['192.168.1.33', '192.168.1.66'].map(expected)).toEqual([true, false]);
	await clock.advance(10_000);
	expect(expected('192.168.1.33')).toBe(false);
	await open.close();
});

describe('other instances of canon-wifi on this computer', () => {
	test('cause a warning once for each address, after cameras can find this computer', async () => {
		const { ports, emit, events, state, clock } = world();
		state.others.processes = [4711];
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		expect(events[0]).toMatchObject({ type: 'ready' });
		await clock.advance(0);
		expect(events[1]).toMatchObject({
			type: 'warning',
			code: 'otherAnswerer',
			message: 'Another canon-wifi (process 4711) already answers cameras here, on 192.168.1.20.',
		});
		state.responder?.failed('ENETDOWN');
		await clock.advance(4000);
		expect(state.others.looked).toEqual(['192.168.1.20:1900']);
		state.networks = [{ ...wlan, address: '192.168.1.77' }];
		await clock.advance(4000);
		expect(state.others.looked).toEqual(['192.168.1.20:1900', '192.168.1.77:1900']);
		await open.close();
	});

	test('that cannot be looked for cause no warning', async () => {
		const { ports, emit, events, state, clock } = world();
		state.others.processes = new Error('no /proc');
		const open = await startDiscovery(discovery, ports, emit, { observe: () => {} });
		await clock.advance(0);
		expect(events.map(({ type }) => type)).toEqual(['ready']);
		await open.close();
	});
});

describe('several flows at once', () => {
	/** A flow that only remembers what was done to it. */
	function rememberedFlow(problem?: Error) {
		const done: string[] = [];
		const contexts: FlowContext[] = [];
		const flow: DiscoveryFlow = {
			flow: 'eos',
			open: async (context) => {
				if (problem !== undefined) throw problem;
				done.push(`open ${context.network.address}`);
				contexts.push(context);
				return {
					upkeep: async () => void done.push('upkeep'),
					fault: undefined,
					tested: false,
					close: async () => void done.push('close'),
				};
			},
		};
		return { flow, done, contexts };
	}

	test('are each opened, maintained and closed, and report to the same observer', async () => {
		const { ports, emit, clock, state } = world();
		const second = rememberedFlow();
		const seen: string[] = [];
		const both = { ...ports, flows: [...ports.flows, second.flow] };
		const open = await startDiscovery(discovery, both, emit, { observe: ({ from }) => seen.push(from) });
		state.responder?.search({ from: '192.168.1.33', port: 50_000, target: 'upnp:rootdevice' });
		second.contexts[0]?.observe({ type: 'search', from: '192.168.1.44', target: 'upnp:rootdevice', at: 0 });
		expect(seen).toEqual(['192.168.1.33', '192.168.1.44']);
		await clock.advance(2000);
		await open.close();
		expect(second.done).toEqual(['open 192.168.1.20', 'upkeep', 'close']);
	});

	test('are all reopened when one fails', async () => {
		const { ports, emit, clock, opened } = world();
		const second = rememberedFlow();
		const open = await startDiscovery(discovery, { ...ports, flows: [...ports.flows, second.flow] }, emit, { observe: () => {} });
		second.contexts[0]?.failed('ENETDOWN');
		await clock.advance(2000);
		expect(second.done).toEqual(['open 192.168.1.20', 'close', 'open 192.168.1.20']);
		expect(opened.filter((what) => what === 'responder 192.168.1.20')).toHaveLength(2);
		await open.close();
	});

	test('are all closed when one cannot be opened', async () => {
		const { ports, emit, opened } = world();
		const problem = new Error('no socket');
		const both = { ...ports, flows: [...ports.flows, rememberedFlow(problem).flow] };
		await expect(startDiscovery(discovery, both, emit, { observe: () => {} })).rejects.toBe(problem);
		expect(opened.slice(2).sort()).toEqual(['description closed', 'responder closed']);
	});
});
