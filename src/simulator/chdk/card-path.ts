/** Names on the card as a script and the file commands give them, `A/DCIM/...`, and where they are on the disk. */
import { constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { onDisk } from '../card/object.ts';
import { isUnfinished } from '../card/unfinished.ts';

/** The C library's errors that occur, with its words for them. */
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

export class CardError extends Error {
	override readonly name = 'CardError';
	readonly code: keyof typeof CARD_ERRORS;
	constructor(code: keyof typeof CARD_ERRORS) {
		super(CARD_ERRORS[code][1]);
		this.code = code;
	}
}

/** What the file system threw, as the camera tells it. Throws what is none of its errors. */
export function asCardError(error: unknown): CardError {
	if (error instanceof CardError) return error;
	if (!(error instanceof Error && 'syscall' in error)) throw error;
	const code = String((error as NodeJS.ErrnoException).code);
	return new CardError(Object.hasOwn(CARD_ERRORS, code) ? (code as keyof typeof CARD_ERRORS) : 'EIO');
}

/** A name that a FAT file system takes: none of its own signs, no control characters, at most 255 long. */
function isCardName(name: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it
	return name.length <= 255 && !/["*/:<>?\\|\x00-\x1f]/.test(name);
}

export interface CardPlace {
	/** Path on the disk, each character a byte. */
	path: string;
	/** Nothing when there is no such file or folder; its folder exists then. */
	stats: Stats | undefined;
	/** The card itself. */
	root: boolean;
}

/**
 * Finds `name` (one byte a character; what follows a NUL is not part of it) on the card in the folder `root`. Case does
 * not matter, as on FAT; `..` ends at the card; links are not there. Throws `CardError` when its folder does not exist,
 * or when it is no name for the card.
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
	// The firmware finds nothing under a name that ends in a slash, but for the card itself.
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

/** Exactly this name, else one that differs in case only. */
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

/** Files and folders only. */
function statsOf(path: string): Stats | undefined {
	const stats = lstatSync(onDisk(path), { throwIfNoEntry: false });
	return stats?.isDirectory() === true || stats?.isFile() === true ? stats : undefined;
}

/** Where a new file of this name may be made, or a file be overwritten. Throws `CardError` when not. */
export function placeForFile(root: string, name: string): CardPlace {
	const place = findOnCard(root, name);
	if (place.stats !== undefined && !place.stats.isFile()) throw new CardError('EISDIR');
	return place;
}

/** Opening never follows a link, where the system can be told so. */
export const NO_LINKS: number = constants.O_NOFOLLOW ?? 0;

/** Names in a folder, sorted, without what a card has none of and files that are not whole yet. */
export function listFolder(path: string): string[] {
	const entries = readdirSync(onDisk(path), { encoding: 'buffer', withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() || entry.isDirectory())
		.map((entry) => Buffer.from(entry.name as unknown as Uint8Array).toString('latin1'))
		.filter((name) => !isUnfinished(name))
		.sort();
}
