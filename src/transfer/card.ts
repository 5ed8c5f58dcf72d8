/** What is on the card, walked folder by folder as objects are asked for. */

import type { Camera } from '#camera/camera.ts';
import { ALL_STORAGES, ANY_PARENT, ROOT_PARENT } from '#protocol/ptp/operations.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import { type Catalogue, describe } from './catalogue/catalogue.ts';
import type { Described, FolderEntry, FolderPlace } from './catalogue/way.ts';

/** An object on the card. `path`: its folders and its own name as the camera spells them, unchecked. */
export interface CardObject {
	handle: number;
	path: readonly string[];
	folder: boolean;
	info: Described;
	/** Handle and name are only likely to belong together: `confirmed` tells. */
	uncertain?: boolean | undefined;
}

/** More than this is no real card: a camera that makes up objects for ever must come to an end. */
export interface CardLimits {
	/** Objects of all cards together. */
	objects: number;
	/** Folders that are read. */
	folders: number;
	/** Folders in folders. */
	depth: number;
}

// DCF has at most 900 folders of 9999 numbers; what people have on their cards stays far below.
const CARD_LIMITS: CardLimits = { objects: 200_000, folders: 5_000, depth: 32 };

/** How a card is walked. */
export interface Walk {
	/** Only folders for which this says so are read. */
	enters(path: readonly string[]): boolean;
	/** Told at the end, in a sentence, why something on the card is not among the objects. */
	leftOut(why: string): void;
	limits?: CardLimits;
}

/** A storage that libgphoto2 leaves out: Canon's, with nothing to be read. */
const NO_CARD = 0x8000_0001;

/** The cards that hold something; all at once when the camera does not tell them apart. */
async function cards(camera: Camera, signal: AbortSignal): Promise<readonly number[]> {
	try {
		// The lower half of an id is the card in the slot: 0 means an empty slot (ISO 15740).
		const ids = (await camera.storageIds(signal)).filter((id) => (id & 0xffff) !== 0 && id !== NO_CARD);
		return ids.length > 0 ? [...new Set(ids)] : [ALL_STORAGES];
	} catch (error) {
		if (error instanceof OperationRefused) return [ALL_STORAGES];
		throw error;
	}
}

/** What has been met so far: of files the handle is enough. */
class Met {
	readonly limits: CardLimits;
	readonly #handles = new Set<number>();
	readonly #folders = new Map<number, readonly string[]>();
	/** Descriptions asked for. */
	asked = 0;
	unreadable = 0;
	tooDeep = false;
	tooManyObjects = false;
	tooManyFolders = false;

	constructor(limits: CardLimits) {
		this.limits = limits;
	}

	has(handle: number): boolean {
		return this.#handles.has(handle);
	}

	add({ handle, path, folder }: CardObject): void {
		this.#handles.add(handle);
		if (folder) this.#folders.set(handle, path);
	}

	folder(handle: number): readonly string[] | undefined {
		return this.#folders.get(handle);
	}

	/** Sentences about what was left out. */
	*leftOut(): Generator<string> {
		const { objects, folders, depth } = this.limits;
		if (this.unreadable === 1) yield 'One object was left out: the camera describes it in a way that cannot be read.';
		if (this.unreadable > 1) yield `${this.unreadable} objects were left out: the camera describes them in a way that cannot be read.`;
		if (this.tooDeep) yield `The camera has folders in folders more than ${depth} deep: what is below that was left out.`;
		if (this.tooManyFolders) yield `The camera has more than ${folders} folders: the rest was left out.`;
		if (this.tooManyObjects) yield `The camera has more than ${objects} objects: the rest was left out.`;
	}
}

/**
 * Objects of all cards, folders before what is in them, each once. Copes with cameras that answer with all objects
 * whatever folder was asked for, with folders that hold themselves, with cards that have no end, and with listings that leave
 * something out.
 */
