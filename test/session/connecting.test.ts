import { describe, expect, test } from 'vitest';
import { CanonWifiError, Stopped } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';

import { type ConnectingHooks, type ConnectingRequest, connect } from '#session/connecting.ts';
import { type AttemptEnd, lastingSession } from '../support/attempt.ts';
import { discovery, scriptedClient, session, world } from '../support/flow-world.ts';

const job = {
	port: 15740,
	args: [],
	identity: discovery.identity,
	name: 'studio',
	os: 'auto',
	unlock: 'auto',
	keepalive: 'auto',
	purpose: 'session',
	talk: 'events',
} as const;

function start(script: readonly (AttemptEnd | Error)[], changes: Partial<ConnectingRequest> = {}, hooks: ConnectingHooks = {}) {
	const here = world();
	const client = scriptedClient(script);
	const stop = new AbortController();
	const request: ConnectingRequest = {
		discovery,
		wanted: {},
		client,
		job,
		limitMs: 120_000,
		reconnect: false,
		hintAfterMs: 20_000,
		...changes,
	};
	const ended = connect(request, here.ports, here.emit, stop.signal, hooks);
	// Looked at in the end; until then nobody waits for it.
	ended.catch(() => {});
	return { ...here, client, stop, ended };
}

const attempts = (events: readonly Event[]) =>
	events.flatMap((event) => (event.type === 'attempt' && event.outcome !== undefined ? [event.outcome] : []));

describe('a camera that comes', () => {
	test('is reported once it is certain, and is handed to the client', async () => {
		const { cameraAppears, clock, ended, client, types, opened } = start([session]);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1000);
		expect(await ended).toMatchObject({ camera: { address: '192.168.1.45', matchedBy: 'description' }, end: { exitCode: 0 } });
		expect(client.jobs.map(({ address }) => address)).toEqual(['192.168.1.45']);
		expect(types()).toEqual(['ready', 'search', 'description', 'camera', 'attempt', 'connected', 'ended']);
		expect(opened.slice(-2).sort()).toEqual(['description closed', 'responder closed']);
	});

	test('that is Canon’s, was given with --camera or is at its last address is answered before others, even before it has read anything', async () => {
		const { state, clock, stop, ended } = start([session], { wanted: { address: '192.168.1.99' }, lastAddress: '192.168.1.77' });
		await clock.advance(0);
		state.macs.set('192.168.1.45', '2c:9e:fc:01:02:03').set('192.168.1.66', '02:00:00:00:00:01');
		for (const from of ['192.168.1.45', '192.168.1.66']) state.responder?.search({ from, port: 50_000, target: 'upnp:rootdevice' });
		await clock.advance(10);
		const { preferred = () => false } = state.responder?.options ?? {};
		expect(['192.168.1.45', '192.168.1.66', '192.168.1.77', '192.168.1.99'].map(preferred)).toEqual([true, false, true, true]);
		stop.abort(new Stopped('SIGINT'));
		await expect(ended).rejects.toThrow();
	});

	test('refuses until SET is pressed, and every attempt is reported, half a second to three seconds apart', async () => {
		const refused: AttemptEnd = { outcome: 'refused' };
		const { cameraAppears, clock, ended, client, events } = start([
			refused,
			refused,
			{ outcome: 'rejected', reason: 1 },
			refused,
			refused,
			refused,
			session,
		]);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1000);
		expect(client.jobs).toHaveLength(1);
		await clock.advance(499);
		expect(client.jobs).toHaveLength(1);
		await clock.advance(1);
		expect(client.jobs).toHaveLength(2);
		for (let n = 3; n <= 7; n++) {
			await clock.advance(3000);
			expect(client.jobs.length).toBeGreaterThanOrEqual(n);
		}
		await ended;
		expect(attempts(events)).toEqual(['refused', 'refused', 'rejected', 'refused', 'refused', 'refused']);
	});

	test('refuses, and what the client says about it is reported', async () => {
		const said = 'no PTP/IP: packet type 825110831 does not exist';
		const { cameraAppears, clock, ended, events } = start([{ outcome: 'refused', said }, { outcome: 'rejected', reason: 1 }, session]);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(10_000);
		await ended;
		const failed = events.filter((event) => event.type === 'attempt' && event.outcome !== undefined);
		expect(failed).toEqual([
			{ type: 'attempt', number: 1, tool: 'builtin', address: '192.168.1.45', outcome: 'refused', said },
			{ type: 'attempt', number: 2, tool: 'builtin', address: '192.168.1.45', outcome: 'rejected', reason: 1 },
		]);
	});

	test('is tried again at once when it searches again, but never sooner than half a second', async () => {
		const { cameraAppears, clock, client } = start([{ outcome: 'refused' }]);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(10_000);
		const before = client.jobs.length;
		// In the middle of the longest pause:
		while (client.jobs.length === before) await clock.advance(100);
		await clock.advance(600);
		cameraAppears('192.168.1.45');
		await clock.advance(1);
		expect(client.jobs).toHaveLength(before + 2);
	});

	test('that never accepts this computer is given up, with the last refusal in the error', async () => {
		for (const [outcome, code] of [
			['refused', 'cameraRefused'],
			['rejected', 'cameraRefused'],
			['noAnswer', 'cameraSilent'],
		] as const) {
			const said = outcome === 'rejected' ? 'Init Fail, reason 1' : undefined;
			const { cameraAppears, clock, ended, opened } = start([{ outcome, ...(said && { said }) }], { limitMs: 10_000 });
			await clock.advance(0);
			cameraAppears('192.168.1.45');
			await clock.advance(15_000);
			await expect(ended).rejects.toMatchObject({ code, message: expect.stringContaining(said ?? '') });
			expect(opened).toContain('responder closed');
		}
	});

	test('that is not a camera is reported as such, because nobody could press SET on it', async () => {
		const { cameraAppears, clock, ended } = start([{ outcome: 'refused', said: 'no PTP/IP: it answered HTTP' }], { limitMs: 10_000 });
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(15_000);
		await expect(ended).rejects.toMatchObject({
			code: 'cameraRefused',
			message: 'Something answers at 192.168.1.45, but not like a camera: it answered HTTP.',
			next: expect.stringContaining('--camera ADDRESS'),
		});
	});

	test('that accepts the connection and stays silent is given up at the limit', async () => {
		const { cameraAppears, clock, ended, client } = start([], { limitMs: 10_000 });
		client.connect = (_job, _emit, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(10_000);
		await expect(ended).rejects.toMatchObject({ code: 'cameraSilent', exitCode: 75 });
	});

	test('whose session lasts longer than the limit is left alone', async () => {
		const { cameraAppears, clock, client, stop, ended } = start([], { limitMs: 10_000 });
		let closed = false;
		client.connect = async () =>
			lastingSession(session.learnt, () => {
				closed = true;
				return session;
			});
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1_000_000);
		expect(closed).toBe(false);
		stop.abort(new Stopped('SIGINT'));
		await expect(ended).rejects.toBeInstanceOf(Stopped);
	});

	test('is given up at an error that no other attempt can cure', async () => {
		const { cameraAppears, clock, ended } = start([new CanonWifiError('toolFailed', { tool: 'gphoto2', said: 'nothing' })]);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1000);
		await expect(ended).rejects.toMatchObject({ code: 'toolFailed' });
	});
});

