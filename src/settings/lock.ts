/**
 * Lets one process write at a time: a lock file beside the settings, created exclusively and removed after use. The lock
 * of a killed process is taken over: at once if the process is gone, otherwise after `STALE_MS`.
 */
import fs from 'node:fs';
import os from 'node:os';
import { errnoOf } from '#base/errors.ts';
import { isAlive } from '#base/process-alive.ts';
import { isTransient, RetryWindow, sleepSync, withRetrySync } from '#base/retry.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** A lock older than this many milliseconds is stale. A change takes only a few milliseconds. */
export const STALE_MS = 10_000;
/** How long a change waits for the lock before it fails, in milliseconds. */
export const LOCK_WAIT_MS = 15_000;
const PAUSE_MS = 5;

/**
 * Does `work` while holding the lock. Synchronous, because saving settings is.
 * @throws settingsUnwritable if others hold the lock for `LOCK_WAIT_MS`; file system errors as they are
 */
export function locked<T>(file: string, work: () => T): T {
	const lock = `${file}.lock`;
	const token = `${process.pid} ${os.hostname()} ${Math.random().toString(36).slice(2)}\n`;
	const deadline = performance.now() + LOCK_WAIT_MS;
	const refusals = { lock: new RetryWindow(), breaking: new RetryWindow() };
	while (!take(lock, token, refusals.lock)) {
		if (performance.now() > deadline)
			throw new CanonWifiError('settingsUnwritable', {
				file,
				why: `another canon-wifi has been writing it for ${LOCK_WAIT_MS / 1000} s (${lock})`,
			});
		if (isStale(lock)) breakLock(lock, refusals.breaking);
		else sleepSync(PAUSE_MS);
	}
	try {
		return work();
	} finally {
		// Remove only our own lock: another process may have taken it over while this computer was suspended.
		if (contentOf(lock) === token) removeIfPossible(lock);
	}
}

/** Removes the lock if possible. The work is done, so a failure here must not look like a failed write. */
function removeIfPossible(lock: string): void {
	try {
		remove(lock);
	} catch {
		// It becomes stale, and the next process takes it over.
	}
}

/** Creates the file. Returns false if it exists or is just being deleted. Throws if it cannot be created. */
function take(lock: string, token: string, refusals: RetryWindow): boolean {
	let descriptor: number;
	try {
		descriptor = fs.openSync(lock, 'wx', 0o600);
	} catch (error) {
		if (errnoOf(error) === 'EEXIST') refusals.reset();
		else refusals.check(error);
		return false;
	}
	try {
		fs.writeFileSync(descriptor, token);
		return true;
	} catch (error) {
		remove(lock); // The disk is full. An empty lock must not block the next process.
		throw error;
	} finally {
		fs.closeSync(descriptor);
	}
}

function remove(file: string): void {
	withRetrySync(() => fs.rmSync(file, { force: true }));
}

function isStale(lock: string): boolean {
	const age = ageOf(lock);
	if (age === undefined) return false;
	if (age > STALE_MS) return true;
	const [pid, host] = (contentOf(lock) ?? '').trim().split(' ');
	return host === os.hostname() && Number(pid) > 0 && !isAlive(Number(pid));
}

/**
 * Removes a stale lock. Two processes may find it stale at the same moment, and the second must not remove the lock that
 * the first has taken meanwhile. So removal needs an exclusive file of its own, and a second check.
 */
function breakLock(lock: string, refusals: RetryWindow): void {
	const breaking = `${lock}.breaking`;
	if ((ageOf(breaking) ?? 0) > STALE_MS) remove(breaking);
	if (!take(breaking, '', refusals)) {
		sleepSync(PAUSE_MS);
		return;
	}
	try {
		if (isStale(lock)) remove(lock);
	} finally {
		remove(breaking);
	}
}

/** Returns the milliseconds since a file was written, or `undefined` if it is gone. */
function ageOf(file: string): number | undefined {
	try {
		const stat = fs.statSync(file, { throwIfNoEntry: false });
		return stat === undefined ? undefined : Math.abs(Date.now() - stat.mtimeMs);
	} catch (error) {
		if (isTransient(error)) return undefined;
		throw error;
	}
}

function contentOf(file: string): string | undefined {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
