/**
 * What Windows refuses for a moment: a file that another process is just deleting or replacing, or that a virus scanner
 * looks at. Node reports it as EPERM, EACCES or EBUSY, as it does a folder that this user may not write at all; only time
 * tells the two apart.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from './errors.ts';

/** A refusal that lasts this long is meant, in milliseconds. */
const MOMENT_MS = 500;
const PAUSE_MS = 5;

/** Whether this may be over in a moment. Nowhere else than on Windows is it. */
export function isTransient(error: unknown): boolean {
	return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(errnoOf(error) ?? '');
}

/** Stops everything. The ports that save settings are synchronous. */
export function sleepSync(ms: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Refusals of one file, one after the other. */
export class RetryWindow {
	readonly #mostMs: number;
	#since: number | undefined;

	constructor(mostMs = MOMENT_MS) {
		this.#mostMs = mostMs;
	}

	/** Takes one. Throws it when it is no passing one, or has been going on for too long. */
	check(error: unknown): void {
		this.#since ??= performance.now();
		if (!isTransient(error) || performance.now() - this.#since > this.#mostMs) throw error;
	}

	/** Something else came in between. */
	reset(): void {
		this.#since = undefined;
	}
}

/** Does `work` again while it is refused for a moment. */
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

/** As `withRetrySync`, for work that takes its time, and without stopping anything else. */
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
