/**
 * The folders of a card, listed in as few operations as this camera allows. Ways are tried in the order in which they are
 * trusted; what a way tells is held against GetObjectHandles and some GetObjectInfo, and where they disagree the next way is
 * taken. One GetObjectInfo for each object always works.
 */
import type { Camera } from '#camera/camera.ts';
import type { Chdk } from '#camera/chdk.ts';
import { isAnswer } from '#camera/ready-camera.ts';
import { formatPtpDate } from '#protocol/ptp/dates.ts';
import { ANY_PARENT, OPERATION } from '#protocol/ptp/operations.ts';
import { clockOffset, disagreement, samples } from '../rules/listing-check.ts';
import { chdkTree } from './chdk-tree.ts';
import { canonFolder, eosFolder, propertyList } from './operations.ts';
import { entryOf, type FolderEntry, type FolderPlace, secondsOf, type Way } from './way.ts';

/** Remembers ways that failed on a camera, also when it is connected again. */
export interface ListingMemory {
	/** Whether this way must not be tried on this camera. */
	failed(camera: string, way: string): boolean;
	/** Notes that a way is about to be tried; a program that does not come back from it has failed. */
	trying(camera: string, way: string): void;
	/** It went well. */
	worked(camera: string, way: string): void;
}

/** Remembers as long as the program runs. */
export function listingMemory(): ListingMemory {
	const failed = new Set<string>();
	const key = (camera: string, way: string) => `${camera}\n${way}`;
	return {
		failed: (camera, way) => failed.has(key(camera, way)),
		trying: (camera, way) => void failed.add(key(camera, way)),
		worked: (camera, way) => void failed.delete(key(camera, way)),
	};
}

export interface CatalogueOptions {
	camera: Camera;
	chdk?: Chdk | undefined;
	memory?: ListingMemory | undefined;
	/** How long GetObjPropList may take for a folder, in milliseconds. */
	propertyListMs?: number | undefined;
	/** Told why a short way was given up, a sentence. */
	onDistrust?: ((why: string) => void) | undefined;
}

/** A folder with fewer objects than this is not worth a way that needs the handles first. */
const FEW = 8;

/** How a camera is remembered: its model, firmware and serial number. */
const identityOf = ({ device: { model, deviceVersion, serialNumber } }: Camera): string =>
	[model, deviceVersion, serialNumber].map((text) => text.trim()).join(' / ');

export class Catalogue {
	readonly #camera: Camera;
	readonly #options: CatalogueOptions;
	readonly #identity: string;
	/** Ways still trusted, the best first. */
	#ways: Way[];
	/** Folders with files that were listed by the first of them. */
	#checked = 0;
	/** The camera's clock against its dates. */
	readonly #clock: [listed: number, told: number][] = [];
	/** Every handle of a storage, as far as the camera tells. */
	readonly #all = new Map<number, Promise<ReadonlySet<number>>>();

	constructor(options: CatalogueOptions) {
		this.#camera = options.camera;
		this.#options = options;
		this.#identity = identityOf(options.camera);
		this.#ways = this.#waysOf();
	}

