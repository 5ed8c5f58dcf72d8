/** Several streams of one process: for how long nothing was under way on any of them. */
import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 20;

/** Counts the streams that have bytes in hand. */
export class Idle {
	#busy = 0;
	#since = Date.now();

	/** One stream more. To be called with true when it waits for bytes or has ended, with false when it has some in hand. */
	count(): (waiting: boolean) => void {
		let counted = false;
		return (waiting) => {
			if (counted === !waiting) return;
			counted = !waiting;
			this.#busy += waiting ? -1 : 1;
			this.#since = Date.now();
		};
	}

	/** Resolves when all have waited for `ms` together, counted from now. */
	async quietFor(ms: number): Promise<void> {
		this.#since = Date.now();
		while (this.#busy > 0 || Date.now() - this.#since < ms) await sleep(LOOK_MS);
	}
}
