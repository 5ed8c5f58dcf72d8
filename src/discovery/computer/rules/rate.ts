/** How often neighbours are answered: bounded for each and in all, with some of it kept from those who make noise. */
import { Noise } from './noise.ts';

/** Length of the sliding window in which things are counted. */
const WINDOW_MS = 1000;
/** How long a neighbour that was answered is no newcomer. */
const NEWCOMER_AFTER_MS = 60_000;

export interface RateLimits {
	/** Most in any second for one neighbour. */
	each: number;
	/** Most in any second for all together. */
	all: number;
	/** Neighbours whose questions are counted; of those answered, all of the last minute are remembered. */
	neighbours: number;
}

/** Answers to searches. */
export const ANSWERS: RateLimits = { each: 5, all: 50, neighbours: 1024 };

/** Why somebody is answered. Who has several reasons uses them in this order. */
const REASONS = ['preferred', 'newcomer', 'quiet', 'due', 'asked'] as const;
type Reason = (typeof REASONS)[number];

/** Shares of the total that are kept for each, whoever else asks. The rest goes to whoever comes first. */
const KEPT: Readonly<Record<Reason, number>> = { preferred: 0.1, newcomer: 0.12, quiet: 0.08, due: 0, asked: 0 };

/** With a little left over, so that all of the total is used: questions do not come when it is their turn. */
const TURN = 0.8;

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

	get last(): number {
		return this.#times.at(this.#next - 1) ?? Number.NEGATIVE_INFINITY;
	}

	/** Whether all of them lie in the window that ends now. */
	spent(now: number): boolean {
		return (this.#times[this.#next] ?? 0) > now - WINDOW_MS;
	}
}

/**
 * Strict limits in any second, however it is cut. Within them those go first who were answered least: somebody whose turn it
 * is, counted from the last answer, comes before those who were answered since, and a part is kept for each of three: for
 * those who are known to be cameras, or likely to be (`preferred`), for those who got nothing for a minute, and for those
 * who ask less than half as often as others.
 *
 * What that gives, when all 254 of a usual home network ask as fast as they like: within about six seconds each has had its
 * answer, and whoever comes after that is a newcomer among few and is answered at once. A camera asks once a second. One that
 * is there from the first moment of the noise is answered at its first or second question when the others are much louder
 * than it is, and within those six seconds when they are not; when it has then read the description, it is preferred.
 *
 * What it cannot give: a neighbour that asks as seldom as a camera and has read nothing looks like one, so of hundreds of
 * these each gets its turn and no more. And the sender of a datagram can be made up: in a network of 65,000 addresses, with
 * a new one on every question, everybody is a newcomer and a camera that is not known yet is one of them. One that is
 * `preferred` is answered even then, as far as what makes it so takes more than a datagram: a connection needs a true address.
 */
export class RateLimit {
	readonly #limits: RateLimits;
	readonly #noise: Noise;
	/** In order of the last time. Never more than `all` for each second of `NEWCOMER_AFTER_MS`. */
	readonly #answered = new Map<string, Moments>();
	/** Those in the window, oldest first. */
	readonly #given: { at: number; why: Reason }[] = [];
	/** When a newcomer, and when somebody whose turn it was, went without. */
	#missed = { newcomer: Number.NEGATIVE_INFINITY, due: Number.NEGATIVE_INFINITY };

	constructor(limits: RateLimits) {
		this.#limits = limits;
		this.#noise = new Noise(limits.neighbours);
	}

	/** How many neighbours are remembered now, as asking and as answered. */
	get remembered(): { asking: number; answered: number } {
		return { asking: this.#noise.askers, answered: this.#answered.size };
	}

	/** Whether this neighbour gets one more at `now`, in milliseconds that never go back. Every call counts as asking. */
	take(neighbour: string, now: number, preferred = false): boolean {
		const quiet = this.#noise.asks(neighbour, now);
		this.#forget(now);
		const before = this.#answered.get(neighbour);
		if (before?.spent(now)) return false;
		const newcomer = before === undefined;
		const turn = newcomer || now - before.last >= this.#turnMs;
		const due = turn && now - this.#missed.newcomer >= WINDOW_MS;
		const asked = due || now - Math.max(this.#missed.newcomer, this.#missed.due) >= WINDOW_MS;
		const has: Readonly<Record<Reason, boolean>> = { preferred, newcomer, quiet, due, asked };
		const why = REASONS.find((reason) => has[reason] && this.#hasRoom(reason));
		if (why === undefined) {
			if (newcomer) this.#missed.newcomer = now;
			else if (turn) this.#missed.due = now;
			return false;
		}
		const moments = before ?? new Moments(this.#limits.each);
		moments.add(now);
		this.#answered.delete(neighbour); // and in again at the end
		this.#answered.set(neighbour, moments);
		this.#given.push({ at: now, why });
		return true;
	}

	/** How long it takes until all who ask had one. */
	get #turnMs(): number {
		return (this.#noise.askers / this.#limits.all) * WINDOW_MS * TURN;
	}

	#hasRoom(reason: Reason): boolean {
		const { all } = this.#limits;
		let open = all - this.#given.length;
		for (const other of REASONS) {
			if (other === reason) continue;
			const used = this.#given.filter(({ why }) => why === other).length;
			open -= Math.max(Math.ceil(KEPT[other] * all) - used, 0);
		}
		return open > 0;
	}

	#forget(now: number): void {
		while ((this.#given[0]?.at ?? now) <= now - WINDOW_MS) this.#given.shift();
		for (const [neighbour, moments] of this.#answered) {
			if (moments.last > now - NEWCOMER_AFTER_MS) break;
			this.#answered.delete(neighbour);
		}
	}
}
