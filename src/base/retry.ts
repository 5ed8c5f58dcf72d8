/**
 * Retries file operations that Windows refuses for a moment, because another process is deleting or replacing the file or
 * a virus scanner reads it. Node reports EPERM, EACCES or EBUSY, just as for a folder that this user may not write to, so
 * only time tells the two apart.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from './errors.ts';

/** A refusal that lasts longer than this is permanent, in milliseconds. */
const MOMENT_MS = 500;
const PAUSE_MS = 5;

/** Whether an error may go away in a moment. This only happens on Windows. */
export function isTransient(error: unknown): boolean {
	return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error) ?? '');
}

/** Blocks the whole program for `ms` milliseconds. For saving settings, which is synchronous. */
export function sleepSync(ms: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Decides how long the refusals of one file are tolerated. */
export class RetryWindow {
	readonly #mostMs: number;
	#since: number | undefined;

	constructor(mostMs = MOMENT_MS) {
		this.#mostMs = mostMs;
	}

	/** Throws the error if it is not transient, or if such errors have lasted for too long. */
	check(error: unknown): void {
		this.#since ??= performance.now();
		if (!isTransient(error) || performance.now() - this.#since > this.#mostMs) throw error;
	}

	/** Starts the time anew, because something other than a refusal happened in between. */
	reset(): void {
		this.#since = undefined;
	}
}

/** Does `work`, and repeats it while it fails with a transient error. Blocks the program in between. */
export function withRetrySync<T>(work: () => T): T {
	const refusals = new RetryWindow();
	for (;;) {
		try {
			return work();
		} catch (error) {
			refusals.check(error);
			sleepSync(PAUSE_MS);
		}
	}
}

/** Like `withRetrySync`, for asynchronous work. */
export async function withRetry<T>(work: () => Promise<T>, mostMs?: number): Promise<T> {
	const refusals = new RetryWindow(mostMs);
	for (;;) {
		try {
			return await work();
		} catch (error) {
			refusals.check(error);
			await sleep(PAUSE_MS);
		}
	}
}
