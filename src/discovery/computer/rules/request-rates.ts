/** How often each neighbour asks, compared with the others. */

/** A request counts less the older it is: about a third (1/e) after this long, in milliseconds. */
const MEMORY_MS = 5000;
/** Below typical means: less than this share of the typical rate. */
const BELOW_TYPICAL = 0.5;
/** Weight of one request in the typical rate, which so follows a change within some dozen requests. */
const WEIGHT = 1 / 16;
/** A neighbour that was silent for this long is forgotten, in milliseconds. */
const GONE_MS = 10_000;

/** Counts the requests of each neighbour, in bounded memory. */
export class RequestRates {
	readonly #most: number;
	/** In order of the last request. */
	readonly #neighbours = new Map<string, { count: number; at: number }>();
	/** The count of recent senders, averaged over requests: loud neighbours count more than many quiet ones. */
	#typical = 0;

	/** @param most neighbours remembered; beyond that the one silent for longest is forgotten */
	constructor(most: number) {
		this.#most = most;
	}

	/** Number of neighbours that asked lately. */
	get size(): number {
		return this.#neighbours.size;
	}

	/** Counts a request at `now` (monotonic milliseconds). Returns whether this neighbour asks less often than is typical. */
	record(neighbour: string, now: number): boolean {
		const before = this.#neighbours.get(neighbour);
		const count = 1 + (before === undefined ? 0 : before.count * Math.exp((before.at - now) / MEMORY_MS));
		this.#neighbours.delete(neighbour); // to insert it again at the end
		this.#neighbours.set(neighbour, { count, at: now });
		for (const [silent, { at }] of this.#neighbours) {
			if (at > now - GONE_MS && this.#neighbours.size <= this.#most) break;
			this.#neighbours.delete(silent);
		}
		const belowTypical = count < this.#typical * BELOW_TYPICAL;
		this.#typical += (count - this.#typical) * WEIGHT;
		return belowTypical;
	}
}
