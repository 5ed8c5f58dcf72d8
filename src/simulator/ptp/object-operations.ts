/** One object: what it is, its bytes whole or in part, its thumbnail, its end. */
import { type FileHandle, open } from 'node:fs/promises';
import { encodeDataset, type ObjectInfo, objectInfo, SIZE_BEYOND_32_BITS } from '../../core/ptp/datasets.ts';
import { formatPtpDate, fromLocalDate } from '../../core/ptp/dates.ts';
import { FORMAT, GENERIC_FOLDER } from '../../core/ptp/formats.ts';
import { ALL_OBJECTS, OPERATION } from '../../core/ptp/operations.ts';
import { RESPONSE } from '../../core/ptp/responses.ts';
import { type Card, type CardObject, onDisk } from '../card/card.ts';
import { type Device, STORAGE_ID } from './device.ts';
import type { Answer, Operation, Stream } from './operation.ts';

/** ObjectInfo as the camera fills it: sizes from the JPEG's own header, the date from its EXIF, else the file's. */
export async function describeObject(card: Card, object: CardObject): Promise<ObjectInfo> {
	const facts = await card.facts(object);
	const modified = formatPtpDate(fromLocalDate(object.modified));
	return {
		storageId: STORAGE_ID,
		format: object.format,
		protection: 0,
		size: Math.min(object.size, SIZE_BEYOND_32_BITS),
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

/** `size` bytes of a file from `at` on; nothing when it cannot be opened any more. */
async function streamOf(object: CardObject, at: number, size: number): Promise<Stream | undefined> {
	let file: FileHandle;
	try {
		file = await open(onDisk(object.path), 'r');
	} catch {
		return undefined;
	}
	return {
		size,
		read: async (into, offset) => (await file.read(into, 0, into.length, at + offset)).bytesRead,
		close: () => file.close(),
	};
}

async function part(object: CardObject, at: number, size: number, params: readonly number[]): Promise<Answer> {
	const data = await streamOf(object, at, size);
	return data === undefined ? { response: RESPONSE.accessDenied } : { response: RESPONSE.ok, params, data };
}

const invalidHandle = { response: RESPONSE.invalidObjectHandle };

export const objectOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.getObjectInfo,
		{
			async run({ param }, { card }) {
				const object = card.get(param(1));
				if (object === undefined) return invalidHandle;
				return { response: RESPONSE.ok, data: encodeDataset(objectInfo, await describeObject(card, object)) };
			},
		},
	],
	[
		OPERATION.getObject,
		{
			run({ param }, { card }) {
				const object = card.get(param(1));
				return object === undefined || object.folder ? invalidHandle : part(object, 0, object.size, []);
			},
		},
	],
	[
		OPERATION.getPartialObject,
		{
			run({ param }, { card }) {
				const object = card.get(param(1));
				if (object === undefined || object.folder) return invalidHandle;
				const at = param(2);
				if (at > object.size) return { response: RESPONSE.invalidParameter };
				const size = Math.min(param(3), object.size - at);
				return part(object, at, size, [size]);
			},
		},
	],
	[
		OPERATION.getThumb,
		{
			async run({ param }, { card }) {
				const object = card.get(param(1));
				if (object === undefined) return invalidHandle;
				const thumbnail = (await card.facts(object))?.thumbnail;
				if (thumbnail === undefined) return { response: RESPONSE.noThumbnailPresent };
				return { response: RESPONSE.ok, data: await card.readPart(object, thumbnail.at, thumbnail.size) };
			},
		},
	],
	[
		OPERATION.deleteObject,
		{
			async run({ param }, { card }) {
				const handle = param(1);
				const object = card.get(handle);
				if (handle !== ALL_OBJECTS && object === undefined) return invalidHandle;
				if (param(2) !== 0 && handle !== ALL_OBJECTS) return { response: RESPONSE.specificationByFormatUnsupported };
				const doomed = object === undefined ? [...card.objects()].filter((one) => !one.folder && matches(one, param(2))) : [object];
				let failed = 0;
				for (const one of doomed) await card.remove(one).catch(() => failed++);
				if (failed === 0) return { response: RESPONSE.ok };
				return { response: failed < doomed.length ? RESPONSE.partialDeletion : RESPONSE.accessDenied };
			},
		},
	],
]);

function matches(object: CardObject, format: number): boolean {
	return format === 0 || object.format === format;
}
