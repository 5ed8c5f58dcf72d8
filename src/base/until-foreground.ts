/** Waiting for the terminal's foreground. A program that reads the terminal in the background is stopped by the system. */
import type { ForegroundCheck } from './foreground.ts';

/** Time between two checks, in milliseconds. */
const LOOK_MS = 500;

/** Resolves when we are in the foreground or the signal is aborted. Calls `onWait` once if it has to wait. */
export async function untilForeground(
	stay: ForegroundCheck,
	sleep: (ms: number, signal: AbortSignal) => Promise<void>,
	signal: AbortSignal,
	onWait: () => void,
): Promise<void> {
	if (stay() !== undefined) return;
	onWait();
	while (stay() === undefined && !signal.aborted) await sleep(LOOK_MS, signal);
}
