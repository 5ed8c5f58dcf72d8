/** Who may keep a connection to the description server. Pure bookkeeping over connections of any kind. */

export interface ConnectionLimits {
	all: number;
	/** Of one address. */
	each: number;
}

/** A camera opens one connection and asks at once, so few are needed, and one that waits is the first to go. */
export const CONNECTIONS: ConnectionLimits = { all: 64, each: 16 };

/**
 * The connections that have not asked anything yet. None is ever turned away at the door: the newest may be the camera.
 * When there are too many, the oldest of those addresses that hold most has to go.
 */
export class WaitingConnections<C> {
	readonly #limits: ConnectionLimits;
	/** Oldest first. */
	readonly #waiting = new Map<C, string>();
	readonly #held = new Map<string, number>();

	constructor(limits: ConnectionLimits = CONNECTIONS) {
		this.#limits = limits;
	}

	get size(): number {
		return this.#waiting.size;
	}

	/** Lets a connection in; returns the one that has to be closed for it, if any. */
	enter(connection: C, address: string): C | undefined {
		this.#waiting.set(connection, address);
		const held = (this.#held.get(address) ?? 0) + 1;
		this.#held.set(address, held);
		if (held > this.#limits.each) return this.#oldestOf((holder) => holder === address);
		if (this.#waiting.size <= this.#limits.all) return undefined;
		const most = Math.max(...this.#held.values());
		return this.#oldestOf((holder) => this.#held.get(holder) === most);
	}

	/** The connection asked something, or is gone. */
	leave(connection: C): void {
		const address = this.#waiting.get(connection);
		if (address === undefined) return;
		this.#waiting.delete(connection);
		const held = (this.#held.get(address) ?? 1) - 1;
		if (held > 0) this.#held.set(address, held);
		else this.#held.delete(address);
	}

	#oldestOf(whose: (holder: string) => boolean): C | undefined {
		for (const [connection, holder] of this.#waiting) {
			if (!whose(holder)) continue;
			this.leave(connection);
			return connection;
		}
		return undefined;
	}
}
