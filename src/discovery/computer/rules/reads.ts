/** Which readings of the description are told of. Pure: the clock is handed in. */
import { Lately } from './lately.ts';
import { RateLimit } from './rate.ts';

/** Further readings told of. A camera reads once each time it looks for its computer. */
const TOLD = { each: 2, all: 20, neighbours: 256 };
/** An address that has read nothing for this long reads for the first time again, in milliseconds. */
const FIRST_AFTER_MS = 600_000;
/** Readers remembered. An address cannot be made up here as it can in a datagram: it takes a connection. */
const READERS = 4096;

/** Whether one reading is to be told of, and how many were not since the last one that was; only when there were any. */
export interface ReadVerdict {
	tell: boolean;
	untold?: number;
}

/** Judges the readings of one description, one after the other. */
export class Reads {
	readonly #readers = new Lately(FIRST_AFTER_MS, READERS);
	readonly #told = new RateLimit(TOLD);
	#untold = 0;

	/** The first reading of an address is always told of. `now`: milliseconds that never go back. */
	judge(from: string, now: number): ReadVerdict {
		const first = !this.#readers.has(from, now);
		this.#readers.did(from, now);
		if (!this.#told.take(from, now) && !first) {
			this.#untold++;
			return { tell: false };
		}
		const untold = this.#untold;
		this.#untold = 0;
		return { tell: true, ...(untold > 0 ? { untold } : {}) };
	}
}
