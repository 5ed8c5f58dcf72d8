/**
 * Writes settings with Node alone. Used for the identity at the very first start, because `conf` and its ajv take about
 * 90 ms to load, which is as long as a camera should wait for its answer.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { losesBytes } from '#base/errors.ts';
import { withRetrySync } from '#base/retry.ts';
import type { Settings } from './rules/judge.ts';

/** Writes a temporary file, flushes it to the disk and renames it, so that either the old settings exist or the new ones. */
export function plainWrite(file: string, settings: Settings): void {
	const target = realPath(file);
	const temporary = `${target}.${randomUUID()}.tmp`;
	try {
		const descriptor = fs.openSync(temporary, 'wx', 0o600);
		try {
			fs.writeFileSync(descriptor, `${JSON.stringify(settings, undefined, '\t')}\n`);
			syncIfPossible(descriptor);
		} finally {
			fs.closeSync(descriptor);
		}
		withRetrySync(() => fs.renameSync(temporary, target));
	} catch (error) {
		removeIfPossible(temporary);
		throw error;
	}
}

/** Flushes a file. Throws only if bytes are lost, because some network and FUSE file systems do not support fsync. */
function syncIfPossible(descriptor: number): void {
	try {
		fs.fsyncSync(descriptor);
	} catch (error) {
		if (losesBytes(error)) throw error;
	}
}

function removeIfPossible(file: string): void {
	try {
		fs.rmSync(file, { force: true });
	} catch {
		// The reason why the settings were not written matters more.
	}
}

/** Follows a link, for people who keep their settings elsewhere. Returns the same path if it is none. */
function realPath(file: string): string {
	try {
		return fs.realpathSync(file);
	} catch {
		return file;
	}
}
