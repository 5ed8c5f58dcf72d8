/** Finds files on the disk by their names on the card, `A/DCIM/...`, as scripts and the file commands give them. */
import { constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { onDisk } from '../card/object.ts';
import { isUnfinished } from '../card/unfinished.ts';

/** The C library's errors that occur here, with their numbers and texts. */
export const CARD_ERRORS = {
	ENOENT: [2, 'No such file or directory'],
	EIO: [5, 'I/O error'],
	EACCES: [13, 'Permission denied'],
	EEXIST: [17, 'File exists'],
	ENOTDIR: [20, 'Not a directory'],
	EISDIR: [21, 'Is a directory'],
	EINVAL: [22, 'Invalid argument'],
	ENOSPC: [28, 'No space left on device'],
	ENOTEMPTY: [39, 'Directory not empty'],
} as const;

/** An error of the camera's file system. */
export class CardError extends Error {
	override readonly name = 'CardError';
	readonly code: keyof typeof CARD_ERRORS;
	constructor(code: keyof typeof CARD_ERRORS) {
		super(CARD_ERRORS[code][1]);
		this.code = code;
	}
}

/** Turns an error of the file system into the camera's. Throws any other error again. */
export function asCardError(error: unknown): CardError {
	if (error instanceof CardError) return error;
	if (!(error instanceof Error && 'syscall' in error)) throw error;
	const code = String((error as NodeJS.ErrnoException).code);
	return new CardError(Object.hasOwn(CARD_ERRORS, code) ? (code as keyof typeof CARD_ERRORS) : 'EIO');
}

/** Whether a FAT file system accepts a name: none of its special characters, no control characters, at most 255 long. */
function isCardName(name: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it
	return name.length <= 255 && !/["*/:<>?\\|\x00-\x1f]/.test(name);
}

/** A place on the card. */
export interface CardPlace {
	/** Path on the disk, one character per byte. */
	path: string;
	/** `undefined`: there is no such file or folder, but the folder for it exists. */
	stats: Stats | undefined;
	/** The place is the card itself. */
	root: boolean;
}

/**
 * Finds `name` (one character per byte, up to the first NUL) on the card in the folder `root`. Case does not matter, as on
 * FAT; `..` cannot leave the card; links are ignored. Throws `CardError` if the folder for it does not exist, or if a card
 * cannot have the name.
 */
export function findOnCard(root: string, name: string): CardPlace {
	const given = name.split('\0', 1)[0] ?? '';
	if (!/^A\//i.test(given)) throw new CardError('ENOENT');
	const steps: string[] = [];
	for (const step of given.slice(2).split('/')) {
		if (step === '' || step === '.') continue;
		if (step === '..' && steps.pop() === undefined) throw new CardError('ENOENT');
		if (step !== '..') steps.push(step);
	}
	// The firmware finds nothing under a name that ends in a slash, except the card itself.
	if (steps.length > 0 && given.endsWith('/')) throw new CardError('ENOENT');
	let path = Buffer.from(root).toString('latin1');
	let stats: Stats | undefined = statSync(root);
	for (const [n, step] of steps.entries()) {
		if (stats === undefined) throw new CardError('ENOENT');
		if (!stats.isDirectory()) throw new CardError('ENOTDIR');
		if (!isCardName(step)) throw new CardError('EINVAL');
		({ path, stats } = inFolder(path, step));
		if (stats === undefined && n < steps.length - 1) throw new CardError('ENOENT');
	}
	return { path, stats, root: steps.length === 0 };
}

/** Finds exactly this name, or else one that only differs in case. */
function inFolder(folder: string, name: string): { path: string; stats: Stats | undefined } {
	const exact = `${folder}/${name}`;
	const stats = statsOf(exact);
	if (stats !== undefined) return { path: exact, stats };
	const wanted = name.toLowerCase();
	for (const entry of readdirSync(onDisk(folder), { encoding: 'buffer' })) {
		const other = entry.toString('latin1');
		if (other.toLowerCase() !== wanted) continue;
		const path = `${folder}/${other}`;
		const found = statsOf(path);
		if (found !== undefined) return { path, stats: found };
	}
	return { path: exact, stats: undefined };
}

/** Returns the disk's data about a file or folder; `undefined` for anything else. */
function statsOf(path: string): Stats | undefined {
	const stats = lstatSync(onDisk(path), { throwIfNoEntry: false });
	return stats?.isDirectory() === true || stats?.isFile() === true ? stats : undefined;
}

/** Returns where a file of this name can be created or overwritten. Throws `CardError` if it cannot. */
export function placeForFile(root: string, name: string): CardPlace {
	const place = findOnCard(root, name);
	if (place.stats !== undefined && !place.stats.isFile()) throw new CardError('EISDIR');
	return place;
}

/** Flag that keeps `open` from following links, on systems that have it. */
export const NO_LINKS: number = constants.O_NOFOLLOW ?? 0;

/** Returns the names of the files and folders in a folder, sorted, without unfinished uploads. */
export function listFolder(path: string): string[] {
	const entries = readdirSync(onDisk(path), { encoding: 'buffer', withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() || entry.isDirectory())
		.map((entry) => Buffer.from(entry.name as unknown as Uint8Array).toString('latin1'))
		.filter((name) => !isUnfinished(name))
		.sort();
}
