/** The firmware's limits on the camera's clock. */
import type { SimulatorClock } from './clock.ts';
import type { Limit } from './modes/machine.ts';

/** Each limit runs at most once; starting it again begins anew. */
export class Limits {
	readonly #running = new Map<Limit, () => void>();
	readonly #clock: SimulatorClock;
	readonly #expired: (limit: Limit) => void;

	constructor(clock: SimulatorClock, expired: (limit: Limit) => void) {
		this.#clock = clock;
		this.#expired = expired;
	}

	start(limit: Limit, ms: number): void {
		this.#running.get(limit)?.();
		this.#running.set(
			limit,
			this.#clock.after(ms, () => this.#expired(limit)),
		);
	}

	stop(limit: Limit): void {
		this.#running.get(limit)?.();
		this.#running.delete(limit);
	}

	stopAll(): void {
		for (const stop of this.#running.values()) stop();
		this.#running.clear();
	}
}