describe('when no camera comes', () => {
	test('the likely cause is reported after 20 s, and the error after the limit', async () => {
		const hints: string[] = [];
		const { clock, ended } = start([session], { limitMs: 30_000 }, { onStillWaiting: ({ hint }) => hints.push(hint) });
		await clock.advance(19_999);
		expect(hints).toEqual([]);
		await clock.advance(1);
		expect(hints).toEqual(['nothingHeard']);
		await clock.advance(10_000);
		await expect(ended).rejects.toMatchObject({ code: 'noCamera', exitCode: 75 });
	});

	test('the error says that this computer would hear cameras, if that was tested', async () => {
		const { clock, ended } = start([session], { limitMs: 30_000 });
		ended.catch(() => {});
		await clock.advance(30_000);
		await expect(ended).rejects.toMatchObject({ next: expect.stringContaining("This computer's own test search arrived") });
	});

	test('because nothing can be heard, the hint says so', async () => {
		const hints: string[] = [];
		const { clock, ended, state } = start([session], { limitMs: 30_000 }, { onStillWaiting: ({ hint }) => hints.push(hint) });
		ended.catch(() => {});
		state.heard = () => ({ sendRefused: null, group: false, alone: true });
		await clock.advance(30_000);
		expect(hints).toEqual(['notHeard']);
		await expect(ended).rejects.toMatchObject({ next: expect.stringContaining('did not arrive through the multicast group') });
	});

	test('because the network is gone, the hint and the error name the interface that was lost', async () => {
		const hints: string[] = [];
		const { clock, ended, state } = start([session], { limitMs: 30_000 }, { onStillWaiting: ({ words }) => hints.push(words) });
		ended.catch(() => {});
		state.networks = [];
		await clock.advance(30_000);
		const named = expect.stringMatching(/^wlan0 has lost its address 192\.168\.1\.20/);
		expect(hints).toEqual([named]);
		await expect(ended).rejects.toMatchObject({ code: 'noCamera', next: named });
	});

	test('a camera that searches from outside the network is reported once when it shows, and in the error', async () => {
		const hints: string[] = [];
		const { clock, ended, state } = start([session], { limitMs: 300_000 }, { onStillWaiting: ({ hint }) => hints.push(hint) });
		await clock.advance(30_000);
		for (let second = 0; second < 200; second++) {
			state.responder?.search({ from: '192.168.2.45', port: 50_000, target: 'upnp:rootdevice', ignored: 'otherSubnet' });
			await clock.advance(1000);
		}
		expect(hints).toEqual(['nothingHeard', 'outside']);
		ended.catch(() => {});
		await clock.advance(100_000);
		await expect(ended).rejects.toMatchObject({ code: 'noCamera', next: expect.stringMatching(/^192\.168\.2\.45 searches/) });
	});

	test('Ctrl-C ends the waiting and closes everything', async () => {
		const { clock, ended, stop, opened } = start([session]);
		await clock.advance(5000);
		stop.abort(new Stopped('SIGINT'));
		await clock.advance(0);
		await expect(ended).rejects.toMatchObject({ exitCode: 130 });
		expect(opened).toContain('description closed');
	});
});

