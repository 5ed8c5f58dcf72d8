/** Time as the camera sees it; handed in, so that a test can turn it forward. */

export interface SimulatorClock {
	/** Milliseconds since some fixed moment. */
	now(): number;
	/** The time of day on the camera's clock. */
	date(): Date;
	/** Calls `then` once after `ms`. The answer calls it off; calling it off late is fine. */
	after(ms: number, then: () => void): () => void;
}

export const realClock: SimulatorClock = {
	now: () => performance.now(),
	date: () => new Date(),
	after: (ms, then) => {
		const timer = setTimeout(then, ms);
		return () => clearTimeout(timer);
	},
};
