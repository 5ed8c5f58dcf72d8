/** A profile stays the camera's that it was made for. */
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONNECT } from '#commands/connect/flags.ts';
import { type ConnectContext, run as connect } from '#commands/connect/run.ts';
import { PAIR, type PairCall } from '#commands/pair/flags.ts';
import { type PairContext, run as pair } from '#commands/pair/run.ts';
import type { CameraInfo, Event } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { newProfile, type Profile } from '#contract/profile.ts';
import type { Client } from '#session/client.ts';
import { attempted, lastingSession } from '../support/attempt.ts';
import { world } from '../support/flow-world.ts';
import { noFlags } from './no-flags.ts';
import { savedSettings } from './saved.ts';

const ONE = { mac: '2c:9e:fc:00:00:01', serial: '111', address: '192.168.1.41' };
const TWO = { mac: '2c:9e:fc:00:00:02', serial: '222', address: '192.168.1.42' };
const flags = { ...noFlags(CONNECT), timeout: 60 };

let settings: ReturnType<typeof savedSettings>;
beforeEach(() => {
	settings = savedSettings();
});
afterEach(() => fs.rmSync(settings.home, { recursive: true, force: true }));

const known = (id: string, camera: { mac: string | null; serial: string | null }): Profile => ({
	...newProfile(id, new Date(0)),
	model: 'Canon PowerShot OLD',
	mac: camera.mac,
	serial: camera.serial,
	os: 'vxworks',
});

/** Everything that a command is given, on a network where the cameras come that are told to. */
function surroundings(serialOf = (address: string): string | null => (address === ONE.address ? '111' : '222')) {
	const here = world();
	const asked: string[] = [];
	const infoOf = (address: string): CameraInfo => ({
		model: 'Canon PowerShot NEW',
		serial: serialOf(address),
		firmware: null,
		chdk: null,
		os: null,
	});
	/** Our own session, which lasts until it is closed. */
	const proxies: PairContext['proxies'] = {
		open: async ({ address, port }) => ({
			address,
			port,
			status: () => ({ address, port }) as HeldStatus,
			close: async () => {},
			connect: async (job) => {
				const learnt = infoOf(job.address);
				return lastingSession(learnt, () => ({ exitCode: null, signal: null, learnt }));
			},
		}),
	};
	const client: Client = {
		tool: 'builtin',
		path: null,
		version: '1',
		describe: (job) => job.address,
		wantsTerminal: () => false,
		connect: async ({ address }) => {
			asked.push(address);
			return attempted({ outcome: 'session', exitCode: 0, signal: null, learnt: infoOf(address) });
		},
	};
	const deps: ConnectContext & PairContext = {
		...settings.deps,
		...here.ports,
		emit: here.emit,
		columnsNow: () => 80,
		prompt: undefined,
		terminal: false,
		signal: new AbortController().signal,
		hostname: 'studio',
		platform: 'linux',
		tools: {
			client: async () => client,
			find: async () => ({ tool: 'builtin', state: 'usable', path: null, version: null, note: '', next: '' }),
		},
		holds: { list: async () => [], announce: async () => ({ close: async () => {} }) },
		proxies,
		pid: 1,
		legacyUuidFile: () => undefined,
		endLeftovers: async () => [],
		configDir: undefined,
		commands: [PAIR],
	};
	const comes = async ({ mac, address }: { mac: string | null; address: string }) => {
		await here.clock.advance(0);
		if (mac !== null) here.state.macs.set(address, mac);
		here.cameraAppears(address);
		await here.clock.advance(1500);
	};
	const warnings = () => here.events.filter((event): event is Extract<Event, { type: 'warning' }> => event.type === 'warning');
	return { ...here, deps, asked, comes, warnings };
}