describe('a camera that searches although it has a session', () => {
	const LEARNT = { model: 'Canon PowerShot TEST', serial: '1', firmware: null, chdk: false, os: null } as const;
	/** A client whose session lasts until it is told to stop. */
	const lasting = (here: ReturnType<typeof start>, { throws = false } = {}) => {
		const sessions: string[] = [];
		here.client.connect = async (job) => {
			sessions.push(job.address);
			return lastingSession(LEARNT, () => {
				if (throws && sessions.length === 1) throw new Error('the connection is gone');
				return session;
			});
		};
		return sessions;
	};
	const whys = (events: readonly Event[]) => events.flatMap((event) => (event.type === 'lost' ? [event.why] : []));

	test.each([false, true])(
		'has left it: that is told, the client ended, and the next round begins at once (it throws: %s)',
		async (throws) => {
			const here = start([], { reconnect: true });
			const sessions = lasting(here, { throws });
			await here.clock.advance(0);
			here.cameraAppears('192.168.1.45');
			await here.clock.advance(1000);
			expect(sessions).toHaveLength(1);
			await here.clock.advance(10_000);
			here.cameraAppears('192.168.1.45');
			await here.clock.advance(5000);
			expect(whys(here.events)).toEqual(['it searches for a computer again, so it has left the session']);
			expect(sessions).toEqual(['192.168.1.45', '192.168.1.45']);
			here.stop.abort(new Stopped('SIGINT'));
			await expect(here.ended).rejects.toBeInstanceOf(Stopped);
		},
	);

	test('ends the program without --reconnect', async () => {
		const here = start([]);
		lasting(here);
		await here.clock.advance(0);
		here.cameraAppears('192.168.1.45');
		await here.clock.advance(10_000);
		const search = () => here.state.responder?.search({ from: '192.168.1.45', port: 50_000, target: 'upnp:rootdevice' });
		search();
		await here.clock.advance(300);
		search();
		expect(whys(here.events)).toEqual([]);
		await here.clock.advance(1000);
		search();
		await here.clock.advance(0);
		expect(await here.ended).toMatchObject({ end: { lost: expect.stringContaining('searches') } });
	});

	test('keeps its session if it does so soon after SET, or if another device does', async () => {
		const here = start([]);
		lasting(here);
		await here.clock.advance(0);
		here.cameraAppears('192.168.1.45');
		await here.clock.advance(1500);
		for (let n = 0; n < 4; n++) {
			here.cameraAppears('192.168.1.45');
			await here.clock.advance(1000);
		}
		await here.clock.advance(10_000);
		for (let n = 0; n < 4; n++) {
			here.cameraAppears('192.168.1.46');
			await here.clock.advance(1000);
		}
		expect(whys(here.events)).toEqual([]);
		here.stop.abort(new Stopped('SIGINT'));
		await here.clock.advance(0);
		await expect(here.ended).rejects.toBeInstanceOf(Stopped);
	});
});

