/** When to try again, and what is told of an attempt that failed. Pure: counts and milliseconds in, milliseconds out. */
import { CanonWifiError } from '#contract/errors.ts';
import type { EventOf, Refusal } from '#contract/events.ts';

/**
 * Pause between the end of one refused attempt and the next one. Attempts stay at least 0.5 s and at most 3 s
 * apart, so that a camera whose user presses SET is connected within 3 s, and one that is still busy is not pressed.
 */
export function pauseBeforeAttempt(failed: number): number {
	return Math.min(500 + 250 * Math.max(0, failed - 1), 2000);
}

/** A camera that refuses and of which nothing is heard for so long has left: it is waited for anew, in milliseconds. */
export const UNHEARD_MS = 60_000;

/** A session shorter than this ended by a fault rather than by the user. */
export const SHORT_SESSION_MS = 10_000;

/**
 * Pause before the camera is looked for again under --reconnect.
 * @param shortOnes sessions in a row that ended within `SHORT_SESSION_MS`
 */
export function pauseBeforeReconnect(shortOnes: number): number {
	return shortOnes === 0 ? 0 : Math.min(1000 * 2 ** (shortOnes - 1), 30_000);
}

/** Why no further attempt is made: what the last one came to, with what the camera or the tool said then. */
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

/** What the `attempt` event of a failed attempt tells beyond its beginning. */
export function refusal(end: {
	outcome: Refusal;
	reason?: number | undefined;
	said?: string | undefined;
}): Pick<EventOf<'attempt'>, 'outcome' | 'reason' | 'said'> {
	const { outcome, reason, said = '' } = end;
	return { outcome, ...(reason === undefined ? {} : { reason }), ...(said === '' ? {} : { said }) };
}
