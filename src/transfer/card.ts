/** What is on the card, walked folder by folder as objects are asked for. */

import type { Camera } from '#camera/camera.ts';
import type { ObjectInfo } from '#protocol/ptp/datasets.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';
import { ALL_STORAGES, ANY_PARENT, ROOT_PARENT } from '#protocol/ptp/operations.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';

/** What is kept of an object's description: there may be very many objects. */
export type Described = Pick<ObjectInfo, 'storageId' | 'size' | 'captureDate' | 'modificationDate'>;

/** An object on the card. `path`: its folders and its own name as the camera spells them, unchecked. */
export interface CardObject {
	handle: number;
	path: readonly string[];
	folder: boolean;
	info: Described;
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
 * whatever folder was asked for, with folders that hold themselves, and with cards that have no end.
 */
export async function* walk(
	camera: Camera,
	{ enters, leftOut, limits = CARD_LIMITS }: Walk,
	signal: AbortSignal,
): AsyncGenerator<CardObject> {
	const met = new Met(limits);
	let read = 0;
	for (const storage of await cards(camera, signal)) {
		const folders: Folder[] = [{ handle: ROOT_PARENT, path: [] }];
		// Grows while it is gone through.
		for (const folder of folders) {
			if (met.tooManyObjects) break;
			if (folder.handle !== ROOT_PARENT) {
				if (!enters(folder.path)) continue;
				met.tooDeep ||= folder.path.length >= limits.depth;
				met.tooManyFolders ||= read >= limits.folders;
				if (folder.path.length >= limits.depth || met.tooManyFolders) continue;
				read++;
			}
			for await (const object of objectsIn(camera, storage, folder, met, signal)) {
				met.add(object);
				yield object;
				if (object.folder) folders.push({ handle: object.handle, path: object.path });
			}
		}
	}
	for (const why of met.leftOut()) leftOut(why);
}

interface Folder {
	handle: number;
	path: readonly string[];
}

/** New objects of one folder; those that are really in another one come last, when that one is known. */
async function* objectsIn(camera: Camera, storage: number, folder: Folder, met: Met, signal: AbortSignal): AsyncGenerator<CardObject> {
	const elsewhere: Waiting[] = [];
	for (const handle of new Set(await handlesIn(camera, storage, folder.handle, signal))) {
		if (met.has(handle) || handle === folder.handle) continue;
		if (met.asked >= met.limits.objects) {
			met.tooManyObjects = true;
			break;
		}
		met.asked++;
		const info = await objectInfo(camera, handle, signal);
		if (info === 'unreadable') met.unreadable++;
		if (info === undefined || info === 'unreadable') continue;
		const { parent, fileName } = info;
		const isFolder = info.format === FORMAT.association;
		if (parent === folder.handle || parent === 0)
			yield { handle, path: [...folder.path, fileName], folder: isFolder, info: described(info) };
		else elsewhere.push({ handle, parent, fileName, folder: isFolder, info: described(info) });
	}
	for (const object of placed(elsewhere, folder, met)) if (!met.has(object.handle)) yield object;
}

const described = ({ storageId, size, captureDate, modificationDate }: ObjectInfo): Described => ({
	storageId,
	size,
	captureDate,
	modificationDate,
});

/** An object whose folder is not known yet. */
interface Waiting {
	handle: number;
	parent: number;
	fileName: string;
	folder: boolean;
	info: Described;
}

/** Objects with their paths, as soon as the folder of each is known; what has no known folder is in the one asked for. */
function placed(waiting: readonly Waiting[], asked: Folder, met: Met): CardObject[] {
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
		const { parent, fileName, folder, info } = object;
		const parentPath = place(parent, new Set([...above, handle]));
		// A parent that nobody knows, or a loop: it stays where it was found.
		const path = [...(parentPath ?? asked.path), fileName];
		if (path.length <= depth) done.set(handle, { handle, path, folder, info });
		else met.tooDeep = true;
		return path;
	};
	for (const { handle } of waiting) place(handle, new Set());
	return [...done.values()];
}

async function objectInfo(camera: Camera, handle: number, signal: AbortSignal): Promise<ObjectInfo | 'unreadable' | undefined> {
	try {
		return await camera.object(handle, signal);
	} catch (error) {
		// Deleted on the camera in the meantime, or not to be read: the rest of the card is still there.
		if (error instanceof OperationRefused) return undefined;
		if (error instanceof MalformedBytes || error instanceof WrongLength) return 'unreadable';
		throw error;
	}
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
