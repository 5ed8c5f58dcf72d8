/** A limit on bytes a second, as a slow radio has it. */

/** What may be sent at once after a pause, in milliseconds of the rate. */
const BURST_MS = 20;
/** One slice lasts about this long, so that the stream flows instead of bursting. */
const SLICE_MS = 10;

export class RateLimiter {
	readonly #bytesPerMs: number;
	/** When all that was let through would have been sent. */
	#busyUntil = Number.NEGATIVE_INFINITY;

	/** `rate` in bytes a second, above 0. */
	constructor(rate: number) {
		this.#bytesPerMs = rate / 1000;
	}

	/** Bytes that are best sent in one go. */
	get slice(): number {
		return Math.max(1448, Math.floor(this.#bytesPerMs * SLICE_MS));
	}

	/** Milliseconds to wait after sending this many bytes at `now`. */
	delay(bytes: number, now: number): number {
		this.#busyUntil = Math.max(this.#busyUntil, now - BURST_MS) + bytes / this.#bytesPerMs;
		return Math.max(0, this.#busyUntil - now);
	}
}
