/** A file or folder on the card. */
import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** A file or folder with its handle. */
export interface CardEntry {
	handle: number;
	/** Handle of the folder, 0 in the root. */
	parent: number;
	/** Its name as text; invalid UTF-8 becomes U+FFFD. */
	name: string;
	/** Its path on the disk, one character per byte, because a name need not be UTF-8. `onDisk` turns it into a path. */
	path: string;
	folder: boolean;
	format: number;
	/** Bytes; 0 for folders. As of the last `Card.current`. */
	size: number;
	modified: Date;
	/** Whether the file is protected, which means that its owner may not write it. */
	protected: boolean;
}

/** Turns a path with one character per byte into a path for the file system. */
export function onDisk(path: string): Buffer {
	return Buffer.from(path, 'latin1');
}

/** The mode bit that a card's file system stores as "read only". */
const OWNER_WRITES = 0o200;

/** Updates an object from the disk's data. */
export function note(object: CardEntry, stats: BigIntStats): void {
	object.size = object.folder ? 0 : Number(stats.size);
	object.modified = new Date(Number(stats.mtimeMs));
	object.protected = !object.folder && (Number(stats.mode) & OWNER_WRITES) === 0;
}

/** Resolves to the disk's data about a path, without following links; `undefined` if it is gone. */
export async function look(path: string): Promise<BigIntStats | undefined> {
	try {
		return await lstat(onDisk(path), { bigint: true });
	} catch {
		return undefined;
	}
}
