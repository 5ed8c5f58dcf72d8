/** Time as a connection sees it: handed in, so that nobody has to wait for real to see what happens after a while. */
export interface Timers {
	/** Milliseconds that never go back. */
	now(): number;
	/** Runs something once, `ms` milliseconds from now; the function that comes back calls it off. */
	after(ms: number, run: () => void): () => void;
}

/** The time of this computer. */
export const REAL_TIMERS: Timers = {
	now: () => performance.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
};
