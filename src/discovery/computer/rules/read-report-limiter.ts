/** Which reads of the description are reported. */

import { RateLimit } from './rate-limit.ts';
import { RecentAddresses } from './recent-addresses.ts';

/** Further reads reported. A camera reads once each time it looks for its computer. */
const REPORT_LIMITS = { each: 2, all: 20, neighbours: 256 };
/** After this long without a read, an address's next read counts as its first again, in milliseconds. */
const FIRST_AFTER_MS = 600_000;
/** Readers remembered. An address cannot be forged here as in a datagram, because reading takes a TCP connection. */
const READERS = 4096;

/** Whether to report one read. */
export interface ReadDecision {
	report: boolean;
	/** Reads that were not reported since the last report; absent when there were none. */
	suppressed?: number | undefined;
}

/** Limits how many reads of one description are reported. */
export class ReadReportLimiter {
	readonly #readers = new RecentAddresses(FIRST_AFTER_MS, READERS);
	readonly #reports = new RateLimit(REPORT_LIMITS);
	#suppressed = 0;

	/** Decides about one read. The first read of an address is always reported. @param now monotonic milliseconds */
	decide(from: string, now: number): ReadDecision {
		const first = !this.#readers.has(from, now);
		this.#readers.add(from, now);
		if (!this.#reports.take(from, now) && !first) {
			this.#suppressed++;
			return { report: false };
		}
		const suppressed = this.#suppressed;
		this.#suppressed = 0;
		return { report: true, suppressed: suppressed || undefined };
	}
}