	#waysOf(): Way[] {
		const { camera, chdk, memory, propertyListMs } = this.#options;
		const ways = [
			...(camera.lists(OPERATION.eosGetObjectInfoEx) ? [eosFolder] : []),
			...(camera.lists(OPERATION.canonGetObjectInfoEx) ? [canonFolder] : []),
		];
		// Where Canon's own ways are listed, the one with the bad record is not needed.
		if (ways.length === 0 && camera.lists(OPERATION.mtpGetObjectPropList)) ways.push(propertyList(propertyListMs));
		if (chdk !== undefined) ways.push(chdkTree(chdk));
		return ways.filter(({ remembered }) => remembered === undefined || memory?.failed(this.#identity, remembered) !== true);
	}

	/** The way that is used now; for people. */
	get way(): string {
		return this.#ways[0]?.name ?? 'GetObjectInfo';
	}

	get camera(): Camera {
		return this.#camera;
	}

	/** A walk begins: what the camera told of the whole card before may not be true any more. */
	begin(): void {
		this.#all.clear();
	}

	/**
	 * Objects directly in a folder, each once; an object that cannot be read is `unreadable`. `handlesOf` asks for the folder's
	 * handles; those that are `known` already are not asked about. Throws a lost connection, the signal's reason, and what
	 * `handlesOf` throws.
	 */
	async *list(
		folder: FolderPlace,
		handlesOf: () => Promise<readonly number[]>,
		known: (handle: number) => boolean,
		signal: AbortSignal,
	): AsyncGenerator<FolderEntry | 'unreadable'> {
		let handles: readonly number[] | undefined;
		for (let way = this.#ways[0]; way !== undefined; way = this.#ways[0]) {
			if (way.covers?.(folder) === false) break;
			if (way.needsHandles) handles ??= await handlesOf();
			if (handles !== undefined && handles.length < FEW) break;
			const listed = await this.#by(way, folder, handles, handlesOf, signal);
			if (listed !== undefined) {
				yield* this.#dated(listed);
				return;
			}
		}
		for (const handle of new Set(handles ?? (await handlesOf()))) {
			if (known(handle) || handle === folder.handle) continue;
			const entry = await describe(this.#camera, handle, signal);
			if (entry !== undefined) yield entry;
		}
	}

	/** Handles of a storage that the camera has told, and that no listing of ours has shown; empty where no short way was taken. */
	async unlisted(storage: number, known: (handle: number) => boolean): Promise<number[]> {
		const all = (await this.#all.get(storage)) ?? new Set();
		return [...all].filter((handle) => !known(handle));
	}

	/** The folder by one way, believed; nothing when it is not, and then that way is never used again. */
	async #by(
		way: Way,
		folder: FolderPlace,
		handles: readonly number[] | undefined,
		handlesOf: () => Promise<readonly number[]>,
		signal: AbortSignal,
	): Promise<readonly FolderEntry[] | undefined> {
		const { memory } = this.#options;
		if (way.remembered !== undefined) memory?.trying(this.#identity, way.remembered);
		try {
			const entries = unique(await way.list(this.#camera, folder, handles, signal), folder);
			const files = entries.filter((entry) => !entry.folder).length;
			const nth = this.#checked + (files > 0 ? 1 : 0);
			const why =
				(await this.#miscounted(entries, nth, folder, handles, handlesOf, signal)) ??
				(files === 0 ? undefined : await this.#misdescribed(entries, nth, signal));
			if (why !== undefined) return this.#distrust(way, why);
			this.#checked = nth;
			if (way.remembered !== undefined) memory?.worked(this.#identity, way.remembered);
			return entries;
		} catch (error) {
			if (signal.aborted && way.remembered !== undefined) memory?.worked(this.#identity, way.remembered);
			signal.throwIfAborted();
			const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
			if (!isAnswer(error) && !timedOut) throw error;
			return this.#distrust(way, timedOut ? 'it did not answer in time' : error.message);
		}
	}

	#distrust(way: Way, why: string): undefined {
		this.#ways = this.#ways.filter((one) => one !== way);
		this.#checked = 0;
		this.#options.onDistrust?.(`${way.name} is not used on this camera: ${why}. The card is listed by ${this.way} instead.`);
		return undefined;
	}

	/** Why the number of objects is not to be believed; the handles are asked for where the camera has not told all of the card. */
	async #miscounted(
		entries: readonly FolderEntry[],
		nth: number,
		folder: FolderPlace,
		handles: readonly number[] | undefined,
		handlesOf: () => Promise<readonly number[]>,
		signal: AbortSignal,
	): Promise<string | undefined> {
		const all = await this.#allHandles(folder.storage, signal);
		// The whole card is compared in the end; a folder that seems empty, or the first one with files, is looked at now.
		const listedByAll = all.size > 0 && entries.every(({ handle }) => all.has(handle));
		if (handles === undefined && listedByAll && entries.length > 0 && nth !== 1) return undefined;
		const told = new Set((handles ?? (await handlesOf())).filter((handle) => handle !== folder.handle));
		const missing = [...told].filter((handle) => !entries.some((entry) => entry.handle === handle)).length;
		if (missing === 0) return undefined;
		return `it lists ${entries.length} objects of ${folder.path.join('/') || 'the root'}, where the camera has ${told.size}`;
	}

	async #misdescribed(entries: readonly FolderEntry[], nth: number, signal: AbortSignal): Promise<string | undefined> {
		for (const at of samples(entries.length, nth)) {
			const listed = entries[at] as FolderEntry;
			const told = await describe(this.#camera, listed.handle, signal);
			if (told === undefined || told === 'unreadable') continue; // deleted in the meantime
			const why = disagreement(listed, told);
			if (why !== undefined) return why;
			const seconds = secondsOf(told);
			if (listed.seconds !== undefined && seconds !== undefined) this.#clock.push([listed.seconds, seconds]);
		}
		return undefined;
	}

	/** Gives entries the dates that ObjectInfo would tell, as far as the samples show how the camera's clock goes. */
	*#dated(entries: readonly FolderEntry[]): Generator<FolderEntry> {
		const offset = clockOffset(this.#clock);
		for (const entry of entries) {
			if (entry.modificationDate !== '' || entry.seconds === undefined || offset === undefined) yield entry;
			else yield { ...entry, modificationDate: ptpDate(entry.seconds + offset) };
		}
	}

	/** Every handle of a storage by one operation; empty when the camera does not tell. */
	#allHandles(storage: number, signal: AbortSignal): Promise<ReadonlySet<number>> {
		const known = this.#all.get(storage);
		if (known !== undefined) return known;
		const asking = this.#camera.handles(storage, ANY_PARENT, signal).then(
			(handles): ReadonlySet<number> => new Set(handles),
			(error: unknown) => {
				if (isAnswer(error)) return new Set<number>();
				throw error;
			},
		);
		this.#all.set(storage, asking);
		return asking;
	}
}

/** Entries with a handle of their own, each once, without the folder itself. */
function unique(entries: readonly FolderEntry[], folder: FolderPlace): FolderEntry[] {
	const seen = new Set<number>([0, 0xffff_ffff, folder.handle]);
	return entries.filter(({ handle }) => {
		if (seen.has(handle)) return false;
		seen.add(handle);
		return true;
	});
}

/** What GetObjectInfo tells of an object; nothing when it is gone. */
export async function describe(camera: Camera, handle: number, signal: AbortSignal): Promise<FolderEntry | 'unreadable' | undefined> {
	try {
		return entryOf(handle, await camera.object(handle, signal));
	} catch (error) {
		// Deleted on the camera in the meantime, or not to be read: the rest of the card is still there.
		if (!isAnswer(error)) throw error;
		return error.name === 'OperationRefused' ? undefined : 'unreadable';
	}
}

function ptpDate(seconds: number): string {
	const date = new Date(seconds * 1000);
	return formatPtpDate({
		year: date.getUTCFullYear(),
		month: date.getUTCMonth() + 1,
		day: date.getUTCDate(),
		hour: date.getUTCHours(),
		minute: date.getUTCMinutes(),
		second: date.getUTCSeconds(),
	});
}
