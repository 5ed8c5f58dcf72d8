/** The memory card: a real folder, its files and folders under handles that last as long as the camera is on. */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rm, statfs } from 'node:fs/promises';
import { FORMAT, formatOfName } from '../../core/ptp/formats.ts';
import { latin1, viewOf } from '../bytes.ts';
import { JPEG_HEAD_BYTES, type JpegFacts, jpegFacts } from './jpeg.ts';

/** A file or folder on the card. */
export interface CardObject {
	handle: number;
	/** Handle of the folder, 0 in the root. */
	parent: number;
	/** As it stands on the disk. */
	name: string;
	/** Where it is on the disk: each character a byte, because a name need not be UTF-8. `onDisk` makes a path of it. */
	path: string;
	folder: boolean;
	format: number;
	/** Bytes; 0 for folders. */
	size: number;
	modified: Date;
}

export interface CardChanges {
	added: readonly CardObject[];
	removed: readonly CardObject[];
}

/** Folders nested deeper than this are left out: no camera makes them, and a loop would never end. */
const DEEPEST = 32;

export class Card {
	readonly root: string;
	readonly #byPath = new Map<string, CardObject>();
	readonly #byHandle = new Map<number, CardObject>();
	readonly #facts = new Map<number, { key: string; facts: JpegFacts | undefined }>();
	#lastHandle = 0;
	#scanning: Promise<CardChanges> | undefined;

	constructor(root: string) {
		this.root = root;
	}

	/** All objects, folders before what is in them, as of the last `scan`. */
	objects(): Iterable<CardObject> {
		return this.#byHandle.values();
	}

	get(handle: number): CardObject | undefined {
		return this.#byHandle.get(handle);
	}

	/** Reads the folder again. Known files keep their handles; what is gone loses its own for good. */
	scan(): Promise<CardChanges> {
		this.#scanning ??= this.#scan().finally(() => {
			this.#scanning = undefined;
		});
		return this.#scanning;
	}

	async #scan(): Promise<CardChanges> {
		const seen = new Set<CardObject>();
		const added: CardObject[] = [];
		await this.#walk(latin1(new TextEncoder().encode(this.root)), 0, 0, seen, added);
		const removed = [...this.#byHandle.values()].filter((object) => !seen.has(object));
		for (const object of removed) this.#forget(object);
		return { added, removed };
	}

	async #walk(folder: string, parent: number, depth: number, seen: Set<CardObject>, added: CardObject[]): Promise<void> {
		if (depth > DEEPEST) return;
		let names: string[];
		try {
			names = (await readdir(onDisk(folder), { encoding: 'buffer' })).map((name) => latin1(viewOf(name)));
		} catch {
			return; // gone in between, or not for us to read
		}
		for (const name of names.sort()) {
			const path = `${folder}/${name}`;
			const object = await this.#note(path, name, parent, added);
			if (object === undefined) continue;
			seen.add(object);
			if (object.folder) await this.#walk(path, object.handle, depth + 1, seen, added);
		}
	}

	async #note(path: string, name: string, parent: number, added: CardObject[]): Promise<CardObject | undefined> {
		let stats: BigIntStats;
		try {
			stats = await lstat(onDisk(path), { bigint: true });
		} catch {
			return undefined;
		}
		// A card has no links, devices or pipes; following them would lead out of it.
		const folder = stats.isDirectory();
		if (!folder && !stats.isFile()) return undefined;
		const size = folder ? 0 : Number(stats.size);
		const modified = new Date(Number(stats.mtimeMs));
		const known = this.#byPath.get(path);
		if (known !== undefined && known.folder === folder) {
			known.size = size;
			known.modified = modified;
			return known;
		}
		if (known !== undefined) this.#forget(known);
		this.#lastHandle++;
		const text = Buffer.from(name, 'latin1').toString('utf8');
		const format = folder ? FORMAT.association : formatOfName(text);
		const object: CardObject = { handle: this.#lastHandle, parent, name: text, path, folder, format, size, modified };
		this.#byPath.set(path, object);
		this.#byHandle.set(object.handle, object);
		added.push(object);
		return object;
	}

	#forget(object: CardObject): void {
		this.#byPath.delete(object.path);
		this.#byHandle.delete(object.handle);
		this.#facts.delete(object.handle);
	}

	/** Facts of a JPEG, read from its head once; nothing for anything else. */
	async facts(object: CardObject): Promise<JpegFacts | undefined> {
		if (object.format !== FORMAT.exifJpeg) return undefined;
		const key = `${object.size} ${object.modified.getTime()}`;
		const known = this.#facts.get(object.handle);
		if (known?.key === key) return known.facts;
		const facts = jpegFacts(await this.readPart(object, 0, JPEG_HEAD_BYTES));
		this.#facts.set(object.handle, { key, facts });
		return facts;
	}

	/** Up to `size` bytes from `at`; fewer at the end of the file, none when it cannot be read. */
	async readPart(object: CardObject, at: number, size: number): Promise<Uint8Array> {
		let file: FileHandle | undefined;
		try {
			file = await open(onDisk(object.path), 'r');
			const into = new Uint8Array(Math.max(0, Math.min(size, object.size - at)));
			const { bytesRead } = await file.read(into, 0, into.length, at);
			return into.subarray(0, bytesRead);
		} catch {
			return new Uint8Array(0);
		} finally {
			await file?.close();
		}
	}

	/** Takes a file, or a folder with all that is in it, off the disk. Rejects when the system forbids it. */
	async remove(object: CardObject): Promise<void> {
		await rm(onDisk(object.path), { recursive: object.folder });
		for (const other of [...this.#byHandle.values()]) if (other === object || other.path.startsWith(`${object.path}/`)) this.#forget(other);
	}

	/** Bytes of the disk below the card. */
	async space(): Promise<{ capacity: bigint; free: bigint }> {
		const { bsize, blocks, bavail } = await statfs(this.root, { bigint: true });
		return { capacity: bsize * blocks, free: bsize * bavail };
	}
}

/** The path for the file system. */
export function onDisk(path: string): Buffer {
	return Buffer.from(path, 'latin1');
}
