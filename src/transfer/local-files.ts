/**
 * Files of this computer as a download meets them: folders that are made, files that are there already, and the
 * `.part` file that a download grows in. Nothing is written through a link, and nothing that is there is overwritten.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { whyOf } from '#base/errors.ts';
import { ensureFolder } from '#base/folders.ts';
import { withRetry } from '#base/retry.ts';
import { PART_SUFFIX } from './rules/safe-name.ts';

/** Thrown for what is in the way on this computer; `message` is a sentence part for people. */
export class LocalTrouble extends Error {
	override readonly name = 'LocalTrouble';
	/** No other file will fare better: the disk is full or not to be written. */
	readonly forAll: boolean;
	constructor(message: string, forAll: boolean, options?: ErrorOptions) {
		super(message, options);
		this.forAll = forAll;
	}
}

const FOR_ALL = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENXIO', 'ENODEV']);

/** An error of the file system in words; other errors pass. `forAll`: no other file will fare better, whatever the error is. */
export function localTrouble(error: unknown, path: string, forAll = false): unknown {
	const { code, syscall } = error as NodeJS.ErrnoException;
	if (!(error instanceof Error) || code === undefined || syscall === undefined) return error;
	const words: Record<string, string> = {
		ENOSPC: `the disk is full, so ${path} could not be written`,
		EDQUOT: `your share of the disk is used up, so ${path} could not be written`,
		EROFS: `${path} is on a disk that cannot be written`,
		EACCES: `${path} may not be written`,
		EPERM: `${path} may not be written`,
		EFBIG: `${path} is too large for this disk's file system`,
		ENOTDIR: `a part of ${path} is not a folder`,
	};
	return new LocalTrouble(words[code] ?? `${path} could not be written (${code})`, forAll || FOR_ALL.has(code), { cause: error });
}

/** Makes DIR (which may be a link) and the camera's folders below it (which may not). Gives back the innermost one. */
export async function makeFolders(dir: string, folders: readonly string[]): Promise<string> {
	await ensureFolder(dir).catch((error: unknown) => {
		throw localTrouble(error, dir, true);
	});
	let path = dir;
	for (const folder of folders) {
		path = join(path, folder);
		await mkdir(path).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw error;
		});
		if (!(await lstat(path)).isDirectory()) throw new LocalTrouble(`${path} is in the way: it is a link or a file, not a folder`, false);
	}
	return path;
}

/** A file that is there. */
export interface LocalFile {
	path: string;
	bytes: number;
	modified: Date;
}

/** What stands at a path: nothing, a file (a link to one counts), or something else. */
export async function standing(path: string): Promise<'nothing' | 'other' | LocalFile> {
	const there = await unlessMissing(lstat(path));
	if (there === undefined) return 'nothing';
	const behind = there.isSymbolicLink() ? await stat(path).catch(() => undefined) : there;
	return behind?.isFile() === true ? { path, bytes: behind.size, modified: behind.mtime } : 'other';
}

/** A download under way. */
export interface PartFile {
	readonly path: string;
	readonly handle: FileHandle;
	/** Bytes that an earlier download left. */
	readonly length: number;
}

/** Opens `PATH.part`, new or as an earlier download left it. Throws `LocalTrouble` when it is a link or no plain file. */
export async function openPart(target: string): Promise<PartFile> {
	const path = target + PART_SUFFIX;
	const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
	const noFollow = O_NOFOLLOW ?? 0;
	const made = await withRetry(() => open(path, O_RDWR | O_CREAT | O_EXCL | noFollow, 0o666)).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EEXIST') throw error;
		return undefined;
	});
	if (made !== undefined) return { path, handle: made, length: 0 };
	const before = await lstat(path);
	if (!isOwnFile(before)) throw new LocalTrouble(`${path} is in the way: it is not a plain file`, false);
	const handle = await withRetry(() => open(path, O_RDWR | noFollow));
	const opened = await handle.stat();
	// Windows has no O_NOFOLLOW: a link may have come in between. The file's number tells; the volume's does not, since
	// lstat and fstat may give it in two lengths (libuv 1.49 and 1.50 on Windows 11 24H2).
	const exchanged = O_NOFOLLOW === undefined && opened.ino !== before.ino;
	if (!isOwnFile(opened) || exchanged) {
		await handle.close();
		throw new LocalTrouble(`${path} was exchanged while it was opened`, false);
	}
	return { path, handle, length: opened.size };
}

/** A second name of the same file elsewhere would be written too. File systems without hard links may count 0. */
const isOwnFile = (found: Stats): boolean => found.isFile() && found.nlink <= 1;

/** Gives the file the camera's time. Returns why that did not work: CIFS, NFS, FUSE and Android refuse it to some users. */
export async function setTime(part: PartFile, date: Date | undefined): Promise<string | undefined> {
	if (date === undefined) return undefined;
	try {
		await part.handle.utimes(date, date);
		return undefined;
	} catch (error) {
		return whyOf(error);
	}
}

/** A virus scanner may look at a long movie for as long as this, in milliseconds. The folder can be written: the file is in it. */
const SCAN_MS = 10_000;

/** Gives the finished file its name; `false` when something has taken that in the meantime. */
export async function finishPart(part: PartFile, target: string): Promise<boolean> {
	if ((await standing(target)) !== 'nothing') return false;
	await withRetry(() => rename(part.path, target), SCAN_MS);
	return true;
}

/** Removes a `.part` that nobody needs. */
export async function dropPart(part: PartFile): Promise<void> {
	await unlessMissing(withRetry(() => unlink(part.path), SCAN_MS));
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
	try {
		return await found;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}
