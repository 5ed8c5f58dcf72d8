/**
 * One writer at a time, among processes: a lock file beside the settings, made exclusively and removed after use.
 * The lock of a process that was killed is taken over: at once when its process is gone, else after `STALE_MS`.
 */
import fs from 'node:fs';
import os from 'node:os';
import { CanonWifiError } from '../../core/errors.ts';
import { errnoOf } from '../../core/file-trouble.ts';

/** A change takes milliseconds; a lock this old belongs to nobody. */
export const STALE_MS = 10_000;
/** How long a change waits for others before it gives up. */
export const PATIENCE_MS = 15_000;
const PAUSE_MS = 5;

/**
 * Does `work` while nobody else does. Synchronous: the ports that save settings are.
 * @throws settingsUnwritable when the lock cannot be had within `PATIENCE_MS`; file system errors as they are
 */
export function locked<T>(file: string, work: () => T): T {
	const lock = `${file}.lock`;
	const token = `${process.pid} ${os.hostname()} ${Math.random().toString(36).slice(2)}\n`;
	const deadline = performance.now() + PATIENCE_MS;
	while (!take(lock, token)) {
		if (isStale(lock)) breakLock(lock);
		else if (performance.now() > deadline)
			throw new CanonWifiError('settingsUnwritable', {
				file,
				why: `another canon-wifi has been writing it for ${PATIENCE_MS / 1000} s (${lock})`,
			});
		else pause(PAUSE_MS);
	}
	try {
		return work();
	} finally {
		// Only our own: after a suspended computer wakes, somebody may have taken it over.
		if (contentOf(lock) === token) fs.rmSync(lock, { force: true });
	}
}

function take(lock: string, token: string): boolean {
	let descriptor: number;
	try {
		descriptor = fs.openSync(lock, 'wx', 0o600);
	} catch (error) {
		// Windows answers EPERM while the file of another process is being deleted.
		if (errnoOf(error) === 'EEXIST' || (process.platform === 'win32' && errnoOf(error) === 'EPERM')) return false;
		throw error;
	}
	try {
		fs.writeFileSync(descriptor, token);
		return true;
	} catch (error) {
		fs.rmSync(lock, { force: true }); // The disk is full: what says nothing must not stop the next one.
		throw error;
	} finally {
		fs.closeSync(descriptor);
	}
}

function isStale(lock: string): boolean {
	const age = ageOf(lock);
	if (age === undefined) return false;
	if (age > STALE_MS) return true;
	const [pid, host] = (contentOf(lock) ?? '').trim().split(' ');
	return host === os.hostname() && Number(pid) > 0 && !isAlive(Number(pid));
}

/**
 * Removes a stale lock. Two processes may judge it stale at the same moment, and the second must not remove the lock
 * that the first has taken meanwhile: so removing is itself done under an exclusive file, after a second look.
 */
function breakLock(lock: string): void {
	const breaking = `${lock}.breaking`;
	if ((ageOf(breaking) ?? 0) > STALE_MS) fs.rmSync(breaking, { force: true });
	if (!take(breaking, '')) {
		pause(PAUSE_MS);
		return;
	}
	try {
		if (isStale(lock)) fs.rmSync(lock, { force: true });
	} finally {
		fs.rmSync(breaking, { force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return errnoOf(error) === 'EPERM';
	}
}

/** Milliseconds since it was written, or nothing when it is gone. */
function ageOf(file: string): number | undefined {
	const stat = fs.statSync(file, { throwIfNoEntry: false });
	return stat === undefined ? undefined : Math.abs(Date.now() - stat.mtimeMs);
}

function contentOf(file: string): string | undefined {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

function pause(ms: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
