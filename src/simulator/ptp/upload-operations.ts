/** SendObjectInfo and SendObject, which put a file or folder on the card. */
import { decodeDataset, type ObjectInfo, objectInfo, SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { parsePtpDate, toLocalDate } from '#protocol/ptp/dates.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';
import { OPERATION, ROOT_PARENT } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { Card } from '../card/card.ts';
import type { Device } from './device.ts';
import type { Incoming } from './incoming.ts';
import type { Operation, OperationResult } from './operation.ts';
import { responseOf } from './refusals.ts';
import { hasStorage } from './selection.ts';
import { STORAGE_ID } from './storage-id.ts';

/** Longest accepted ObjectInfo in bytes, far above a real one with four strings of 255 units. */
const LARGEST_INFO = 4096;
/** Longest name: in UTF-16 units on a FAT card, and in bytes of UTF-8 on the disk behind the simulated card. */
const LONGEST_NAME = 255;

/** Characters that no name may contain: those that FAT forbids, control characters, and halves of surrogate pairs. */
const FORBIDDEN = /["*/:<>?\\|\p{Cc}\p{Cs}]/u;

/** Whether a card can have a file of this name: no path, nothing that FAT forbids, and no name that is hidden or reserved here. */
export function isCardName(name: string): boolean {
	return name.length > 0 && Buffer.byteLength(name) <= LONGEST_NAME && !FORBIDDEN.test(name) && !/^\.|[. ]$/.test(name);
}

async function readInfo(data: Incoming | undefined): Promise<ObjectInfo | undefined> {
	const bytes = (await data?.collect(LARGEST_INFO)) ?? new Uint8Array(0);
	try {
		return decodeDataset(objectInfo, bytes);
	} catch (error) {
		if (error instanceof MalformedBytes) return undefined;
		throw error;
	}
}

/** Resolves to the folder that the parameters name, or to the response that refuses it. */
async function target(device: Device, storage: number, parent: number): Promise<{ folder: number } | { response: number }> {
	if (storage !== 0 && !hasStorage(device, storage)) return { response: RESPONSE.invalidStorageID };
	if (storage !== 0 && storage !== STORAGE_ID) return { response: RESPONSE.storeFull };
	await device.card.scan();
	if (parent === ROOT_PARENT) return { folder: 0 };
	if (parent === 0) return { folder: newestPictureFolder(device) };
	const folder = device.card.get(parent);
	if (folder === undefined) return { response: RESPONSE.invalidObjectHandle };
	return folder.folder ? { folder: parent } : { response: RESPONSE.invalidParentObject };
}

/** Chooses the folder if the responder may decide: the one for the next picture. */
function newestPictureFolder({ card }: Device): number {
	let newest = 0;
	let best = '';
	for (const object of card.objects())
		if (object.folder && /^[1-9]\d\d\w{5}$/.test(object.name) && object.name > best) [newest, best] = [object.handle, object.name];
	return newest;
}

/** Resolves to the response that refuses this many bytes; `undefined` if there is room, or if the number is unknown. */
async function noRoom(card: Card, bytes: number | undefined): Promise<number | undefined> {
	const space = await card.space();
	if (space === undefined) return RESPONSE.storeNotAvailable;
	return bytes !== undefined && BigInt(bytes) > space.free ? RESPONSE.storeFull : undefined;
}

const sendObjectInfo: Operation<Device> = {
	dataOut: () => true,
	async run({ param }, device, data): Promise<OperationResult> {
		const { card } = device;
		const info = await readInfo(data);
		device.announced = undefined;
		if (info === undefined || !isCardName(info.fileName)) return { response: RESPONSE.invalidParameter };
		const chosen = await target(device, param(1), param(2));
		if ('response' in chosen) return chosen;
		const parent = chosen.folder;
		if (card.has(parent, info.fileName)) return { response: RESPONSE.accessDenied };
		const handle = card.reserve();
		const answer: OperationResult = { response: RESPONSE.ok, params: [STORAGE_ID, parent === 0 ? ROOT_PARENT : parent, handle] };
		if (info.format === FORMAT.association) {
			try {
				await card.makeFolder(parent, info.fileName, handle);
				return answer;
			} catch (error) {
				return { response: responseOf(error) };
			}
		}
		const size = info.size === SIZE_BEYOND_32_BITS ? undefined : info.size;
		const refusal = await noRoom(card, size);
		if (refusal !== undefined) return { response: refusal };
		const date = parsePtpDate(info.modificationDate) ?? parsePtpDate(info.captureDate);
		device.announced = {
			handle,
			parent,
			name: info.fileName,
			size,
			modified: date === undefined ? undefined : toLocalDate(date),
		};
		return answer;
	},
};

const sendObject: Operation<Device> = {
	dataOut: () => true,
	async run(_request, device, data): Promise<OperationResult> {
		const { card, announced } = device;
		if (announced === undefined || data === undefined) return { response: RESPONSE.noValidObjectInfo };
		const { parent, name, handle, size, modified } = announced;
		const refusal = await noRoom(card, data.total);
		if (refusal !== undefined) return { response: refusal };
		// For long files Start Data has the right size. For others ObjectInfo must have announced the same size.
		if (size !== undefined && data.total !== undefined && data.total !== size) return { response: RESPONSE.incompleteTransfer };
		try {
			const upload = await card.beginUpload(parent, name);
			try {
				for await (const piece of data.pieces()) await upload.write(piece);
				if (size !== undefined && data.received !== size) return { response: RESPONSE.incompleteTransfer };
				await card.finishUpload(upload, parent, name, handle, modified);
			} finally {
				await upload.discard();
			}
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === undefined) throw error; // the data phase, not the card
			return { response: responseOf(error) };
		}
		device.announced = undefined;
		return { response: RESPONSE.ok };
	},
};

/** The operations by code. */
export const uploadOperations: ReadonlyMap<number, Operation<Device>> = new Map([
	[OPERATION.sendObjectInfo, sendObjectInfo],
	[OPERATION.sendObject, sendObject],
]);
