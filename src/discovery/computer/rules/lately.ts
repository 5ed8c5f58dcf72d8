/** Addresses that did something lately, in bounded memory. */
export class Lately {
	readonly #ms: number;
	readonly #most: number;
	/** In order of the last time. */
	readonly #at = new Map<string, number>();

	/** `ms`: how long that is lately; `most`: addresses remembered, beyond that the one that was longest ago is forgotten. */
	constructor(ms: number, most: number) {
		this.#ms = ms;
		this.#most = most;
	}

	get size(): number {
		return this.#at.size;
	}

	/** `now`: milliseconds that never go back. */
	did(address: string, now: number): void {
		this.#at.delete(address); // and in again at the end
		this.#at.set(address, now);
		for (const [oldest, at] of this.#at) {
			if (at > now - this.#ms && this.#at.size <= this.#most) break;
			this.#at.delete(oldest);
		}
	}

	has(address: string, now: number): boolean {
		return (this.#at.get(address) ?? Number.NEGATIVE_INFINITY) > now - this.#ms;
	}
}
