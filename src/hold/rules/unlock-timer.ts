/** When the camera's screen is given back: after an operation that blackened it, in a pause of the clients. */
import { PTP_MODE_SETTLE_MS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';

const BLACKENS: ReadonlySet<number> = new Set([
	OPERATION.getObjectHandles,
	OPERATION.mtpGetObjectPropsSupported,
	OPERATION.eosSetRemoteMode,
]);

/** Clients that keep the camera busy do not keep its screen black for longer than this, in milliseconds. */
const LONGEST_BLACK_MS = 5000;

/** Whether an operation takes a PowerShot into "PTP mode": black screen, keys locked. */
export function blackens(code: number): boolean {
	return BLACKENS.has(code);
}

/** Times in milliseconds of one clock. */
export interface UnlockTimer {
	/** The first operation since the last unlock that blackened it, and the last one; absent: it is not black. */
	black?: { first: number; last: number } | undefined;
	/** The end of the last operation of any client. */
	lastOperation: number;
	/** Not before this: something was in the way the last time. */
	notBefore: number;
}

/** The screen after an operation ended at `now`. */
export function afterOperation(screen: UnlockTimer, code: number, now: number): UnlockTimer {
	const black = blackens(code) ? { first: screen.black?.first ?? now, last: now } : screen.black;
	return { ...screen, black, lastOperation: now };
}

/**
 * When to unlock; nothing when there is nothing to unlock. The firmware's own change takes 250 ms (chdkptp), and a pause
 * of that length says that the client is not in the middle of a burst.
 */
export function unlockAt({ black, lastOperation, notBefore }: UnlockTimer): number | undefined {
	if (black === undefined) return undefined;
	const settled = black.last + PTP_MODE_SETTLE_MS;
	const quiet = lastOperation + PTP_MODE_SETTLE_MS;
	return Math.max(settled, Math.min(quiet, black.first + LONGEST_BLACK_MS), notBefore);
}
