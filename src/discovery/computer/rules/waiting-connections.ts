/** Which connections to the description server are kept while they have not sent a request. */

/** How many connections may wait. */
export interface ConnectionLimits {
	all: number;
	/** From one address. */
	each: number;
}

/**
 * `all` is twice the number of addresses in a home network. When all are taken, some address holds several, so an address with
 * a single connection is safe, however fast the others reconnect.
 */
export const CONNECTIONS: ConnectionLimits = { all: 512, each: 16 };

/** Who holds a connection. */
interface Holder {
	address: string;
	expected: boolean;
}

/**
 * The connections that have not sent a request yet. A new one is never turned away, because it may be the camera. When there
 * are too many, one is closed that belongs to an address with the most connections. Unexpected addresses come before expected
 * ones and older connections before newer ones, because a camera sends its request as soon as it has connected.
 */
export class WaitingConnections<C> {
	readonly #limits: ConnectionLimits;
	/** Oldest first. */
	readonly #waiting = new Map<C, Holder>();
	readonly #held = new Map<string, number>();

	constructor(limits: ConnectionLimits = CONNECTIONS) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#waiting.size;
	}

	/** Adds a connection. Returns the one to close for it, if any. @param expected this address has searched lately */
	enter(connection: C, address: string, expected = false): C | undefined {
		this.#waiting.set(connection, { address, expected });
		const held = (this.#held.get(address) ?? 0) + 1;
		this.#held.set(address, held);
		if (held > this.#limits.each) return this.#close((holder) => holder.address === address);
		if (this.#waiting.size <= this.#limits.all) return undefined;
		const most = Math.max(...this.#held.values());
		const holdsMost = (holder: Holder) => this.#held.get(holder.address) === most;
		return this.#close((holder) => holdsMost(holder) && !holder.expected) ?? this.#close(holdsMost);
	}

	/** Removes a connection that has sent its request or is gone. */
	leave(connection: C): void {
		const address = this.#waiting.get(connection)?.address;
		if (address === undefined) return;
		this.#waiting.delete(connection);
		const held = (this.#held.get(address) ?? 1) - 1;
		if (held > 0) this.#held.set(address, held);
		else this.#held.delete(address);
	}

	/** Picks the oldest that matches; never the one that has just come. */
	#close(whose: (holder: Holder) => boolean): C | undefined {
		let left = this.#waiting.size;
		for (const [connection, holder] of this.#waiting) {
			if (--left === 0 || !whose(holder)) continue;
			this.leave(connection);
			return connection;
		}
		return undefined;
	}
}
