/** When to unlock the camera's screen: after an operation that blackened it, while the clients pause. */
import { PTP_MODE_SETTLE_MS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';

const BLACKENS: ReadonlySet<number> = new Set([
	OPERATION.getObjectHandles,
	OPERATION.mtpGetObjectPropsSupported,
	OPERATION.eosSetRemoteMode,
]);

/** The screen stays black at most this long while clients keep the camera busy, in milliseconds. */
const LONGEST_BLACK_MS = 5000;

/** Whether an operation puts a PowerShot into "PTP mode", with a black screen and locked buttons. */
export function blackens(code: number): boolean {
	return BLACKENS.has(code);
}

/** What decides when to unlock. Times are milliseconds of one clock. */
export interface UnlockTimer {
	/** When it was first and last blackened since the last unlock; absent while it is not black. */
	black?: { first: number; last: number } | undefined;
	/** When the last operation of any client ended. */
	lastOperation: number;
	/** Not before this time, because the last try was not possible. */
	notBefore: number;
}

/** Returns the timer after an operation that ended at `now`. */
export function afterOperation(timer: UnlockTimer, code: number, now: number): UnlockTimer {
	const black = blackens(code) ? { first: timer.black?.first ?? now, last: now } : timer.black;
	return { ...timer, black, lastOperation: now };
}

/**
 * When to unlock. Returns undefined when there is nothing to unlock. The firmware's own mode change takes 250 ms (chdkptp), and
 * a pause of that length means that the client is not in the middle of a burst.
 */
export function unlockAt({ black, lastOperation, notBefore }: UnlockTimer): number | undefined {
	if (black === undefined) return undefined;
	const settled = black.last + PTP_MODE_SETTLE_MS;
	const quiet = lastOperation + PTP_MODE_SETTLE_MS;
	return Math.max(settled, Math.min(quiet, black.first + LONGEST_BLACK_MS), notBefore);
}
