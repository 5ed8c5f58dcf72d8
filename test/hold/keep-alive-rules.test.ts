/** Upkeep at a camera that is in the way: what is tried again, what is left alone, what is told. */
import { expect, test } from 'vitest';
import type { Event } from '#contract/events.ts';
import { KeepAliveLoop } from '#hold/keep-alive-loop.ts';
import { keepAlivePlan } from '#hold/rules/keep-alive.ts';
import type { SharedConnection } from '#hold/shared-connection.ts';
import { handClock } from '../support/flow-world.ts';

const OK = 0x2001;
const BUSY = 0x2019;
const NOT_SUPPORTED = 0x2005;
const HANDLES = 0x1007;
/** ScriptStatus: bits for a script that runs and for messages that wait. */
const [RUNNING, MESSAGES] = [1, 2];

interface Asked {
	at: number;
	what: 'status' | 'execute' | 'readMessage' | number;
}

/** Upkeep alone, with a camera that answers as the test says. */
function stage(
	answer: (what: Asked['what']) => { code?: number; params?: number[] },
	plan = keepAlivePlan('off', []),
	unlock: 'dryos' | null = 'dryos',
) {
	const clock = handClock();
	const events: Event[] = [];
	const asked: Asked[] = [];
	const connection = {
		lost: undefined,
		transact: async ({ code, params = [] }: { code: number; params?: number[] }) => {
			const what = code !== 0x9999 ? code : params[0] === 8 ? 'status' : params[0] === 7 ? 'execute' : 'readMessage';
			asked.push({ at: clock.now(), what });
			if (asked.length > 10_000) throw new Error('asked without a pause');
			return { code: OK, params: [], total: undefined, received: 0, ...answer(what) };
		},
	};
	const stopping = new AbortController();
	const loop = new KeepAliveLoop({
		shared: { connection, alone: (work: () => Promise<unknown>) => work() } as unknown as SharedConnection,
		plan,
		unlock,
		clock,
		clients: () => 0,
		emit: (event) => void events.push(event),
		signal: stopping.signal,
	});
	const running = loop.run();
	return {
		clock,
		events,
		loop,
		times: (what: Asked['what']) => asked.filter((one) => one.what === what).map(({ at }) => at),
		async end() {
			stopping.abort();
			await running;
		},
	};
}

test('the screen is unlocked a quarter of a second after the last operation, and once for a whole burst', async () => {
	const { clock, loop, times, events, end } = stage((what) => ({ params: [what === 'status' ? 0 : 1, 0] }));
	await clock.advance(10_000);
	expect(times('execute')).toEqual([]);
	for (let n = 0; n < 30; n++) {
		loop.operationOver(HANDLES);
		await clock.advance(10);
	}
	await clock.advance(10_000);
	// The last of the thirty was at 10,290 ms.
	expect(times('execute')).toEqual([10_540]);
	loop.operationOver(HANDLES);
	await clock.advance(10_000);
	expect(times('execute')).toEqual([10_540, 20_550]);
	expect(events).toMatchObject([{ type: 'unlock', done: true }, { type: 'unlock' }]);
	await end();
});

test('a screen that must not be unlocked is left alone', async () => {
	const { clock, loop, times, end } = stage(() => ({}), keepAlivePlan('off', []), null);
	loop.operationOver(HANDLES);
	await clock.advance(60_000);
	expect([...times('status'), ...times('execute')]).toEqual([]);
	await end();
});

test('while a client’s script runs it is checked twice a second, and nothing else is sent', async () => {
	let running = true;
	const { clock, loop, times, events, end } = stage((what) =>
		what === 'status' ? { params: [running ? RUNNING : 0] } : { params: [1, 0] },
	);
	await clock.advance(1000);
	loop.operationOver(HANDLES);
	await clock.advance(20_000);
	expect(times('status').length).toBeGreaterThan(30);
	expect(times('status').length).toBeLessThan(45);
	expect(times('execute')).toEqual([]);
	running = false;
	await clock.advance(600);
	expect(times('execute')).toHaveLength(1);
	expect(events).toMatchObject([{ type: 'unlock', done: true, levent: 4482 }]);
	await end();
});

test('a client’s waiting messages are respected for five seconds, and never read', async () => {
	const { clock, loop, times, events, end } = stage((what) => (what === 'status' ? { params: [MESSAGES] } : { params: [1, 0] }));
	loop.operationOver(HANDLES);
	await clock.advance(5000);
	expect(times('execute')).toEqual([]);
	await clock.advance(1000);
	expect(times('execute')).toHaveLength(1);
	expect(times('readMessage')).toEqual([]);
	expect(events).toMatchObject([{ type: 'unlock', done: true }]);
	await end();
});

test('a client’s script that begins at the same moment delays ours, which does not count as a failure', async () => {
	let begun = 0;
	const { clock, loop, times, events, end } = stage((what) =>
		what === 'execute' ? { params: [9, begun++ < 4 ? 0x1000 : 0] } : { params: [0] },
	);
	loop.operationOver(HANDLES);
	await clock.advance(300);
	expect(events).toEqual([]);
	await clock.advance(4000);
	expect(times('execute')).toHaveLength(5);
	expect(events).toMatchObject([{ type: 'unlock', done: true }]);
	await end();
});

test.each([
	['our own script’s error is taken away, and counts', 7, 3],
	['a message that is not ours is no failure of ours', 8, 1],
])('%s', async (_what, from, tries) => {
	let executed = false;
	const { clock, loop, times, end } = stage((what) => {
		if (what === 'execute') {
			executed = true;
			return { params: [7, 0] };
		}
		if (what === 'readMessage') {
			executed = false;
			return { params: [1, 0, from] };
		}
		return { params: [executed ? MESSAGES : 0] };
	});
	loop.operationOver(HANDLES);
	await clock.advance(10_000);
	expect(times('execute')).toHaveLength(tries);
	expect(times('readMessage')).toHaveLength(tries);
	await end();
});

test('a camera that refuses CHDK three times in a row is left alone, which is reported once', async () => {
	const { clock, loop, times, events, end } = stage(() => ({ code: NOT_SUPPORTED }));
	for (let n = 0; n < 20; n++) {
		loop.operationOver(HANDLES);
		await clock.advance(3000);
	}
	expect(times('status')).toHaveLength(3);
	expect(events.map((event) => (event.type === 'warning' ? event.code : event.type))).toEqual(['unlock', 'unlockFailed']);
	await end();
});

test('a keep-alive operation is sent again when the camera was busy, but not when the camera refused it', async () => {
	let code = BUSY;
	const plan = keepAlivePlan('auto', [0x1004]);
	const { clock, loop, times, events, end } = stage((what) => (what === 0x1004 ? { code } : {}), plan);
	await clock.advance(25_000);
	expect(times(0x1004)).toHaveLength(2);
	expect(times(0x1001)).toEqual([]);
	code = NOT_SUPPORTED;
	await clock.advance(35_000);
	expect(times(0x1004)).toHaveLength(3);
	expect(times(0x1001)).toHaveLength(3);
	expect(loop.lastKeepAlive).toBe('GetDeviceInfo');
	expect(events.every(({ type }) => type === 'keepalive')).toBe(true);
	await end();
});
