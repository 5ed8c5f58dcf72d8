/**
 * The index of the card: which file has which handle. A scan costs one `lstat` for each folder, and only changed folders
 * are read, so that a card with many thousand files is cheap to scan.
 */
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { latin1, viewOf } from '#base/bytes.ts';
import { FORMAT, formatOfName } from '#protocol/ptp/formats.ts';
import { type CardEntry, look, onDisk } from './object.ts';
import { isUnfinished, sweep } from './unfinished.ts';

/** Folders nested deeper than this are ignored: no camera makes them, and a loop would never end. */
const DEEPEST = 32;
/** A folder changed less than this before it was read may change again without a new time stamp (coarse clocks). In nanoseconds. */
const TIMESTAMP_GRAIN_NS = 50_000_000n;

interface Folder {
	/** `undefined`: the root. */
	object: CardEntry | undefined;
	path: string;
	depth: number;
	/** The change time for which `children` is valid; `undefined`: read the folder again. */
	asOf: bigint | undefined;
	/** By name, one character per byte, in the order of their creation. */
	children: Map<string, CardEntry>;
}

/** What a scan found. */
export interface CardChanges {
	added: readonly CardEntry[];
	removed: readonly CardEntry[];
}

/** The files and folders of a card. */
export class CardIndex {
	readonly #root: Folder;
	/** Every folder by its handle; the root under 0. */
	readonly #folders = new Map<number, Folder>();
	readonly #byHandle = new Map<number, CardEntry>();
	readonly #now: () => bigint;
	#lastHandle = 0;
	#latest: CardEntry | undefined | 'unknown';

	/** `now` returns nanoseconds since 1970 on the disk's clock. */
	constructor(root: string, now: () => bigint = () => BigInt(Date.now()) * 1_000_000n) {
		this.#root = {
			object: undefined,
			path: latin1(viewOf(Buffer.from(root, 'utf8'))),
			depth: 0,
			asOf: undefined,
			children: new Map(),
		};
		this.#folders.set(0, this.#root);
		this.#now = now;
	}

	all(): Iterable<CardEntry> {
		return this.#byHandle.values();
	}

	/** The file with the highest handle. */
	get latestFile(): CardEntry | undefined {
		if (this.#latest === 'unknown') {
			this.#latest = undefined;
			for (const object of this.#byHandle.values()) if (!object.folder) this.#latest = object;
		}
		return this.#latest;
	}

	get(handle: number): CardEntry | undefined {
		return this.#byHandle.get(handle);
	}

	/** The objects directly in a folder; handle 0 is the root. */
	in(folder: number): Iterable<CardEntry> {
		return this.#folders.get(folder)?.children.values() ?? [];
	}

	/** Returns the disk path of a folder; handle 0 is the root. */
	pathOf(folder: number): string | undefined {
		return this.#folders.get(folder)?.path;
	}

	/** The disk paths of all folders. */
	*folderPaths(): Iterable<string> {
		for (const { path } of this.#folders.values()) yield path;
	}

	/** Scans the disk. Known files keep their handles; handles of deleted files are never used again. */
	async scan(): Promise<CardChanges> {
		const changes = { added: [] as CardEntry[], removed: [] as CardEntry[] };
		await this.#scanFolder(this.#root, changes);
		return changes;
	}

	async #scanFolder(folder: Folder, changes: { added: CardEntry[]; removed: CardEntry[] }): Promise<void> {
		const stats = await look(folder.path);
		if (stats?.isDirectory() !== true) {
			for (const child of [...folder.children.values()]) this.#remove(folder, child, changes.removed);
			folder.asOf = undefined;
			return;
		}
		if (folder.asOf === undefined || folder.asOf !== changedAt(stats)) await this.#read(folder, changedAt(stats), changes);
		if (folder.depth < DEEPEST)
			for (const child of folder.children.values()) {
				const inner = this.#folders.get(child.handle);
				if (inner !== undefined) await this.#scanFolder(inner, changes);
			}
	}

	async #read(folder: Folder, asOf: bigint, changes: { added: CardEntry[]; removed: CardEntry[] }): Promise<void> {
		let entries: Dirent<Buffer>[];
		try {
			entries = (await readdir(onDisk(folder.path), { encoding: 'buffer', withFileTypes: true })) as unknown as Dirent<Buffer>[];
		} catch {
			entries = []; // gone meanwhile, or not readable
		}
		if (entries.some(({ name }) => isUnfinished(latin1(viewOf(name))))) await sweep(onDisk(folder.path).toString('utf8'));
		// A card has no links, devices or pipes, and following them would lead out of it.
		const found = new Map<string, boolean>();
		for (const entry of entries)
			if ((entry.isFile() || entry.isDirectory()) && !isUnfinished(latin1(viewOf(entry.name))))
				found.set(latin1(viewOf(entry.name)), entry.isDirectory());
		for (const [name, child] of [...folder.children]) if (found.get(name) !== child.folder) this.#remove(folder, child, changes.removed);
		for (const name of [...found.keys()].sort())
			if (!folder.children.has(name)) changes.added.push(this.#add(folder, name, found.get(name) === true, this.reserve()));
		folder.asOf = this.#now() - asOf < TIMESTAMP_GRAIN_NS ? undefined : asOf;
	}

	/** Returns a handle that was never used. */
	reserve(): number {
		this.#lastHandle++;
		return this.#lastHandle;
	}

	#add(folder: Folder, name: string, isFolder: boolean, handle: number): CardEntry {
		const text = Buffer.from(name, 'latin1').toString('utf8');
		const object: CardEntry = {
			handle,
			parent: folder.object?.handle ?? 0,
			name: text,
			path: `${folder.path}/${name}`,
			folder: isFolder,
			format: isFolder ? FORMAT.association : formatOfName(text),
			size: 0,
			modified: new Date(0),
			protected: false,
		};
		folder.children.set(name, object);
		this.#byHandle.set(handle, object);
		if (!isFolder) this.#latest = object;
		if (isFolder) this.#folders.set(handle, { object, path: object.path, depth: folder.depth + 1, asOf: undefined, children: new Map() });
		return object;
	}

	/** Adds an object that the camera created, under its handle; returns `undefined` if the folder is gone. */
	put(parent: number, name: string, isFolder: boolean, handle: number): CardEntry | undefined {
		const folder = this.#folders.get(parent);
		return folder === undefined ? undefined : this.#add(folder, name, isFolder, handle);
	}

	/** Removes an object, and the contents of a folder. */
	forget(object: CardEntry): void {
		const folder = this.#folders.get(object.parent);
		if (folder !== undefined && this.#byHandle.get(object.handle) === object) this.#remove(folder, object, []);
	}

	#remove(folder: Folder, object: CardEntry, removed: CardEntry[]): void {
		const inner = this.#folders.get(object.handle);
		if (inner !== undefined) for (const child of [...inner.children.values()]) this.#remove(inner, child, removed);
		this.#folders.delete(object.handle);
		this.#byHandle.delete(object.handle);
		if (this.#latest === object) this.#latest = 'unknown';
		folder.children.delete(object.path.slice(folder.path.length + 1));
		removed.push(object);
	}
}

/** Returns the later of both times. A renamed file changes one of them, and a clock that was set back shows in the other. */
function changedAt(stats: BigIntStats): bigint {
	if (stats.ctimeNs > stats.mtimeNs) return stats.ctimeNs;
	return stats.mtimeNs;
}
