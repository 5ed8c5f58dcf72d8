/** Time and things that are opened: what nearly everything is handed. */

/** Something opened, with one owner who closes it. Closing twice is fine; it never throws. */
export interface Open {
	close(): Promise<void>;
}

export interface Clock {
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** The time of day. */
	date(): Date;
	/** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
