/** The memory card: a real folder whose files and folders have handles as long as the camera is on. */
import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, rmdir, statfs, unlink } from 'node:fs/promises';
import { latin1, viewOf } from '#base/bytes.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';
import { type CardChanges, CardIndex } from './index.ts';
import { JPEG_HEAD_BYTES, type JpegFacts, jpegFacts } from './jpeg.ts';
import { type CardEntry, look, note, onDisk } from './object.ts';
import { Upload } from './upload.ts';

export type { CardChanges } from './index.ts';
export type { CardEntry } from './object.ts';

/** Opening never follows a link, which would lead out of the card, and never waits for the other end of a pipe. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** How many pictures' facts are cached. A card may hold many thousands of pictures. */
const MOST_FACTS = 1000;

/** A memory card. */
export class Card {
	readonly root: string;
	readonly #index: CardIndex;
	readonly #facts = new Map<number, { key: string; facts: JpegFacts | undefined }>();
	readonly #listeners = new Set<(changes: CardChanges) => void>();
	#scanning: Promise<CardChanges> | undefined;
	#scanned = false;
	/** Scans and changes run one after the other, so that no scan sees half a change. */
	#work: Promise<unknown> = Promise.resolve();

	constructor(root: string) {
		this.root = root;
		this.#index = new CardIndex(root);
	}

	/** All objects as of the last `scan`, folders before their contents. Sizes and dates are as of the last `current`. */
	objects(): Iterable<CardEntry> {
		return this.#index.all();
	}

	/** Returns the name of the latest file; `null` if the card is empty. */
	latestPicture(): string | null {
		return this.#index.latestFile?.name ?? null;
	}

	/** The objects directly in a folder; handle 0 is the root. */
	in(folder: number): Iterable<CardEntry> {
		return this.#index.in(folder);
	}

	/** Returns an object as of the last `scan`. */
	get(handle: number): CardEntry | undefined {
		return this.#index.get(handle);
	}

