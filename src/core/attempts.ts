/** When to try again. Pure: counts and milliseconds in, milliseconds out. */

/**
 * Pause between the end of one refused attempt and the next one. Attempts stay at least 0.5 s and at most 3 s
 * apart, so that a camera whose user presses SET is connected within 3 s, and one that is still busy is not pressed.
 */
export function pauseBeforeAttempt(failed: number): number {
	return Math.min(500 + 250 * Math.max(0, failed - 1), 2000);
}

/** A session shorter than this ended by a fault rather than by the user. */
export const SHORT_SESSION_MS = 10_000;

/**
 * Pause before the camera is looked for again under --reconnect.
 * @param shortOnes sessions in a row that ended within `SHORT_SESSION_MS`
 */
export function pauseBeforeReconnect(shortOnes: number): number {
	return shortOnes === 0 ? 0 : Math.min(1000 * 2 ** (shortOnes - 1), 30_000);
}
