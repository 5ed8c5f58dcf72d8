/** Temporary folders. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CodedError, errnoOf, whyOf } from './errors.ts';
import { withRetry } from './retry.ts';

/** What went wrong while a temporary folder was made or filled, as `noTemporaryFolder`; what is not the system's stays as it is. */
export function temporaryFolderError(folder: string, error: unknown): unknown {
	return errnoOf(error) === undefined ? error : new CodedError('noTemporaryFolder', { folder, why: whyOf(error) }, { cause: error });
}

/** A new, empty folder of our own, and how to remove it with all that is in it. What cannot be removed stays. */
export async function emptyFolder(): Promise<{ path: string; remove(): Promise<void> }> {
	const path = await mkdtemp(join(tmpdir(), 'canon-wifi-')).catch((error: unknown) => {
		throw temporaryFolderError(tmpdir(), error);
	});
	return { path, remove: () => withRetry(() => rm(path, { recursive: true, force: true })).catch(() => {}) };
}

/** All files below a folder, by their path in it, with their sizes in bytes. */
export async function filesBelow(folder: string): Promise<{ name: string; bytes: number }[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	return Promise.all(files.map(async (file) => ({ name: relative(folder, file), bytes: (await stat(file)).size })));
}
