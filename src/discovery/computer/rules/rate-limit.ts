/** How often neighbours are answered: a limit for each and for all, with shares kept for those who make little noise. */
import { RequestRates } from './request-rates.ts';

/** Length of the sliding window in which answers are counted, in milliseconds. */
const WINDOW_MS = 1000;
/** A neighbour without an answer for this long is a newcomer again, in milliseconds. */
const NEWCOMER_AFTER_MS = 60_000;

/** Limits of a `RateLimit`. */
export interface RateLimits {
	/** Maximum in any second for one neighbour. */
	each: number;
	/** Maximum in any second for all together. */
	all: number;
	/** Neighbours whose requests are counted. Of those answered, all of the last minute are remembered. */
	neighbours: number;
}

/** Limits for answers to searches. */
export const ANSWERS: RateLimits = { each: 5, all: 50, neighbours: 1024 };

/** Why a neighbour is answered. A neighbour that is in several tiers uses them in this order. */
const TIERS = ['preferred', 'newcomer', 'belowTypical', 'due', 'anyone'] as const;
type Tier = (typeof TIERS)[number];

/** Shares of the total that are kept for each tier, whoever else asks. The rest goes to whoever comes first. */
const GUARANTEED: Readonly<Record<Tier, number>> = { preferred: 0.1, newcomer: 0.12, belowTypical: 0.08, due: 0, anyone: 0 };

/** A turn comes a little early, because neighbours do not ask exactly when it is their turn and the total would not be used up. */
const TURN = 0.8;

/** The last few times at which something happened. */
class RecentTimes {
	readonly #times: Float64Array;
	#next = 0;

	constructor(most: number) {
		this.#times = new Float64Array(most).fill(Number.NEGATIVE_INFINITY);
	}

	add(now: number): void {
		this.#times[this.#next] = now;
		this.#next = (this.#next + 1) % this.#times.length;
	}

	get last(): number {
		return this.#times.at(this.#next - 1) ?? Number.NEGATIVE_INFINITY;
	}

	/** Whether all of them lie in the window that ends now. */
	isFull(now: number): boolean {
		return (this.#times[this.#next] ?? 0) > now - WINDOW_MS;
	}
}

/**
 * Strict limits in any second, however it is cut. Within them, those who were answered least go first:
 *
 * | tier           | who                                                              | guaranteed share |
 * |----------------|------------------------------------------------------------------|------------------|
 * | `preferred`    | a known or likely camera                                         | 10 %             |
 * | `newcomer`     | not answered for a minute                                        | 12 %             |
 * | `belowTypical` | asks less than half as often as is typical                       | 8 %              |
 * | `due`          | its turn has come since its last answer; no newcomer missed out  | none             |
 * | `anyone`       | everyone else, while no newcomer and nobody due misses out       | none             |
 *
 * When all 254 hosts of a usual home network ask as fast as they can, each is answered within about six seconds. After that a
 * camera that arrives is a newcomer among few and is answered at once. A camera asks once a second: one that was there from
 * the start is answered at its first or second request if the others are much louder, else within those six seconds.
 *
 * Two things cannot be guaranteed. A neighbour that asks as seldom as a camera, and has read nothing, looks like one. And
 * senders of datagrams can be forged: with a new address of 65,000 on each request everyone is a newcomer, and so is an
 * unknown camera. A `preferred` one is still answered, because it got there with a TCP connection, which needs a true address.
 */
export class RateLimit {
	readonly #limits: RateLimits;
	readonly #rates: RequestRates;
	/** In order of the last answer. Never more than `all` for each second of `NEWCOMER_AFTER_MS`. */
	readonly #answered = new Map<string, RecentTimes>();
	/** Answers in the window, oldest first. */
	readonly #given: { at: number; tier: Tier }[] = [];
	/** When a newcomer, and when a neighbour whose turn it was, last missed out. */
	#missed = { newcomer: Number.NEGATIVE_INFINITY, due: Number.NEGATIVE_INFINITY };

	constructor(limits: RateLimits) {
		this.#limits = limits;
		this.#rates = new RequestRates(limits.neighbours);
	}

	/** Number of neighbours remembered now, as asking and as answered. */
	get remembered(): { asking: number; answered: number } {
		return { asking: this.#rates.size, answered: this.#answered.size };
	}

	/** Whether this neighbour gets one more at `now` (monotonic milliseconds). Every call counts as a request. */
	take(neighbour: string, now: number, preferred = false): boolean {
		const belowTypical = this.#rates.record(neighbour, now);
		this.#forget(now);
		const before = this.#answered.get(neighbour);
		if (before?.isFull(now)) return false;
		const newcomer = before === undefined;
		const turn = newcomer || now - before.last >= this.#turnMs;
		const due = turn && now - this.#missed.newcomer >= WINDOW_MS;
		const anyone = due || now - Math.max(this.#missed.newcomer, this.#missed.due) >= WINDOW_MS;
		const isIn: Readonly<Record<Tier, boolean>> = { preferred, newcomer, belowTypical, due, anyone };
		const tier = TIERS.find((one) => isIn[one] && this.#hasRoom(one));
		if (tier === undefined) {
			if (newcomer) this.#missed.newcomer = now;
			else if (turn) this.#missed.due = now;
			return false;
		}
		const times = before ?? new RecentTimes(this.#limits.each);
		times.add(now);
		this.#answered.delete(neighbour); // and in again at the end
		this.#answered.set(neighbour, times);
		this.#given.push({ at: now, tier });
		return true;
	}

	/** How long it takes until everyone who asks has been answered once, in milliseconds. */
	get #turnMs(): number {
		return (this.#rates.size / this.#limits.all) * WINDOW_MS * TURN;
	}

	#hasRoom(tier: Tier): boolean {
		const { all } = this.#limits;
		let open = all - this.#given.length;
		for (const other of TIERS) {
			if (other === tier) continue;
			const used = this.#given.filter((answer) => answer.tier === other).length;
			open -= Math.max(Math.ceil(GUARANTEED[other] * all) - used, 0);
		}
		return open > 0;
	}

	#forget(now: number): void {
		while ((this.#given[0]?.at ?? now) <= now - WINDOW_MS) this.#given.shift();
		for (const [neighbour, times] of this.#answered) {
			if (times.last > now - NEWCOMER_AFTER_MS) break;
			this.#answered.delete(neighbour);
		}
	}
}
