/**
 * Writes settings with Node alone. For the identity at the very first start: `conf` and its ajv take about 90 ms to
 * load, which is as long as a camera should wait for its answer.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { losesBytes } from '#base/errors.ts';
import { withRetrySync } from '#base/retry.ts';
import type { Settings } from './rules/judge.ts';

/** Writes to a file beside it, on the disk before it takes the name: either the old settings are there or the new ones. */
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

/** Some network and FUSE file systems know no fsync. Throws only when it says that the bytes are lost. */
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
		// Why the settings were not written matters more.
	}
}

/** Where a file is that is a link, for those who keep their settings elsewhere; else the same path. */
function realPath(file: string): string {
	try {
		return fs.realpathSync(file);
	} catch {
		return file;
	}
}
