/** What differs between the systems that tests run on. */
import { lstatSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { expect } from 'vitest';

export const windows = process.platform === 'win32';

/** Reasons to skip, for `skipUnless`. */
export const NO_SHELL = 'its stand-in is a shell script, which Windows does not run';
export const NO_SYMLINKS = 'no symbolic links can be made here';

/** Whether symbolic links can be made: Windows wants a right or its developer mode for them, and Wine's do nothing. */
export const symlinks = canLink();

function canLink(): boolean {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-link-'));
	try {
		const link = join(folder, 'link');
		symlinkSync(folder, link);
		return lstatSync(link).isSymbolicLink();
	} catch {
		return false;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Checks the mode of a file or folder. Windows has none: what is in a user's folder there has the rights of that folder. */
export function expectMode(path: string, mode: number): void {
	if (!windows) expect(statSync(path).mode & 0o777).toBe(mode);
}

/** Paths below a folder, with slashes on every system. */
export const slashes = (paths: readonly string[]): string[] => paths.map((path) => path.split(sep).join('/'));

/** Where a server can listen for this computer alone: a socket in a folder, or a pipe of Windows. */
export const localSocket = (folder: string, name: string): string =>
	windows ? `\\\\.\\pipe\\canon-wifi-test-${process.pid}-${name}` : join(folder, name);
