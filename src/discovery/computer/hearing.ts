/**
 * Keeps the responder working during long waits: tests now and then whether searches would be heard, and renews sockets and
 * group memberships. There is a report of a process that searched in vain for 19 hours while a fresh one found the camera
 * within seconds.
 */

import type { Clock } from '#base/clock.ts';
import type { Warning } from '#contract/warnings.ts';
import type { OpenResponder, OtherHolders } from '../ports.ts';
import { judgeHearing, notHeard } from './rules/hearing.ts';

/** The first test comes before the first hint; then one follows every minute without a search. In milliseconds. */
const FIRST_PROBE_MS = 10_000;
const PROBE_MS = 60_000;
/** Sockets are renewed at least this often, in milliseconds. */
export const RENEW_MS = 300_000;
/** Time limit for finding the program that has the port, in milliseconds. */
const NAMING_MS = 3000;

/** What a `Hearing` looks after. */
export interface HearingOptions {
	responder: OpenResponder;
	interface: string;
	address: string;
	/** SSDP port. */
	port: number;
	clock: Clock;
	holders: OtherHolders;
	signal: AbortSignal;
}

/** Makes sure that one responder hears searches. */
export class Hearing {
	readonly #options: HearingOptions;
	#probeAt: number;
	#renewAt: number;
	#heardAt = Number.NEGATIVE_INFINITY;
	/** Why nothing is heard, if so. */
	fault: Warning<'notHeard'> | undefined;
	/** The last test search was heard. */
	tested = false;

	constructor(options: HearingOptions) {
		this.#options = options;
		const now = options.clock.now();
		this.#probeAt = now + FIRST_PROBE_MS;
		this.#renewAt = now + RENEW_MS;
	}

	/** Notes that a search was heard. */
	heard(): void {
		this.#heardAt = this.#options.clock.now();
		this.fault = undefined;
	}

	/**
	 * Does what is due; call it every few seconds. May take some seconds. Rejects when nothing is heard and new sockets cannot
	 * be opened beside the old ones: then the responder must be opened again.
	 */
	async upkeep(): Promise<void> {
		const { clock, responder } = this.#options;
		const now = clock.now();
		if (now >= this.#probeAt) {
			this.#probeAt = now + PROBE_MS;
			if (now - this.#heardAt >= PROBE_MS) await this.#probe();
		}
		if (now >= this.#renewAt) {
			this.#renewAt = now + RENEW_MS;
			await responder.renew().catch(() => {}); // the old sockets still work
		}
	}

	async #probe(): Promise<void> {
		const { responder, holders, clock, signal } = this.#options;
		let heard = await responder.probe(signal);
		let failed: unknown;
		if (judgeHearing(heard) !== 'hears' && !signal.aborted) {
			this.#renewAt = clock.now() + RENEW_MS;
			await responder.renew().catch((error: unknown) => {
				failed = error;
			});
			heard = await responder.probe(signal);
		}
		if (signal.aborted) return;
		this.tested = judgeHearing(heard) !== 'deaf';
		if (this.tested) {
			this.fault = undefined;
			return;
		}
		const { interface: name, address, port } = this.#options;
		const over = new AbortController();
		const others = await Promise.race([holders(port), clock.sleep(NAMING_MS, AbortSignal.any([signal, over.signal])).then(() => [])]);
		over.abort();
		this.fault = notHeard(heard, { interface: name, address, port, holders: others });
		if (failed !== undefined) throw failed;
	}
}
