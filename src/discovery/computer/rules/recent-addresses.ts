/** A set of addresses that forgets the ones not added lately, in bounded memory. */
export class RecentAddresses {
	readonly #ms: number;
	readonly #most: number;
	/** Address to the time when it was last added, in that order. */
	readonly #at = new Map<string, number>();

	/**
	 * @param ms how long an address is remembered, in milliseconds
	 * @param most addresses remembered; beyond that the one added longest ago is forgotten
	 */
	constructor(ms: number, most: number) {
		this.#ms = ms;
		this.#most = most;
	}

	get size(): number {
		return this.#at.size;
	}

	/** Adds an address, or renews it. @param now monotonic milliseconds */
	add(address: string, now: number): void {
		this.#at.delete(address); // to insert it again at the end
		this.#at.set(address, now);
		for (const [oldest, at] of this.#at) {
			if (at > now - this.#ms && this.#at.size <= this.#most) break;
			this.#at.delete(oldest);
		}
	}

	/** Whether the address was added lately. */
	has(address: string, now: number): boolean {
		return (this.#at.get(address) ?? Number.NEGATIVE_INFINITY) > now - this.#ms;
	}
}
