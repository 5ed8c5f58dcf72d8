/** Which searches are answered and which of the others are told of. Pure: the clock is handed in. */
import type { Ignored } from '#contract/events.ts';
import { mayBeNeighbour, type NetworkInterface, type Subnet } from '#network/rules/networks.ts';
import { asksForUs } from '#protocol/ssdp/message.ts';
import { ANSWERS, RateLimit } from './rate.ts';

/** Where the responder stands. */
export interface Surroundings {
	/** This computer's addresses. */
	own: ReadonlySet<string>;
	/** Networks whose hosts are answered. */
	subnets: readonly (Subnet & Pick<NetworkInterface, 'onLink'>)[];
	/** Whether this computer's own searches are answered too. */
	answerOwn: boolean;
	/** Who is known to be a camera, or likely to be: answered before others when there are too many. */
	preferred?: ((address: string) => boolean) | undefined;
}

/** What is to be done about one search. */
export interface Verdict {
	/** Why it gets no answer; absent when it gets one. */
	ignored?: Ignored;
	/** Whether to tell of it. Of many ignored ones only some are told, so that a flood of searches is no flood of events. */
	tell: boolean;
	/** Ignored searches not told of since the last one that was; only when there were any. */
	untold?: number;
}

/** Ignored searches told of: enough to see who makes noise. */
const TOLD = { each: 2, all: 20, neighbours: 256 };

/** Judges the searches of one responder, one after the other. */
export class Judge {
	readonly #answers = new RateLimit(ANSWERS);
	readonly #told = new RateLimit(TOLD);
	#untold = 0;

	/** `now`: milliseconds that never go back. */
	judge(from: string, target: string, now: number, around: Surroundings): Verdict {
		const ignored = this.#whyIgnored(from, target, now, around);
		if (ignored === undefined) return { tell: true };
		if (!this.#told.take(from, now, around.preferred?.(from))) {
			this.#untold++;
			return { ignored, tell: false };
		}
		const untold = this.#untold;
		this.#untold = 0;
		return { ignored, tell: true, ...(untold > 0 ? { untold } : {}) };
	}

	#whyIgnored(from: string, target: string, now: number, around: Surroundings): Ignored | undefined {
		if (around.own.has(from)) {
			if (!around.answerOwn) return 'ownAddress';
		} else if (!around.subnets.some((subnet) => mayBeNeighbour(subnet, from))) return 'otherSubnet';
		if (!asksForUs(target)) return 'otherTarget';
		return this.#answers.take(from, now, around.preferred?.(from)) ? undefined : 'tooMany';
	}
}
