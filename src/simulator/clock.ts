/** Time as the camera sees it; handed in, so that a test can turn it forward. */

export interface SimulatorClock {
	/** Milliseconds since some fixed moment. */
	now(): number;
	/** The time of day on the camera's clock. */
	date(): Date;
	/** Calls `then` once after `ms`. The answer calls it off; calling it off late is fine. */
	after(ms: number, then: () => void): () => void;
}

/** Milliseconds, about 24 days: Node takes what is longer for 1. */
const LONGEST_TIMER = 2 ** 31 - 1;

export const realClock: SimulatorClock = {
	now: () => performance.now(),
	date: () => new Date(),
	after: (ms, then) => {
		let timer: NodeJS.Timeout;
		const wait = (left: number): void => {
			timer = setTimeout(() => (left > LONGEST_TIMER ? wait(left - LONGEST_TIMER) : then()), Math.min(left, LONGEST_TIMER));
		};
		wait(ms);
		return () => clearTimeout(timer);
	},
};
