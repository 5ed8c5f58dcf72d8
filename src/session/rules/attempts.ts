/** When to try again, and what to report about a failed attempt. */
import { CanonWifiError } from '#contract/errors.ts';
import type { EventOf, Refusal } from '#contract/events.ts';

/**
 * Returns the pause after a refused attempt, in milliseconds. Attempts are at least 0.5 s apart, so that a busy camera is not
 * flooded, and at most 3 s, so that we connect within 3 s after SET is pressed.
 */
export function pauseBeforeAttempt(failed: number): number {
	return Math.min(500 + 250 * Math.max(0, failed - 1), 2000);
}

/** A camera that refuses and was not heard for this long has left, and is waited for again. In milliseconds. */
export const UNHEARD_MS = 60_000;

/** A session shorter than this ended by a fault rather than by the user. In milliseconds. */
export const SHORT_SESSION_MS = 10_000;

/**
 * Returns the pause before the next session under --reconnect, in milliseconds.
 * @param shortOnes number of sessions in a row that ended within `SHORT_SESSION_MS`
 */
export function pauseBeforeReconnect(shortOnes: number): number {
	return shortOnes === 0 ? 0 : Math.min(1000 * 2 ** (shortOnes - 1), 30_000);
}

/** Makes the error for when the time is up, from the last attempt and what the camera or the tool said then. */
export function gaveUp(
	last: { outcome: Refusal; said?: string | undefined },
	address: string,
	attempts: number,
	seconds: number,
): CanonWifiError {
	return last.outcome === 'noAnswer'
		? new CanonWifiError('cameraSilent', { address, seconds })
		: new CanonWifiError('cameraRefused', { address, attempts, seconds, said: last.said });
}

/** The fields that a refusal adds to the `attempt` event. */
export function refusal(end: {
	outcome: Refusal;
	reason?: number | undefined;
	said?: string | undefined;
}): Pick<EventOf<'attempt'>, 'outcome' | 'reason' | 'said'> {
	const { outcome, reason, said = '' } = end;
	return { outcome, reason, said: said || undefined };
}
