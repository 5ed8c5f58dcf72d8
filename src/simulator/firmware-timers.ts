/** The firmware's timers, on the camera's clock. */
import type { SimulatorClock } from './clock.ts';
import type { TimerName } from './modes/machine.ts';

/** Each timer runs at most once. Starting it again restarts it. */
export class FirmwareTimers {
	readonly #running = new Map<TimerName, () => void>();
	readonly #clock: SimulatorClock;
	readonly #expired: (timer: TimerName) => void;

	constructor(clock: SimulatorClock, expired: (timer: TimerName) => void) {
		this.#clock = clock;
		this.#expired = expired;
	}

	start(timer: TimerName, ms: number): void {
		this.#running.get(timer)?.();
		this.#running.set(
			timer,
			this.#clock.after(ms, () => this.#expired(timer)),
		);
	}

	stop(timer: TimerName): void {
		this.#running.get(timer)?.();
		this.#running.delete(timer);
	}

	stopAll(): void {
		for (const stop of this.#running.values()) stop();
		this.#running.clear();
	}
}
