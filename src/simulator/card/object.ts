/** A file or folder on the card, and what is told of it. */
import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';

export interface CardEntry {
	handle: number;
	/** Handle of the folder, 0 in the root. */
	parent: number;
	/** Its name as text; what is no UTF-8 shows as U+FFFD. */
	name: string;
	/** Where it is on the disk: each character a byte, because a name need not be UTF-8. `onDisk` makes a path of it. */
	path: string;
	folder: boolean;
	format: number;
	/** Bytes; 0 for folders. As of the last look: `Card.current` looks again. */
	size: number;
	modified: Date;
	/** The protect mark: a file that its owner must not write. */
	protected: boolean;
}

/** The path for the file system. */
export function onDisk(path: string): Buffer {
	return Buffer.from(path, 'latin1');
}

/** The mode bit that a card's file system keeps as "read only". */
const OWNER_WRITES = 0o200;

/** Takes over what the disk says of the object. */
export function note(object: CardEntry, stats: BigIntStats): void {
	object.size = object.folder ? 0 : Number(stats.size);
	object.modified = new Date(Number(stats.mtimeMs));
	object.protected = !object.folder && (Number(stats.mode) & OWNER_WRITES) === 0;
}

/** What the disk says of a path, without following links; nothing when it is gone. */
export async function look(path: string): Promise<BigIntStats | undefined> {
	try {
		return await lstat(onDisk(path), { bigint: true });
	} catch {
		return undefined;
	}
}
