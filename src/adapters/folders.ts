/** Folders on this computer. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** A new, empty folder of our own, and how to remove it with all that is in it. */
export async function emptyFolder(): Promise<{ path: string; remove(): Promise<void> }> {
	const path = await mkdtemp(join(tmpdir(), 'canon-wifi-'));
	return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** All files below a folder, by their path in it, with their sizes in bytes. */
export async function filesBelow(folder: string): Promise<{ name: string; bytes: number }[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	return Promise.all(files.map(async (file) => ({ name: relative(folder, file), bytes: (await stat(file)).size })));
}