export async function* walk(
	catalogue: Catalogue,
	{ enters, leftOut, limits = CARD_LIMITS }: Walk,
	signal: AbortSignal,
): AsyncGenerator<CardObject> {
	const met = new Met(limits);
	let read = 0;
	catalogue.begin();
	for (const storage of await cards(catalogue.camera, signal)) {
		const folders: FolderPlace[] = [{ storage, handle: ROOT_PARENT, path: [] }];
		const entered: FolderPlace[] = [];
		const meets = (object: CardObject) => {
			met.add(object);
			if (object.folder) folders.push({ storage, handle: object.handle, path: object.path });
			return object;
		};
		let compared = false;
		for (let at = 0; !met.tooManyObjects; at++) {
			const folder = folders[at];
			if (folder === undefined) {
				if (compared) break;
				compared = true;
				// A short way may have left something out although it was checked.
				for await (const object of unlisted(catalogue, entered, entered.length === folders.length, met, signal)) yield meets(object);
				at--;
				continue;
			}
			if (folder.handle !== ROOT_PARENT) {
				if (!enters(folder.path)) continue;
				met.tooDeep ||= folder.path.length >= limits.depth;
				met.tooManyFolders ||= read >= limits.folders;
				if (folder.path.length >= limits.depth || met.tooManyFolders) continue;
				read++;
			}
			entered.push(folder);
			for await (const object of objectsIn(catalogue, folder, met, signal)) yield meets(object);
		}
	}
	for (const why of met.leftOut()) leftOut(why);
}

/** New objects of one folder; those that are really in another one come last, when that one is known. */
async function* objectsIn(catalogue: Catalogue, folder: FolderPlace, met: Met, signal: AbortSignal): AsyncGenerator<CardObject> {
	const elsewhere: Waiting[] = [];
	const known = (handle: number) => met.has(handle) || met.asked >= met.limits.objects;
	const handlesOf = async () => {
		const handles = await handlesIn(catalogue.camera, folder.storage, folder.handle, signal);
		if (met.asked + handles.filter((handle) => !met.has(handle)).length > met.limits.objects) met.tooManyObjects = true;
		return handles;
	};
	for await (const entry of catalogue.list(folder, handlesOf, known, signal)) {
		if (entry !== 'unreadable' && (met.has(entry.handle) || entry.handle === folder.handle)) continue;
		if (met.asked >= met.limits.objects) {
			met.tooManyObjects = true;
			break;
		}
		met.asked++;
		if (entry === 'unreadable') {
			met.unreadable++;
			continue;
		}
		const { parent } = entry;
		if (parent === undefined || parent === folder.handle || parent === 0) yield found(entry, folder);
		else elsewhere.push({ ...entry, parent, info: described(entry, folder) });
	}
	for (const object of placed(elsewhere, folder, met)) if (!met.has(object.handle)) yield object;
}

/** Objects that no listing has shown: of the whole card, or where only a part of it is wanted, of the folders that were entered. */
async function* unlisted(
	catalogue: Catalogue,
	entered: readonly FolderPlace[],
	whole: boolean,
	met: Met,
	signal: AbortSignal,
): AsyncGenerator<CardObject> {
	const [root] = entered;
	if (root === undefined) return;
	const known = (handle: number) => met.has(handle);
	let left = await catalogue.unlisted(root.storage, known);
	if (left.length === 0) return;
	if (!whole) {
		const inThem = new Set<number>();
		for (const folder of entered)
			for (const handle of await handlesIn(catalogue.camera, folder.storage, folder.handle, signal)) inThem.add(handle);
		left = left.filter((handle) => inThem.has(handle));
	}
	const waiting: Waiting[] = [];
	for (const handle of left) {
		if (met.asked >= met.limits.objects) {
			met.tooManyObjects = true;
			break;
		}
		met.asked++;
		const entry = await describe(catalogue.camera, handle, signal);
		if (entry === 'unreadable') met.unreadable++;
		else if (entry !== undefined) waiting.push({ ...entry, parent: entry.parent ?? 0, info: described(entry, root) });
	}
	for (const object of placed(waiting, root, met)) if (!met.has(object.handle)) yield object;
}

