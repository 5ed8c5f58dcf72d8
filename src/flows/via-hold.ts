/** The chosen client on a camera that a running hold has: the same as on the camera itself, and leaving it loses nothing. */
import { pauseBeforeAttempt, refusal } from '../core/attempts.ts';
import { CanonWifiError } from '../core/errors.ts';
import type { Emit, Event, Learnt } from '../core/events.ts';
import { reachedAt } from '../core/hold/listen.ts';
import type { HeldStatus } from '../core/hold/status.ts';
import type { AttemptEnd, Client, Clock, Job } from './ports.ts';

export interface ViaHoldRequest {
	held: HeldStatus;
	client: Client;
	job: Omit<Job, 'address' | 'port'>;
	/** How long to wait for the hold to have its camera, in milliseconds. */
	limitMs: number;
	/** Begin again after each session. */
	reconnect: boolean;
}

/** The job as it is on the held camera: the hold keeps it awake and gives its screen back. */
export function jobViaHold(job: Omit<Job, 'address' | 'port'>, held: Pick<HeldStatus, 'address' | 'port'>): Job {
	return { ...job, address: reachedAt(held.address), port: held.port, unlock: 'never', keepalive: 'never' };
}

/** Returns when the last session has ended. Throws `noCamera` when the hold has none in time, or the signal's reason. */
export async function connectViaHold(
	{ held, client, job: given, limitMs, reconnect }: ViaHoldRequest,
	{ clock }: { clock: Clock },
	emit: Emit,
	signal: AbortSignal,
	onConnected: (learnt: Learnt) => void,
): Promise<Extract<AttemptEnd, { outcome: 'session' }>> {
	const job = jobViaHold(given, held);
	const tell = (event: Event) => {
		// What the client leaves to the hold is no failure of its.
		if (event.type === 'unlock' && !event.done) return;
		if (event.type !== 'connected') return emit(event);
		onConnected(event);
		emit({ ...event, via: 'hold' });
	};
	for (;;) {
		const began = clock.now();
		for (let number = 1; ; number++) {
			signal.throwIfAborted();
			const attempt = { type: 'attempt', number, tool: client.tool, address: job.address } as const;
			emit(attempt);
			const end = await client.attempt(job, tell, signal);
			if (end.outcome === 'session') {
				emit({ type: 'ended', tool: client.tool, exitCode: end.exitCode, signal: end.signal });
				signal.throwIfAborted();
				if (!reconnect) return end;
				await clock.sleep(pauseBeforeAttempt(1), signal);
				break;
			}
			signal.throwIfAborted();
			emit({ ...attempt, ...refusal(end) });
			const pause = pauseBeforeAttempt(number);
			if (clock.now() - began + pause > limitMs)
				throw new CanonWifiError('noCamera', {
					seconds: Math.round((clock.now() - began) / 1000),
					hint: 'A hold runs but has no camera: choose the connection on the camera; `canon-wifi status` shows more.',
				});
			await clock.sleep(pause, signal);
		}
	}
}
