/** Who asks more often than others? */

/** Questions weigh less the longer ago they were asked: a third after this long, in milliseconds. */
const MEMORY_MS = 5000;
/** Quiet is who asks less than this share of what is typical. */
const QUIET = 0.5;
/** What one more question counts for in what is typical: it follows a change within some dozen questions. */
const WEIGHT = 1 / 16;
/** Who was silent for this long is not counted any more, in milliseconds. */
const GONE_MS = 10_000;

/** How much each neighbour asks, in bounded memory. */
export class Noise {
	readonly #most: number;
	/** In order of the last question. */
	readonly #asked = new Map<string, { count: number; at: number }>();
	/** What the askers of recent questions had asked, on average over the questions: the loud count more than the many. */
	#typical = 0;

	/** `most`: neighbours remembered; beyond that the one silent for longest is forgotten. */
	constructor(most: number) {
		this.#most = most;
	}

	/** How many have asked lately. */
	get askers(): number {
		return this.#asked.size;
	}

	/** Notes a question at `now` (milliseconds that never go back), and says whether its asker is quieter than those around it. */
	asks(neighbour: string, now: number): boolean {
		const before = this.#asked.get(neighbour);
		const count = 1 + (before === undefined ? 0 : before.count * Math.exp((before.at - now) / MEMORY_MS));
		this.#asked.delete(neighbour); // and in again at the end
		this.#asked.set(neighbour, { count, at: now });
		for (const [silent, { at }] of this.#asked) {
			if (at > now - GONE_MS && this.#asked.size <= this.#most) break;
			this.#asked.delete(silent);
		}
		const quiet = count < this.#typical * QUIET;
		this.#typical += (count - this.#typical) * WEIGHT;
		return quiet;
	}
}
