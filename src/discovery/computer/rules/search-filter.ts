/** Which searches are answered, and which ignored ones are reported. */
import type { Ignored } from '#contract/events.ts';
import { mayBeNeighbour, type NetworkInterface, type Subnet } from '#network/rules/networks.ts';
import { asksForUs } from '#protocol/ssdp/message.ts';
import { ANSWERS, RateLimit } from './rate-limit.ts';

/** The responder's surroundings. */
export interface LanContext {
	/** This computer's addresses. */
	own: ReadonlySet<string>;
	/** Networks whose hosts are answered. */
	subnets: readonly (Subnet & Pick<NetworkInterface, 'onLink'>)[];
	/** Whether this computer's own searches are answered too. */
	answerOwn: boolean;
	/** Whether this address is a known or likely camera. It is answered before others when there are too many. */
	preferred?: ((address: string) => boolean) | undefined;
}

/** What to do about one search. */
export interface SearchDecision {
	/** Why it gets no answer; absent when it gets one. */
	ignored?: Ignored | undefined;
	/** Whether to report it. Reports of ignored searches are rate-limited, so that a flood of searches causes no flood of events. */
	report: boolean;
	/** Ignored searches that were not reported since the last report; absent when there were none. */
	suppressed?: number | undefined;
}

/** Ignored searches reported: enough to see who makes noise. */
const REPORT_LIMITS = { each: 2, all: 20, neighbours: 256 };

/** Decides about the searches that one responder hears. */
export class SearchFilter {
	readonly #answers = new RateLimit(ANSWERS);
	readonly #reports = new RateLimit(REPORT_LIMITS);
	#suppressed = 0;

	/** Decides about one search. @param now monotonic milliseconds */
	decide(from: string, target: string, now: number, lan: LanContext): SearchDecision {
		const ignored = this.#whyIgnored(from, target, now, lan);
		if (ignored === undefined) return { report: true };
		if (!this.#reports.take(from, now, lan.preferred?.(from))) {
			this.#suppressed++;
			return { ignored, report: false };
		}
		const suppressed = this.#suppressed;
		this.#suppressed = 0;
		return { ignored, report: true, suppressed: suppressed || undefined };
	}

	#whyIgnored(from: string, target: string, now: number, lan: LanContext): Ignored | undefined {
		if (lan.own.has(from)) {
			if (!lan.answerOwn) return 'ownAddress';
		} else if (!lan.subnets.some((subnet) => mayBeNeighbour(subnet, from))) return 'otherSubnet';
		if (!asksForUs(target)) return 'otherTarget';
		return this.#answers.take(from, now, lan.preferred?.(from)) ? undefined : 'tooMany';
	}
}