const found = (entry: FolderEntry, folder: FolderPlace): CardObject => ({
	handle: entry.handle,
	path: [...folder.path, entry.name],
	folder: entry.folder,
	info: described(entry, folder),
	uncertain: entry.uncertain,
});

const described = ({ storageId, size, captureDate, modificationDate }: FolderEntry, { storage }: FolderPlace): Described => ({
	storageId: storageId ?? storage,
	size,
	captureDate,
	modificationDate,
});

/** No date is known of it, although the camera may have told one to another operation. */
const undated = ({ captureDate, modificationDate }: Described): boolean => captureDate === '' && modificationDate === '';

/**
 * The file as GetObjectInfo describes it, where a listing has not told all of it. Throws what the camera's operation throws, and
 * `WrongLength` when there is another object of that number now.
 */
export async function confirmed(camera: Camera, object: CardObject, signal: AbortSignal): Promise<CardObject> {
	if (object.folder || (object.uncertain !== true && !undated(object.info))) return object;
	const info = await camera.object(object.handle, signal);
	if (info.fileName.toUpperCase() !== object.path.at(-1)?.toUpperCase())
		throw new WrongLength('the camera has another file in its place by now');
	const { storageId, size, captureDate, modificationDate } = info;
	return { ...object, info: { storageId, size, captureDate, modificationDate }, uncertain: undefined };
}

/** An object whose folder is not known yet. */
interface Waiting {
	handle: number;
	parent: number;
	name: string;
	folder: boolean;
	info: Described;
}

/** Objects with their paths, as soon as the folder of each is known; what has no known folder is in the one asked for. */
function placed(waiting: readonly Waiting[], asked: FolderPlace, met: Met): CardObject[] {
	const { depth } = met.limits;
	const here = new Map(waiting.map((object) => [object.handle, object]));
	const done = new Map<number, CardObject>();
	/** The path of the object with this handle, if that is known or can be found out. */
	const place = (handle: number, above: ReadonlySet<number>): readonly string[] | undefined => {
		const known = done.get(handle)?.path ?? met.folder(handle);
		const object = here.get(handle);
		if (known !== undefined || object === undefined || above.has(handle)) return known;
		// Whatever is in there is too deep, so no names are needed.
		if (above.size > depth) return new Array<string>(depth).fill('');
		const { parent, name, folder, info } = object;
		const parentPath = place(parent, new Set([...above, handle]));
		// A parent that nobody knows, or a loop: it stays where it was found.
		const path = [...(parentPath ?? asked.path), name];
		if (path.length <= depth) done.set(handle, { handle, path, folder, info });
		else met.tooDeep = true;
		return path;
	};
	for (const { handle } of waiting) place(handle, new Set());
	return [...done.values()];
}

async function handlesIn(camera: Camera, storage: number, folder: number, signal: AbortSignal): Promise<readonly number[]> {
	// libgphoto2 falls back in this order for cameras that do not know the root, or only all cards at once.
	const tries: (readonly [number, number])[] =
		folder === ROOT_PARENT
			? [
					[storage, ROOT_PARENT],
					[ALL_STORAGES, ROOT_PARENT],
					[storage, ANY_PARENT],
				]
			: [[storage, folder]];
	for (const [at, [card, parent]] of tries.entries()) {
		try {
			const found = await camera.handles(card, parent, signal);
			if (found.length > 0 || at === tries.length - 1) return found;
			// An empty root may be a camera that means something else by it: ask for everything, once.
			if (parent === ROOT_PARENT && card === storage) return await camera.handles(card, ANY_PARENT, signal);
			return found;
		} catch (error) {
			if (!(error instanceof OperationRefused) || at === tries.length - 1) {
				if (error instanceof OperationRefused && folder !== ROOT_PARENT) return [];
				throw error;
			}
		}
	}
	return [];
}
