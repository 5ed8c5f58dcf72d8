/** Limits bytes per second, as a slow radio does. */

/** How much may be sent at once after a pause, in milliseconds at the rate. */
const BURST_MS = 20;
/** One slice takes about this long, so that data is sent evenly and not in bursts. */
const SLICE_MS = 10;

/** Computes how long to wait between writes. */
export class RateLimiter {
	readonly #bytesPerMs: number;
	/** When everything let through so far would have been sent. */
	#busyUntil = Number.NEGATIVE_INFINITY;

	/** `rate` is in bytes per second, above 0. */
	constructor(rate: number) {
		this.#bytesPerMs = rate / 1000;
	}

	/** How many bytes should be sent at once. */
	get slice(): number {
		return Math.max(1448, Math.floor(this.#bytesPerMs * SLICE_MS));
	}

	/** Returns the milliseconds to wait after sending this many bytes at `now`. */
	delay(bytes: number, now: number): number {
		this.#busyUntil = Math.max(this.#busyUntil, now - BURST_MS) + bytes / this.#bytesPerMs;
		return Math.max(0, this.#busyUntil - now);
	}
}
