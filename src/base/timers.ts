/** Time as a connection sees it. Handed in, so that tests need not wait for real. */
export interface Timers {
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** Calls `run` once, after `ms` milliseconds. Returns a function that cancels it; cancelling late does nothing. */
	after(ms: number, run: () => void): () => void;
}

/** Longest delay of Node's timers in milliseconds, about 24 days. Node treats a longer one as 1 ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Timers on this computer's clock. */
export const REAL_TIMERS: Timers = {
	now: () => performance.now(),
	after(ms, run) {
		let timer: NodeJS.Timeout;
		const wait = (left: number): void => {
			timer = setTimeout(() => (left > LONGEST_MS ? wait(left - LONGEST_MS) : run()), Math.min(left, LONGEST_MS));
		};
		wait(ms);
		return () => clearTimeout(timer);
	},
};