	/** Resolves to an object as it is now; `undefined` if it does not exist. */
	async current(handle: number): Promise<CardEntry | undefined> {
		const object = this.#index.get(handle);
		if (object === undefined || !(await this.#stands(object.parent))) return undefined;
		const stats = await look(object.path);
		if (stats === undefined || stats.isDirectory() !== object.folder || !(stats.isFile() || stats.isDirectory())) return undefined;
		note(object, stats);
		return object;
	}

	/** Whether a folder and its parents are still folders. A link in place of one would lead out of the card. */
	async #stands(folder: number): Promise<boolean> {
		for (let at = folder; at !== 0; ) {
			const object = this.#index.get(at);
			if (object === undefined || (await look(object.path))?.isDirectory() !== true) return false;
			at = object.parent;
		}
		return true;
	}

	/** Disk paths of all folders, for watching them. */
	folderPaths(): Iterable<string> {
		return this.#index.folderPaths();
	}

	/**
	 * Reads what has changed on the disk. Known files keep their handles; handles of deleted files are never used again.
	 * Changes are reported to the listeners, except those found by the first scan.
	 */
	scan(): Promise<CardChanges> {
		this.#scanning ??= this.#alone(() => this.#scan()).finally(() => {
			this.#scanning = undefined;
		});
		return this.#scanning;
	}

	#alone<T>(task: () => Promise<T>): Promise<T> {
		const done = this.#work.then(task);
		this.#work = done.catch(() => {});
		return done;
	}

	async #scan(): Promise<CardChanges> {
		const changes = await this.#index.scan();
		for (const { handle } of changes.removed) this.#facts.delete(handle);
		if (this.#scanned && changes.added.length + changes.removed.length > 0) for (const listener of this.#listeners) listener(changes);
		this.#scanned = true;
		return changes;
	}

	/** Calls `listener` for changes that were not made through this card. Returns a function that stops this. */
	onChange(listener: (changes: CardChanges) => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	/** Resolves to the facts of a JPEG, read once from its beginning; `undefined` for any other file. */
	async facts(object: CardEntry): Promise<JpegFacts | undefined> {
		if (object.format !== FORMAT.exifJpeg) return undefined;
		const key = `${object.size} ${object.modified.getTime()}`;
		const known = this.#facts.get(object.handle);
		if (known?.key === key) return known.facts;
		const facts = jpegFacts(await this.readPart(object, 0, JPEG_HEAD_BYTES));
		this.#facts.delete(object.handle);
		const [oldest] = this.#facts.keys();
		if (this.#facts.size >= MOST_FACTS && oldest !== undefined) this.#facts.delete(oldest);
		this.#facts.set(object.handle, { key, facts });
		return facts;
	}

	/** Opens a file for reading. Rejects as `open` does, also if a link has replaced the file. */
	open(object: CardEntry): Promise<FileHandle> {
		return open(onDisk(object.path), READ_ONLY);
	}

	/** Reads up to `size` bytes at `at`: fewer at the end of the file, none if it cannot be read. */
	async readPart(object: CardEntry, at: number, size: number): Promise<Uint8Array> {
		let file: FileHandle | undefined;
		try {
			file = await this.open(object);
			const into = new Uint8Array(Math.max(0, Math.min(size, object.size - at)));
			const { bytesRead } = await file.read(into, 0, into.length, at);
			return into.subarray(0, bytesRead);
		} catch {
			return new Uint8Array(0);
		} finally {
			await file?.close();
		}
	}

	/** Deletes a file or an empty folder. Rejects if the system forbids it, or if the folder is not empty. */
	remove(object: CardEntry): Promise<void> {
		return this.#alone(async () => {
			await (object.folder ? rmdir : unlink)(onDisk(object.path)).catch((error: NodeJS.ErrnoException) => {
				if (error.code !== 'ENOENT') throw error;
			});
			this.#index.forget(object);
			this.#facts.delete(object.handle);
		});
	}

	/** Protects or unprotects a file. Rejects if the system forbids it. */
	async protect(object: CardEntry, on: boolean): Promise<void> {
		await chmod(onDisk(object.path), on ? 0o444 : 0o644);
		object.protected = on;
	}

	/** Returns a handle for an object that will be created. */
	reserve(): number {
		return this.#index.reserve();
	}

	/** Whether a folder contains this name, ignoring case as FAT does, as of the last `scan`. `name` is text. */
	has(folder: number, name: string): boolean {
		const wanted = name.toLowerCase();
		for (const child of this.#index.in(folder)) if (child.name.toLowerCase() === wanted) return true;
		return false;
	}

	/** Creates a folder. Rejects as `mkdir` does. */
	makeFolder(parent: number, name: string, handle: number): Promise<void> {
		return this.#alone(async () => {
			await mkdir(onDisk(`${await this.#folder(parent)}/${bytesOf(name)}`));
			this.#index.put(parent, bytesOf(name), true, handle);
		});
	}

	/** Resolves to the disk path of a folder. Rejects with ENOENT if it is gone. */
	async #folder(handle: number): Promise<string> {
		const path = this.#index.pathOf(handle);
		if (path === undefined || !(await this.#stands(handle))) throw Object.assign(new Error('the folder is gone'), { code: 'ENOENT' });
		return path;
	}

	/** Begins a file, which appears on the card after `finishUpload`. Rejects as `open` does. */
	async beginUpload(parent: number, name: string): Promise<Upload> {
		return Upload.begin(await this.#folder(parent), bytesOf(name));
	}

	/** Makes an upload one of the card's files. Rejects with EEXIST if the name was taken meanwhile. */
	finishUpload(upload: Upload, parent: number, name: string, handle: number, modified: Date | undefined): Promise<void> {
		return this.#alone(async () => {
			await upload.finish(modified);
			this.#index.put(parent, bytesOf(name), false, handle);
		});
	}

	/** Resolves to the bytes of the disk behind the card; `undefined` if the card is gone. */
	async space(): Promise<{ capacity: bigint; free: bigint } | undefined> {
		try {
			const { bsize, blocks, bavail } = await statfs(this.root, { bigint: true });
			return { capacity: bsize * blocks, free: bsize * bavail };
		} catch {
			return undefined;
		}
	}
}

/** Returns a name in the form used in paths: one character for each byte of its UTF-8. */
function bytesOf(name: string): string {
	return latin1(viewOf(Buffer.from(name, 'utf8')));
}
