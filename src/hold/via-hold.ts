/** Connects the chosen client to a camera through a running hold. The hold keeps its session when the client leaves. */

import type { Clock } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Emit } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { type Attempts, attemptUntilGranted } from '#session/attempts.ts';
import type { Client, Job, SessionEnd } from '#session/client.ts';
import { pauseBeforeAttempt } from '#session/rules/attempts.ts';
import { runSession } from '#session/running.ts';
import { reachedAt } from './rules/listen.ts';

/** Which held camera to use, with what, and how. */
export interface ViaHoldRequest {
	held: HeldStatus;
	client: Client;
	job: Omit<Job, 'address' | 'port'>;
	/** How long to wait until the hold has its camera, in milliseconds. */
	limitMs: number;
	/** Start again in each session that the hold has with the camera. */
	reconnect: boolean;
}

/** The job for the held camera. The hold itself keeps the camera awake and unlocks its screen. */
export function jobViaHold(job: Omit<Job, 'address' | 'port'>, held: Pick<HeldStatus, 'address' | 'port'>): Job {
	return { ...job, address: reachedAt(held.address), port: held.port, unlock: 'never', keepalive: 'never' };
}

/** What connecting through a hold needs. */
export interface ViaHoldPorts {
	clock: Clock;
	/** Reads the held camera's status; undefined when the hold has ended. */
	status(): Promise<HeldStatus | undefined>;
}

/** How often to check whether the hold has its camera back, in milliseconds. */
const CHECK_MS = 1000;

/**
 * Connects, and returns when the last session has ended. Throws `noCamera` when the hold has no camera in time, `noHold` when
 * the hold ended while we waited, or the signal's reason.
 */
export async function connectViaHold(
	{ held, client, job: given, limitMs, reconnect }: ViaHoldRequest,
	{ clock, status }: ViaHoldPorts,
	emit: Emit,
	signal: AbortSignal,
	onConnected: (learnt: CameraInfo) => void,
): Promise<SessionEnd> {
	const job = jobViaHold(given, held);
	// The hold unlocks the camera, so the client must not report that it did not.
	const report: Emit = (event) => {
		if (event.type !== 'unlock' || event.done) emit(event);
	};
	for (;;) {
		const granted = await attemptUntilGranted(attemptsOn(client, job, limitMs, clock), clock, report, signal);
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

function attemptsOn(client: Client, job: Job, limitMs: number, clock: Clock): Attempts {
	return {
		tool: client.tool,
		address: job.address,
		connect: (address, report, within) => client.connect({ ...job, address }, report, within),
		limitMs,
		next: async (failed, stop) => {
			await clock.sleep(pauseBeforeAttempt(failed), stop);
			return job.address;
		},
		gaveUp: (_last, _address, _attempts, seconds) =>
			new CanonWifiError('noCamera', {
				seconds,
				hint: 'A hold runs but has no camera: choose the connection on the camera; `canon-wifi status` shows more.',
			}),
	};
}

/** Waits until the hold has a new session with the camera: a client that leaves a hold does not end the current one. */
async function untilBack(used: number, held: HeldStatus, { clock, status }: ViaHoldPorts, signal: AbortSignal): Promise<void> {
	for (;;) {
		await clock.sleep(CHECK_MS, signal);
		signal.throwIfAborted();
		const now = await status();
		if (now === undefined) throw new CanonWifiError('noHold', { camera: held.id === null ? 'the camera' : `the camera "${held.id}"` });
		if (now.state === 'connected' && now.sessions > used) return;
	}
}
