/**
 * In long waits nothing may rot: whether searches could be heard is tried now and then, and sockets and group memberships are
 * renewed. A process that had searched in vain for 19 hours, while a fresh one found the camera within seconds, is on record.
 */

import type { Clock } from '#base/clock.ts';
import type { Warning } from '#contract/warnings.ts';
import { judgeHearing, notHeard } from './computer/rules/hearing.ts';
import type { OpenResponder, OtherHolders } from './ports.ts';

/** The first time soon enough for the first hint, then every minute in which nobody searched, in milliseconds. */
const FIRST_PROBE_MS = 10_000;
const PROBE_MS = 60_000;
/** Sockets are renewed at least this often, in milliseconds. */
export const RENEW_MS = 300_000;
/** How long naming the program that has the port may take, in milliseconds. */
const NAMING_MS = 3000;

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

/** Looks after what one responder hears. */
export class Hearing {
	readonly #options: HearingOptions;
	#probeAt: number;
	#renewAt: number;
	#heardAt = Number.NEGATIVE_INFINITY;
	/** Why nothing is heard, if that is so. */
	deaf: Warning<'notHeard'> | undefined;
	/** A search of our own was heard, the last time that one was sent. */
	tested = false;

	constructor(options: HearingOptions) {
		this.#options = options;
		const now = options.clock.now();
		this.#probeAt = now + FIRST_PROBE_MS;
		this.#renewAt = now + RENEW_MS;
	}

	/** Somebody's search was heard. */
	heard(): void {
		this.#heardAt = this.#options.clock.now();
		this.deaf = undefined;
	}

	/**
	 * To be called again and again. Does what is due, which may take some seconds. Rejects when nothing is heard and the
	 * sockets cannot be renewed beside the old ones: then the responder must be opened again.
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
			await responder.renew().catch(() => {}); // the old ones are still there, and they were heard
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
			this.deaf = undefined;
			return;
		}
		const { interface: name, address, port } = this.#options;
		const over = new AbortController();
		const others = await Promise.race([holders(port), clock.sleep(NAMING_MS, AbortSignal.any([signal, over.signal])).then(() => [])]);
		over.abort();
		this.deaf = notHeard(heard, { interface: name, address, port, holders: others });
		if (failed !== undefined) throw failed;
	}
}
