/** Temporary folders. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CodedError, errnoOf, whyOf } from './errors.ts';
import { withRetry } from './retry.ts';

/** Turns the system's error of creating or filling a temporary folder into `noTemporaryFolder`. Other errors stay as they are. */
export function temporaryFolderError(folder: string, error: unknown): unknown {
	return errnoOf(error) === undefined ? error : new CodedError('noTemporaryFolder', { folder, why: whyOf(error) }, { cause: error });
}

/** Creates an empty temporary folder. `remove` deletes it with its contents and never rejects. Rejects with `noTemporaryFolder`. */
export async function emptyFolder(): Promise<{ path: string; remove(): Promise<void> }> {
	const path = await mkdtemp(join(tmpdir(), 'canon-wifi-')).catch((error: unknown) => {
		throw temporaryFolderError(tmpdir(), error);
	});
	return { path, remove: () => withRetry(() => rm(path, { recursive: true, force: true })).catch(() => {}) };
}

/** Lists all files below a folder: their paths relative to it, and their sizes in bytes. */
export async function filesBelow(folder: string): Promise<{ name: string; bytes: number }[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	return Promise.all(files.map(async (file) => ({ name: relative(folder, file), bytes: (await stat(file)).size })));
}