describe.each([
	['through our session', {}],
	['with --via direct', { via: 'direct' }],
] as const)('pair %s with the name of a saved camera', (_, how) => {
	const flags: PairCall['flags'] = { ...noFlags(PAIR), timeout: 60, ...how };

	const serials = () => settings.deps.profiles.list().map(({ id, serial, mac }) => [id, serial, mac]);

	test.each([ONE.mac, null])('refuses another camera, and leaves the saved one unchanged (MAC %s)', async (mac) => {
		const { deps, comes } = surroundings();
		settings.deps.profiles.save(known('one', { ...ONE, mac }));
		const ending = pair({ profile: 'one', flags }, deps);
		ending.catch(() => {});
		await comes(TWO);
		await expect(ending).rejects.toMatchObject({
			code: 'usage',
			exitCode: 64,
			message: expect.stringContaining('"one" is another camera (Canon PowerShot OLD, serial 111)'),
			next: expect.stringContaining('canon-wifi profiles remove one'),
		});
		expect(serials()).toEqual([['one', '111', mac]]);
	});

	test('says that this camera is already saved under another name', async () => {
		const { deps, comes } = surroundings();
		settings.deps.profiles.save(known('one', ONE));
		settings.deps.profiles.save(known('two', TWO));
		const ending = pair({ profile: 'one', flags }, deps);
		ending.catch(() => {});
		await comes(TWO);
		await expect(ending).rejects.toMatchObject({ next: expect.stringContaining('canon-wifi connect two') });
	});

	test('compares the MAC when there is no tool', async () => {
		const { deps, comes } = surroundings();
		settings.deps.profiles.save(known('one', ONE));
		const ending = pair({ profile: 'one', flags: { ...flags, tool: 'none' } }, deps);
		ending.catch(() => {});
		await comes(TWO);
		await expect(ending).rejects.toMatchObject({ exitCode: 64 });
		expect(serials()).toEqual([['one', '111', ONE.mac]]);
	});

	test('pairs the same camera again, and one about which nothing was known', async () => {
		for (const before of [ONE, { mac: null, serial: null }]) {
			const { deps, comes } = surroundings();
			settings.deps.profiles.save(known('one', before));
			const ending = pair({ profile: 'one', flags }, deps);
			await comes(ONE);
			expect(await ending).toMatchObject({ exitCode: 0 });
			expect(serials()).toEqual([['one', '111', ONE.mac]]);
		}
	});
});

describe('pair without a name', () => {
	const zeros = '0'.repeat(32);

	test.each([
		['zeros', () => zeros, true],
		['zeros, and no MAC is known', () => zeros, false],
		['nothing', () => null, true],
		['f', () => 'F'.repeat(32), false],
	])('two cameras of one model whose serial number is %s get a profile each', async (_, serialOf, macs) => {
		for (const camera of [ONE, TWO]) {
			const { deps, comes } = surroundings(serialOf);
			const ending = pair({ profile: undefined, flags: { ...noFlags(PAIR), timeout: 60 } }, deps);
			await comes(macs ? camera : { ...camera, mac: null });
			expect(await ending).toMatchObject({ exitCode: 0 });
		}
		expect(settings.deps.profiles.list().map(({ id, lastAddress }) => [id, lastAddress])).toEqual([
			['new', ONE.address],
			['new-2', TWO.address],
		]);
	});

	test('updates the same camera, recognised by its MAC too', async () => {
		for (const _ of [1, 2]) {
			const { deps, comes } = surroundings(() => zeros);
			const ending = pair({ profile: undefined, flags: { ...noFlags(PAIR), timeout: 60 } }, deps);
			await comes(ONE);
			await ending;
		}
		expect(settings.deps.profiles.list().map(({ id }) => id)).toEqual(['new']);
	});
});

