/** How often neighbours are answered: bounded for each and in all, and so that noise cannot keep a camera out. */

/** Length of the sliding window in which things are counted. */
const WINDOW_MS = 1000;

export interface RateLimits {
	/** Most in any second for one neighbour. */
	each: number;
	/** Most in any second for all together. */
	all: number;
	/** Neighbours remembered; beyond that the one silent for longest is forgotten. */
	neighbours: number;
}

/** Answers to searches. All 254 neighbours of a usual home network are remembered. */
export const ANSWERS: RateLimits = { each: 5, all: 50, neighbours: 1024 };

/** Share of the total that is kept from neighbours who ask as often as they would be answered, or more often. */
const KEPT_FOR_QUIET = 0.3;

/** The last few moments at which something happened. */
class Moments {
	readonly #times: Float64Array;
	#next = 0;

	constructor(most: number) {
		this.#times = new Float64Array(most).fill(Number.NEGATIVE_INFINITY);
	}

	add(now: number): void {
		this.#times[this.#next] = now;
		this.#next = (this.#next + 1) % this.#times.length;
	}

	/** How many of them lie in the window that ends now. */
	recent(now: number): number {
		let count = 0;
		for (const time of this.#times) if (time > now - WINDOW_MS) count++;
		return count;
	}
}

/**
 * Strict limits in any second, however it is cut. A camera asks a few times and falls silent, so the quieter a neighbour
 * is, the more of the total is open to it: each question that it asked within the last second takes some off. The last
 * slots are thus kept for newcomers, however many make noise.
 */
export class RateLimit {
	readonly #limits: RateLimits;
	readonly #all: Moments;
	readonly #neighbours = new Map<string, { asked: Moments; granted: Moments }>();

	constructor(limits: RateLimits) {
		this.#limits = limits;
		this.#all = new Moments(limits.all);
	}

	/** How many neighbours are remembered now. */
	get remembered(): number {
		return this.#neighbours.size;
	}

	/** Whether this neighbour gets one more at `now`, in milliseconds that never go back. Every call counts as asking. */
	take(neighbour: string, now: number): boolean {
		const { each, all } = this.#limits;
		const { asked, granted } = this.#remember(neighbour);
		const before = asked.recent(now);
		asked.add(now);
		if (granted.recent(now) >= each) return false;
		const open = all - KEPT_FOR_QUIET * all * (before / each);
		if (this.#all.recent(now) >= open) return false;
		granted.add(now);
		this.#all.add(now);
		return true;
	}

	#remember(neighbour: string): { asked: Moments; granted: Moments } {
		const known = this.#neighbours.get(neighbour) ?? { asked: new Moments(this.#limits.each), granted: new Moments(this.#limits.each) };
		this.#neighbours.delete(neighbour); // and in again at the end: the first in the map is the one silent for longest
		this.#neighbours.set(neighbour, known);
		if (this.#neighbours.size > this.#limits.neighbours) {
			const [silent] = this.#neighbours.keys();
			if (silent !== undefined) this.#neighbours.delete(silent);
		}
		return known;
	}
}
