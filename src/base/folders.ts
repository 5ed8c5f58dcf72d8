/** Folders on this computer. */
import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Makes a folder and those above it. Rejects as `mkdir` does, and with ENOTDIR when a part of the path is not a folder. */
export async function ensureFolder(path: string): Promise<void> {
	await mkdir(path, { recursive: true }).catch((error: unknown) => forgiveExisting(path, error));
}

/** As `ensureFolder`. */
export function ensureFolderSync(path: string, mode: number): void {
	try {
		fs.mkdirSync(path, { recursive: true, mode });
	} catch (error) {
		forgiveExisting(path, error);
	}
}

/** A folder that is there is good, whatever the system says: Windows answers EPERM to making a drive's root. */
function forgiveExisting(path: string, error: unknown): void {
	demandFolders(path);
	if (statIfThere(path)?.isDirectory() !== true) throw error;
}

/**
 * Throws ENOTDIR when a part of the path is there and is not a folder. Windows calls that ENOENT, so that what lies below
 * a file looks as if it were only not there yet.
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
		return undefined; // below a file (ENOTDIR), or not to be looked at
	}
}
