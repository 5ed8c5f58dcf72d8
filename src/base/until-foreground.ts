/** Waiting until the terminal is ours: who reads it in the background is stopped by the system. */
import type { ForegroundCheck } from './foreground.ts';

/** How often it is looked whether it is, in milliseconds. */
const LOOK_MS = 500;

/** Resolves as soon as we are in the foreground, at once if we are, or when the signal is aborted. `onWait` is called once if it is to be waited for. */
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
