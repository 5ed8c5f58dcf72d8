/** Pairing without a client ends when the camera has been answered after SET too: then it reads the description once more. */

import type { Clock } from '#base/clock.ts';
import type { Event } from '#contract/events.ts';

/** How long SET is waited for. Assumed to be enough for a person with the camera in hand. */
const SET_MS = 60_000;
/** The camera may search and read more than once; it is not left alone in the middle. */
const SETTLE_MS = 2000;

/** Waits until a camera reads the description a second time. */
export class SecondRead {
	readonly #waiting = new Map<string, () => void>();

	/** Takes an event of the run. */
	on(event: Event): void {
		if (event.type === 'description') this.#waiting.get(event.from)?.();
	}

	/** Resolves when this address has read the description once more, or a minute has passed; throws when the run is stopped. */
	async again(address: string, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<void> {
		const read = new AbortController();
		const stop = () => read.abort();
		signal.addEventListener('abort', stop, { once: true });
		this.#waiting.set(address, stop);
		try {
			await clock.sleep(SET_MS, read.signal);
			await clock.sleep(SETTLE_MS, signal);
			signal.throwIfAborted();
		} finally {
			this.#waiting.delete(address);
			signal.removeEventListener('abort', stop);
		}
	}
}
