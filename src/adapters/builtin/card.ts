/** What is on the card, walked folder by folder as objects are asked for. */
import type { ObjectInfo } from '../../core/ptp/datasets.ts';
import { FORMAT } from '../../core/ptp/formats.ts';
import { ALL_STORAGES, ANY_PARENT, ROOT_PARENT } from '../../core/ptp/operations.ts';
import { OperationRefused } from '../ptpip/operations.ts';
import type { Camera } from './camera.ts';

/** An object on the card. `path`: its folders and its own name as the camera spells them, unchecked. */
export interface CardObject {
	handle: number;
	path: readonly string[];
	folder: boolean;
	info: ObjectInfo;
}

/** Folders in folders deeper than this are no real card. */
const DEEPEST = 32;
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

/**
 * Objects of all cards, folders before what is in them, each once. Only folders for which `enters` says so are read.
 * Copes with cameras that answer with all objects whatever folder was asked for, and with folders that hold themselves.
 */
export async function* walk(camera: Camera, enters: (path: readonly string[]) => boolean, signal: AbortSignal): AsyncGenerator<CardObject> {
	const seen = new Map<number, CardObject>();
	for (const storage of await cards(camera, signal)) {
		const folders: { handle: number; path: readonly string[] }[] = [{ handle: ROOT_PARENT, path: [] }];
		for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
			if (folder.handle !== ROOT_PARENT && !enters(folder.path)) continue;
			for await (const object of objectsIn(camera, storage, folder, seen, signal)) {
				seen.set(object.handle, object);
				yield object;
				if (object.folder && object.path.length < DEEPEST) folders.push(object);
			}
		}
	}
}

interface Folder {
	handle: number;
	path: readonly string[];
}

/** New objects of one folder; those that are really in another one come last, when that one is known. */
async function* objectsIn(
	camera: Camera,
	storage: number,
	folder: Folder,
	seen: ReadonlyMap<number, CardObject>,
	signal: AbortSignal,
): AsyncGenerator<CardObject> {
	const elsewhere: { handle: number; info: ObjectInfo }[] = [];
	for (const handle of new Set(await handlesIn(camera, storage, folder.handle, signal))) {
		if (seen.has(handle) || handle === folder.handle) continue;
		const info = await objectInfo(camera, handle, signal);
		if (info === undefined) continue;
		if (info.parent === folder.handle || info.parent === 0)
			yield { handle, path: [...folder.path, info.fileName], folder: isFolder(info), info };
		else elsewhere.push({ handle, info });
	}
	for (const object of placed(elsewhere, folder, seen)) if (!seen.has(object.handle)) yield object;
}

const isFolder = (info: ObjectInfo): boolean => info.format === FORMAT.association;

/** Objects with their paths, as soon as the folder of each is known; what has no known folder is in the one asked for. */
function placed(
	waiting: readonly { handle: number; info: ObjectInfo }[],
	asked: Folder,
	seen: ReadonlyMap<number, CardObject>,
): CardObject[] {
	const here = new Map(waiting.map((object) => [object.handle, object]));
	const done = new Map<number, CardObject>();
	const place = (handle: number, above: ReadonlySet<number>): CardObject | undefined => {
		const known = done.get(handle) ?? seen.get(handle);
		const object = here.get(handle);
		if (known !== undefined || object === undefined || above.has(handle) || above.size > DEEPEST) return known;
		const { info } = object;
		const parent = place(info.parent, new Set([...above, handle]));
		// A parent that nobody knows, or a loop: it stays where it was found.
		const path = [...(parent?.path ?? asked.path), info.fileName];
		const result = { handle, path, folder: isFolder(info), info };
		if (path.length <= DEEPEST) done.set(handle, result);
		return result;
	};
	for (const { handle } of waiting) place(handle, new Set());
	return [...done.values()];
}

async function objectInfo(camera: Camera, handle: number, signal: AbortSignal): Promise<ObjectInfo | undefined> {
	try {
		return await camera.object(handle, signal);
	} catch (error) {
		// Deleted on the camera in the meantime, or not to be read: the rest of the card is still there.
		if (error instanceof OperationRefused) return undefined;
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
