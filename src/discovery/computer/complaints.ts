/** Which socket errors are worth setting the responder up again. */

/** Answers in a row that could not be sent, and the time they span, before that counts as broken. */
const IN_A_ROW = 3;
const SPAN_MS = 3000;

/**
 * An answer that cannot be sent proves little: macOS says EHOSTUNREACH for neighbours that have gone and for a while after
 * waking up, a firewall says EPERM, a link that is being changed ENETDOWN. It is told only when it goes on.
 */
export class Complaints {
	readonly #tell: (why: string) => void;
	#failures = 0;
	#since = 0;

	constructor(tell: (why: string) => void) {
		this.#tell = tell;
	}

	/** A socket reported an error by itself. */
	broken(error: Error): void {
		this.#tell(error.message);
	}

	/** An answer was sent at `now` (milliseconds), or could not be. */
	sent(error: Error | undefined, now: number): void {
		if (error === undefined) {
			this.#failures = 0;
			return;
		}
		if (this.#failures++ === 0) this.#since = now;
		if (this.#failures < IN_A_ROW || now - this.#since < SPAN_MS) return;
		this.#failures = 0;
		this.#tell(error.message);
	}
}
