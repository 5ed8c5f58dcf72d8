/** The operations on one object: its description, its data as a whole or in parts, its thumbnail, its protection. */
import type { FileHandle } from 'node:fs/promises';
import { encodeDataset, type ObjectInfo, objectInfo, SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { formatPtpDate, fromLocalDate } from '#protocol/ptp/dates.ts';
import { FORMAT, GENERIC_FOLDER } from '#protocol/ptp/formats.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Card, CardEntry } from '../card/card.ts';
import type { Device } from './device.ts';
import type { IncomingRequest, Operation, OperationResult } from './operation.ts';
import { responseOf } from './refusals.ts';
import { STORAGE_ID } from './storage-id.ts';

/** Fills in ObjectInfo as the camera does: sizes from the JPEG's header, the date from its EXIF or else from the file. */
async function describeObject({ card, faults }: Pick<Device, 'card' | 'faults'>, object: CardEntry): Promise<ObjectInfo> {
	const facts = await card.facts(object);
	const modified = formatPtpDate(fromLocalDate(object.modified));
	return {
		storageId: STORAGE_ID,
		format: object.format,
		protection: object.protected ? 1 : 0,
		size: Math.min(faults?.reportedSize(object.size) ?? object.size, SIZE_BEYOND_32_BITS),
		thumbFormat: facts?.thumbnail === undefined ? 0 : FORMAT.exifJpeg,
		thumbSize: facts?.thumbnail?.size ?? 0,
		thumbWidth: facts?.thumbnail?.width ?? 0,
		thumbHeight: facts?.thumbnail?.height ?? 0,
		imageWidth: facts?.width ?? 0,
		imageHeight: facts?.height ?? 0,
		bitDepth: facts === undefined ? 0 : 24,
		parent: object.parent,
		associationType: object.folder ? GENERIC_FOLDER : 0,
		associationDescription: 0,
		sequence: 0,
		fileName: object.name,
		captureDate: facts?.taken === undefined ? modified : formatPtpDate(facts.taken),
		modificationDate: modified,
		keywords: '',
	};
}

const invalidHandle: OperationResult = { response: RESPONSE.invalidObjectHandle };

/** Answers with `size` bytes of a file, starting at `at`. The file is opened now, because it may be deleted while it is sent. */
async function part(card: Card, object: CardEntry, at: number, size: number, params: readonly number[]): Promise<OperationResult> {
	let file: FileHandle;
	try {
		file = await card.open(object);
	} catch (error) {
		return { response: responseOf(error) };
	}
	return {
		response: RESPONSE.ok,
		params,
		data: {
			size,
			read: async (into, offset) => (await file.read(into, 0, into.length, at + offset)).bytesRead,
			close: () => file.close(),
		},
	};
}

/** Makes GetPartialObject and its variants. `range` reads offset and length from the parameters. */
function partial(range: (request: IncomingRequest) => { at: number; most: number }): Operation<Device> {
	return {
		async run(request, { card }) {
			const object = await card.current(request.param(1));
			if (object === undefined || object.folder) return invalidHandle;
			const { at, most } = range(request);
			if (at > object.size) return { response: RESPONSE.invalidParameter };
			const size = Math.max(0, Math.min(most, object.size - at));
			return part(card, object, at, size, [size]);
		},
	};
}

const thumbnail: Operation<Device> = {
	async run({ param }, { card }) {
		const object = await card.current(param(1));
		if (object === undefined) return invalidHandle;
		const found = (await card.facts(object))?.thumbnail;
		if (found === undefined) return { response: RESPONSE.noThumbnailPresent };
		return { response: RESPONSE.ok, data: await card.readPart(object, found.at, found.size) };
	},
};

const whole: Operation<Device> = {
	async run({ param }, { card }) {
		const object = await card.current(param(1));
		return object === undefined || object.folder ? invalidHandle : part(card, object, 0, object.size, []);
	},
};

/** The operations by code. */
export const objectOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.getObjectInfo,
		{
			async run({ param }, device) {
				const object = await device.card.current(param(1));
				if (object === undefined) return invalidHandle;
				return { response: RESPONSE.ok, data: encodeDataset(objectInfo, await describeObject(device, object)) };
			},
		},
	],
	[OPERATION.getObject, whole],
	[OPERATION.getPartialObject, partial(({ param }) => ({ at: param(2), most: param(3) }))],
	// The fourth parameter says whether it is the first, a middle or the last piece; the bytes are the same.
	[OPERATION.canonGetPartialObjectEx, partial(({ param }) => ({ at: param(2), most: param(3) }))],
	[OPERATION.eosGetPartialObject, partial(({ param }) => ({ at: param(2), most: param(3) }))],
	[OPERATION.eosGetPartialObject64, partial(({ param }) => ({ at: param(2), most: param(3) }))],
	[OPERATION.androidGetPartialObject64, partial(({ param }) => ({ at: param(2) + param(3) * 2 ** 32, most: param(4) }))],
	[OPERATION.getThumb, thumbnail],
	[OPERATION.eosGetThumbEx, thumbnail],
	[
		OPERATION.setObjectProtection,
		{
			async run({ param }, { card }) {
				const object = await card.current(param(1));
				if (object === undefined || object.folder) return invalidHandle;
				if (param(2) > 1) return { response: RESPONSE.invalidParameter };
				try {
					await card.protect(object, param(2) === 1);
					return { response: RESPONSE.ok };
				} catch (error) {
					return { response: responseOf(error) };
				}
			},
		},
	],
]);
