/** The chosen client on a camera that a running hold has: the same as on the camera itself, and leaving it loses nothing. */

import type { Clock } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit, Learnt } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { attemptUntilGranted } from '#session/attempts.ts';
import type { Client, Job, SessionEnd } from '#session/client.ts';
import { pauseBeforeAttempt } from '#session/rules/attempts.ts';
import { runSession } from '#session/running.ts';
import { reachedAt } from './rules/listen.ts';

export interface ViaHoldRequest {
	held: HeldStatus;
	client: Client;
	job: Omit<Job, 'address' | 'port'>;
	/** How long to wait for the hold to have its camera, in milliseconds. */
	limitMs: number;
	/** Begin again in each session that the hold has with the camera. */
	reconnect: boolean;
}

/** The job as it is on the held camera: the hold keeps it awake and gives its screen back. */
export function jobViaHold(job: Omit<Job, 'address' | 'port'>, held: Pick<HeldStatus, 'address' | 'port'>): Job {
	return { ...job, address: reachedAt(held.address), port: held.port, unlock: 'never', keepalive: 'never' };
}

export interface ViaHoldPorts {
	clock: Clock;
	/** The held camera as it is now; nothing when the hold has ended. */
	status(): Promise<HeldStatus | undefined>;
}

/** How often the hold is asked whether the camera has come back, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Returns when the last session has ended. Throws `noCamera` when the hold has none in time, `noHold` when it ended while a
 * camera was waited for, or the signal's reason.
 */
export async function connectViaHold(
	{ held, client, job: given, limitMs, reconnect }: ViaHoldRequest,
	{ clock, status }: ViaHoldPorts,
	emit: Emit,
	signal: AbortSignal,
	onConnected: (learnt: Learnt) => void,
): Promise<SessionEnd> {
	const job = jobViaHold(given, held);
	// What the client leaves to the hold is no failure of its.
	const tell: Emit = (event) => {
		if (event.type !== 'unlock' || event.done) emit(event);
	};
	const gaveUp = (_last: unknown, _address: string, _attempts: number, seconds: number) =>
		new CanonWifiError('noCamera', {
			seconds,
			hint: 'A hold runs but has no camera: choose the connection on the camera; `canon-wifi status` shows more.',
		});
	for (;;) {
		const granted = await attemptUntilGranted(
			{
				tool: client.tool,
				address: job.address,
				connect: (address, say, within) => client.connect({ ...job, address }, say, within),
				limitMs,
				next: async (failed, stop) => {
					await clock.sleep(pauseBeforeAttempt(failed), stop);
					return job.address;
				},
				gaveUp,
			},
			clock,
			tell,
			signal,
		);
		if (granted === undefined) throw new Error('a hold does not leave');
		/** Which of the hold's sessions the client is in. */
		let used: Promise<number> | undefined;
		let end: SessionEnd;
		if (granted.outcome === 'session') {
			if (reconnect) used = status().then((now) => now?.sessions ?? 0);
			onConnected(granted.info);
			emit({ type: 'connected', tool: client.tool, address: job.address, ...granted.info, via: 'hold' });
			end = await runSession(granted, signal);
		} else end = granted.end;
		emit({ type: 'ended', tool: client.tool, exitCode: end.exitCode, signal: end.signal });
		signal.throwIfAborted();
		if (!reconnect) return end;
		await untilBack((await used) ?? 0, held, { clock, status }, signal);
	}
}

/** The camera is not lost when a client leaves a hold, so it comes again when the hold has a new session with it. */
async function untilBack(used: number, held: HeldStatus, { clock, status }: ViaHoldPorts, signal: AbortSignal): Promise<void> {
	for (;;) {
		await clock.sleep(LOOK_MS, signal);
		signal.throwIfAborted();
		const now = await status();
		if (now === undefined) throw new CanonWifiError('noHold', { camera: held.id === null ? 'the camera' : `the camera "${held.id}"` });
		if (now.state === 'connected' && now.sessions > used) return;
	}
}
