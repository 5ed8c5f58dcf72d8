import { expect, test } from 'vitest';
import type { CameraInfo, Event } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { connectViaHold } from '#hold/via-hold.ts';
import type { Client, Job } from '#session/client.ts';
import { type AttemptEnd, attempted } from '../support/attempt.ts';
import { discovery, handClock, session } from '../support/flow-world.ts';

const held = { id: 'studio', camera: '192.168.1.45', address: '127.0.0.1', port: 15741 } as HeldStatus;
const job: Omit<Job, 'address' | 'port'> = {
	args: ['--summary'],
	identity: discovery.identity,
	name: 'studio',
	os: 'auto',
	unlock: 'always',
	keepalive: 'auto',
	purpose: 'session',
	talk: 'events',
};
const learnt: CameraInfo = { model: 'Canon PowerShot TEST', serial: '1', firmware: '1', chdk: 'present', os: null };

/** A client whose attempts end as told; one that becomes a session says what gphoto2 says. */
function stage(ends: readonly AttemptEnd[], reconnect = false) {
	const clock = handClock();
	const jobs: Job[] = [];
	const events: Event[] = [];
	const known: CameraInfo[] = [];
	const client = {
		tool: 'gphoto2',
		connect: async (given: Job, emit: (event: Event) => void) => {
			const end = ends[Math.min(jobs.length, ends.length - 1)] as AttemptEnd;
			jobs.push(given);
			if (end.outcome !== 'session') return end;
			return { ...attempted(end), info: learnt, begin: () => emit({ type: 'unlock', tool: 'gphoto2', done: false, why: 'off' }) };
		},
	} as unknown as Client;
	const state: { now: Partial<HeldStatus> | undefined } = { now: { state: 'connected', sessions: 1 } };
	const stopping = new AbortController();
	const running = connectViaHold(
		{ held, client, job, limitMs: 5000, reconnect },
		{ clock, status: async () => state.now as HeldStatus | undefined },
		(event) => void events.push(event),
		stopping.signal,
		(one) => void known.push(one),
	);
	running.catch(() => {});
	return { clock, state, jobs, events, known, running, stop: () => stopping.abort(new Error('stopped')) };
}

test('the client gets the hold’s address, and leaves keep-alive and unlocking to the hold', async () => {
	const { clock, jobs, events, known, running } = stage([session]);
	await clock.advance(0);
	expect(await running).toBe(session);
	expect(jobs).toEqual([{ ...job, address: '127.0.0.1', port: 15741, unlock: 'never', keepalive: 'never' }]);
	expect(events.map(({ type }) => type)).toEqual(['attempt', 'connected', 'ended']);
	expect(events[1]).toMatchObject({ via: 'hold', model: 'Canon PowerShot TEST' });
	expect(known).toHaveLength(1);
});

test('a hold without a camera is waited for until the time limit', async () => {
	const { clock, jobs, running } = stage([{ outcome: 'rejected', reason: 2 }]);
	await clock.advance(6000);
	await expect(running).rejects.toMatchObject({ code: 'noCamera', next: expect.stringContaining('status') });
	expect(jobs.length).toBeGreaterThan(2);
});

test('--reconnect starts again in each new session of the hold, not in the same one', async () => {
	const { clock, state, jobs, running, stop } = stage([session], true);
	await clock.advance(60_000);
	expect(jobs).toHaveLength(1);
	state.now = { state: 'waiting', sessions: 1 };
	await clock.advance(60_000);
	expect(jobs).toHaveLength(1);
	state.now = { state: 'connected', sessions: 2 };
	await clock.advance(60_000);
	expect(jobs).toHaveLength(2);
	stop();
	await clock.advance(1000);
	await expect(running).rejects.toThrow('stopped');
});

test('--reconnect ends with the hold', async () => {
	const { clock, state, running } = stage([session], true);
	await clock.advance(5000);
	state.now = undefined;
	await clock.advance(2000);
	await expect(running).rejects.toMatchObject({ code: 'noHold', exitCode: 75 });
});
