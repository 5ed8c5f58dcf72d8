/** Which socket errors are worth setting the responder up again. */

/** Number of failed answers in a row, and the milliseconds they must span, before the socket counts as broken. */
const IN_A_ROW = 3;
const SPAN_MS = 3000;

/**
 * Reports socket errors that last. A single answer that cannot be sent proves little: macOS gives EHOSTUNREACH for neighbours
 * that have gone and for a while after waking up, a firewall gives EPERM, and a changing link gives ENETDOWN.
 */
export class SendErrors {
	readonly #report: (why: string) => void;
	#failures = 0;
	#since = 0;

	constructor(report: (why: string) => void) {
		this.#report = report;
	}

	/** Reports an error that a socket emitted by itself. */
	socketFailed(error: Error): void {
		this.#report(error.message);
	}

	/** Notes whether an answer could be sent at `now` (milliseconds). */
	sent(error: Error | undefined, now: number): void {
		if (error === undefined) {
			this.#failures = 0;
			return;
		}
		if (this.#failures++ === 0) this.#since = now;
		if (this.#failures < IN_A_ROW || now - this.#since < SPAN_MS) return;
		this.#failures = 0;
		this.#report(error.message);
	}
}
