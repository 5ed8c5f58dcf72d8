/** Who may keep a connection to the description server. Pure bookkeeping over connections of any kind. */

export interface ConnectionLimits {
	all: number;
	/** Of one address. */
	each: number;
}

/**
 * Twice as many as a home network has addresses: when all are taken some address holds several, so that one that holds
 * a single connection is safe from all the others, however fast they come back.
 */
export const CONNECTIONS: ConnectionLimits = { all: 512, each: 16 };

interface Holder {
	address: string;
	expected: boolean;
}

/**
 * The connections that have not asked anything yet. None is ever turned away at the door: the newest may be the camera.
 * When there are too many, one of those addresses that hold most has to go: of an unexpected address before that of an
 * expected one, and the oldest first, since a camera asks as soon as it has connected.
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

	/** Lets a connection in; returns the one that has to be closed for it, if any. `expected`: this address has searched lately. */
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

	/** The connection asked something, or is gone. */
	leave(connection: C): void {
		const address = this.#waiting.get(connection)?.address;
		if (address === undefined) return;
		this.#waiting.delete(connection);
		const held = (this.#held.get(address) ?? 1) - 1;
		if (held > 0) this.#held.set(address, held);
		else this.#held.delete(address);
	}

	/** Closes the oldest of these; never the one that has just come. */
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