describe('--camera', () => {
	test('waits a moment for a sign and then tries anyway, because a connected camera no longer searches', async () => {
		const { clock, ended, client } = start([session], { wanted: { address: '192.168.1.45' } });
		await clock.advance(2999);
		expect(client.jobs).toHaveLength(0);
		await clock.advance(1);
		await ended;
		expect(client.jobs[0]?.address).toBe('192.168.1.45');
	});

	test('ignores another camera', async () => {
		const { clock, client, cameraAppears, ended } = start([session], { wanted: { address: '192.168.1.45' } });
		await clock.advance(0);
		cameraAppears('192.168.1.46');
		cameraAppears('192.168.1.45');
		await clock.advance(0);
		await ended;
		expect(client.jobs.map(({ address }) => address)).toEqual(['192.168.1.45']);
	});
});

describe('--reconnect', () => {
	test('waits for the camera to show itself again, and runs the tool again', async () => {
		const { cameraAppears, clock, client, stop, ended } = start([session], { reconnect: true, limitMs: Number.POSITIVE_INFINITY });
		await clock.advance(0);
		for (let round = 1; round <= 3; round++) {
			cameraAppears('192.168.1.45');
			await clock.advance(1000);
			expect(client.jobs).toHaveLength(round);
			await clock.advance(600_000);
			expect(client.jobs).toHaveLength(round);
		}
		stop.abort(new Stopped('SIGINT'));
		await expect(ended).rejects.toBeInstanceOf(Stopped);
	});

	test('reports that the camera has not come back yet', async () => {
		const hints: string[] = [];
		const { cameraAppears, clock, ended } = start(
			[session],
			{ reconnect: true, limitMs: 30_000 },
			{ onStillWaiting: ({ words }) => hints.push(words) },
		);
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(25_000);
		expect(hints).toEqual([expect.stringMatching(/^The camera has not reconnected\./)]);
		await clock.advance(10_000);
		await expect(ended).rejects.toMatchObject({ code: 'noCamera', next: expect.stringMatching(/^The camera has not reconnected\./) });
	});

	test('stops trying a camera that refuses and then leaves, and waits for it again', async () => {
		const { cameraAppears, clock, client, stop } = start([{ outcome: 'refused' }], { reconnect: true, limitMs: Number.POSITIVE_INFINITY });
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(50_000);
		const meanwhile = client.jobs.length;
		await clock.advance(10_000);
		expect(client.jobs.length).toBeGreaterThan(meanwhile); // its user may take a while to press SET
		await clock.advance(10_000);
		const then = client.jobs.length;
		await clock.advance(600_000);
		expect(client.jobs).toHaveLength(then);
		cameraAppears('192.168.1.46');
		await clock.advance(2000);
		expect(client.jobs.at(-1)?.address).toBe('192.168.1.46');
		stop.abort(new Stopped('SIGINT'));
	});

	test('waits longer and longer after sessions that break at once', async () => {
		const broken: AttemptEnd = { ...session, lost: 'reset' } as AttemptEnd;
		const { cameraAppears, clock, client, stop } = start([broken], { reconnect: true, wanted: { mac: 'aa:aa:aa:aa:aa:aa' } });
		await clock.advance(0);
		const starts: number[] = [];
		for (let tick = 0; tick < 600; tick++) {
			const before = client.jobs.length;
			cameraAppears('192.168.1.45');
			await clock.advance(100);
			if (client.jobs.length > before) starts.push(clock.now());
		}
		stop.abort(new Stopped('SIGINT'));
		const gaps = starts.slice(1).map((at, n) => at - (starts[n] ?? 0));
		expect(gaps.length).toBeGreaterThanOrEqual(4);
		expect(gaps.every((gap, n) => n === 0 || gap > (gaps[n - 1] ?? 0))).toBe(true);
	});
});

test('--tool none finds the camera and starts nothing', async () => {
	const found: string[] = [];
	const { cameraAppears, clock, ended } = start([], { client: null }, { onCamera: ({ address }) => void found.push(address) });
	await clock.advance(0);
	cameraAppears('192.168.1.45');
	await clock.advance(1000);
	expect(await ended).toMatchObject({ learnt: null, end: null });
	expect(found).toEqual(['192.168.1.45']);
});
