/** Folders on this computer. */
import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Creates a folder and its parents. Rejects as `mkdir` does, and with ENOTDIR if a part of the path is not a folder. */
export async function ensureFolder(path: string): Promise<void> {
	await mkdir(path, { recursive: true }).catch((error: unknown) => forgiveExisting(path, error));
}

/** Like `ensureFolder`, synchronously. `mode` is for new folders. */
export function ensureFolderSync(path: string, mode: number): void {
	try {
		fs.mkdirSync(path, { recursive: true, mode });
	} catch (error) {
		forgiveExisting(path, error);
	}
}

/** Ignores the error if the folder exists: Windows answers EPERM when asked to create a drive's root. */
function forgiveExisting(path: string, error: unknown): void {
	demandFolders(path);
	if (statIfThere(path)?.isDirectory() !== true) throw error;
}

/**
 * Throws ENOTDIR if a part of the path exists and is not a folder. Windows reports ENOENT for a path below a file, as if
 * the path only did not exist yet.
 */
export function demandFolders(path: string): void {
	for (let at = resolve(path); ; at = dirname(at)) {
		const found = statIfThere(at);
		if (found?.isDirectory() === true) return;
		if (found !== undefined) throw Object.assign(new Error(`${at} is not a folder`), { code: 'ENOTDIR', syscall: 'stat', path: at });
		if (at === dirname(at)) return;
	}
}

function statIfThere(path: string): fs.Stats | undefined {
	try {
		return fs.statSync(path, { throwIfNoEntry: false });
	} catch {
		return undefined; // below a file (ENOTDIR), or not accessible
	}
}