describe('connect with the name of a saved camera', () => {
	test('leaves another saved camera alone with one warning, and takes the right one when it comes', async () => {
		const { deps, comes, asked, warnings } = surroundings();
		settings.deps.profiles.save(known('one', ONE));
		settings.deps.profiles.save(known('two', TWO));
		const ending = connect({ profile: 'two', flags, rest: ['info'] }, deps);
		await comes(ONE);
		await comes(ONE);
		expect(asked).toEqual([]);
		expect(warnings().map(({ code, message }) => [code, message])).toEqual([
			['otherCamera', 'The camera at 192.168.1.41 is "one", not "two", so it is left alone.'],
		]);
		await comes(TWO);
		expect(await ending).toMatchObject({ exitCode: 0 });
		expect(asked).toEqual([TWO.address]);
	});

	test('says at the end that only another camera came', async () => {
		const { clock, comes, deps, warnings } = surroundings();
		settings.deps.profiles.save(known('one', ONE));
		settings.deps.profiles.save(known('two', TWO));
		const ending = connect({ profile: 'two', flags, rest: ['info'] }, deps);
		ending.catch(() => {});
		await comes(ONE);
		await clock.advance(60_000);
		const next = expect.stringMatching(/^Only "one" \(192\.168\.1\.41\) came, not "two"\. Choose this computer on "two"/);
		await expect(ending).rejects.toMatchObject({ code: 'noCamera', exitCode: 75, next });
		expect(warnings().at(-1)).toMatchObject({ code: 'stillWaiting', next });
	});

	test('takes another camera if --camera names it, or if nothing is known about the MAC', async () => {
		for (const [more, camera] of [
			[{ camera: ONE.address }, ONE],
			[{}, { ...TWO, mac: '2c:9e:fc:00:00:09' }],
			[{}, { ...TWO, mac: null }],
		] as const) {
			const { deps, comes, asked } = surroundings();
			settings.deps.profiles.save(known('one', ONE));
			settings.deps.profiles.save(known('two', { ...TWO, mac: null }));
			const ending = connect({ profile: 'two', flags: { ...flags, ...more }, rest: ['info'] }, deps);
			await comes(camera);
			expect(await ending).toMatchObject({ exitCode: 0 });
			expect(asked).toEqual([camera.address]);
		}
	});

	test('changes no profile when only the serial number shows that it is another camera', async () => {
		const { deps, comes, warnings } = surroundings();
		settings.deps.profiles.save(known('one', { ...ONE, mac: null }));
		const ending = connect({ profile: 'one', flags, rest: ['info'] }, deps);
		await comes(TWO);
		expect(await ending).toMatchObject({ exitCode: 0 });
		expect(warnings().map(({ code }) => code)).toEqual(['otherCamera']);
		expect(settings.deps.profiles.get('one')).toEqual(known('one', { ...ONE, mac: null }));
	});

	describe('behind a Wi-Fi repeater, where every device shows its MAC', () => {
		const REPEATER = '50:c7:bf:00:00:01';
		const television = '192.168.1.60';

		test('takes the saved camera and keeps its own MAC, whatever other camera was behind the repeater', async () => {
			const { deps, comes, asked, state, clock, warnings } = surroundings(() => 'A1');
			settings.deps.profiles.save({ ...known('one', { ...ONE, serial: 'A1' }), lastAddress: ONE.address });
			settings.deps.profiles.save({ ...known('two', { ...TWO, mac: REPEATER }), lastAddress: TWO.address });
			const ending = connect({ profile: 'one', flags, rest: ['info'] }, deps);
			await clock.advance(0);
			state.macs.set(television, REPEATER);
			for (const at of [0, 1, 2]) {
				state.responder?.search({ from: television, port: 1900, target: 'ssdp:all' });
				await clock.advance(1000 + at);
				await comes({ mac: REPEATER, address: ONE.address });
			}
			expect(await ending).toMatchObject({ exitCode: 0 });
			expect(asked).toEqual([ONE.address]);
			expect(warnings()).toEqual([]);
			expect(settings.deps.profiles.get('one')).toMatchObject({ mac: ONE.mac, lastAddress: ONE.address });
		});

		test('does not trust the MAC of a router that answers for it', async () => {
			const { deps, comes, asked, ports } = surroundings(() => 'A1');
			deps.networks = { ...ports.networks, routers: async () => [{ address: '192.168.1.1', mac: REPEATER }] };
			settings.deps.profiles.save(known('one', { ...ONE, serial: 'A1' }));
			settings.deps.profiles.save(known('two', { ...TWO, mac: REPEATER }));
			const ending = connect({ profile: 'one', flags, rest: ['info'] }, deps);
			await comes({ mac: REPEATER, address: ONE.address });
			expect(await ending).toMatchObject({ exitCode: 0 });
			expect(asked).toEqual([ONE.address]);
			expect(settings.deps.profiles.get('one')).toMatchObject({ mac: ONE.mac, lastAddress: ONE.address });
		});

		test("trusts the MAC of a camera that is the network's own router", async () => {
			const { deps, comes, ports } = surroundings(() => 'A1');
			deps.networks = { ...ports.networks, routers: async () => [{ address: ONE.address, mac: ONE.mac }] };
			settings.deps.profiles.save(known('one', { mac: null, serial: 'A1' }));
			const ending = connect({ profile: 'one', flags, rest: ['info'] }, deps);
			await comes(ONE);
			await ending;
			expect(settings.deps.profiles.get('one')).toMatchObject({ mac: ONE.mac });
		});
	});
});
