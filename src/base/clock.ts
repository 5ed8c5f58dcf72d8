/** Types that nearly everything is handed: the clock, and things that must be closed. */

/** Something open. Its one owner closes it. Closing twice is allowed, and `close` never rejects. */
export interface Open {
	close(): Promise<void>;
}

/** The clock that is handed in, so that tests can replace it. */
export interface Clock {
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** The time of day. */
	date(): Date;
	/** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
