/** CHDK's message queues: 16 slots, 15 of them usable. A script can wait for room or for a message. */
import { QUEUE_CAPACITY } from '#protocol/chdk/protocol.ts';
import type { SimulatorClock } from '../clock.ts';

/** How long CHDK waits when a script asks it to wait indefinitely: a day. */
export const INDEFINITE_WAIT_MS = 86_400_000;

/** A message queue. */
export class ScriptQueue<T> {
	readonly #clock: SimulatorClock;
	readonly #waiting: T[] = [];
	/** Checks again whether the waiting can end. */
	#look: (() => void) | undefined;

	constructor(clock: SimulatorClock) {
		this.#clock = clock;
	}

	get length(): number {
		return this.#waiting.length;
	}

	get full(): boolean {
		return this.#waiting.length >= QUEUE_CAPACITY;
	}

	/** Adds a message. Returns false if the queue is full. */
	add(message: T): boolean {
		if (this.full) return false;
		this.#waiting.push(message);
		this.#look?.();
		return true;
	}

	take(): T | undefined {
		const message = this.#waiting.shift();
		this.#look?.();
		return message;
	}

	clear(): void {
		this.#waiting.length = 0;
		this.#look?.();
	}

	/** Adds a message, waiting for room at most `timeoutMs` milliseconds; -1: a day, 0: not at all. */
	addInTime(message: T, timeoutMs: number): Promise<boolean> {
		return this.#inTime(() => this.add(message) || undefined, timeoutMs).then((added) => added === true);
	}

	/** Takes the next message for which `is` holds and drops those before it. Waits as `addInTime` does. */
	takeInTime(is: (message: T) => boolean, timeoutMs: number): Promise<T | undefined> {
		const next = (): T | undefined => {
			for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) if (is(message)) return message;
			return undefined;
		};
		return this.#inTime(next, timeoutMs);
	}

	/** Ends the waiting without a result. */
	giveUp(): void {
		this.#stop();
	}

	#stop = (): void => {};

	#inTime<R>(attempt: () => R | undefined, timeoutMs: number): Promise<R | undefined> {
		this.#stop();
		const result = attempt();
		if (result !== undefined || timeoutMs === 0) return Promise.resolve(result);
		return new Promise((resolve) => {
			const settle = (value: R | undefined): void => {
				this.#look = undefined;
				this.#stop = () => {};
				stopClock();
				resolve(value);
			};
			const stopClock = this.#clock.after(timeoutMs < 0 ? INDEFINITE_WAIT_MS : timeoutMs, () => settle(undefined));
			this.#stop = () => settle(undefined);
			this.#look = () => {
				this.#look = undefined; // the attempt changes the queue itself
				const later = attempt();
				if (later !== undefined) settle(later);
				else this.#look = look;
			};
			const look = this.#look;
		});
	}
}
