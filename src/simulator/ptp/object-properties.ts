/** MTP's object properties: which there are, their descriptions, and their values. */
import { codeList, encodeDataset } from '#protocol/ptp/datasets.ts';
import { formatPtpDate, fromLocalDate } from '#protocol/ptp/dates.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { OBJECT_PROPERTY, TYPE } from '#protocol/ptp/properties.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { Writer } from '#protocol/wire/bytes.ts';
import { type Field, ptpString, u16, u32, u64 } from '#protocol/wire/fields.ts';
import type { CardEntry } from '../card/card.ts';
import { currentOf } from './canon-operations.ts';
import type { Device } from './device.ts';
import { listing } from './listing-faults.ts';
import type { Operation, OperationResult } from './operation.ts';
import { STORAGE_ID } from './storage-id.ts';

interface ObjectProperty<T> {
	type: number;
	field: Field<T>;
	none: T;
	of(object: CardEntry): T;
}

const property = <T>(type: number, field: Field<T>, none: T, of: (object: CardEntry) => T): ObjectProperty<T> => ({
	type,
	field,
	none,
	of,
});
const date = ({ modified }: CardEntry): string => formatPtpDate(fromLocalDate(modified));

// biome-ignore lint/suspicious/noExplicitAny: each property has a value type of its own; `property` keeps field and value together.
const properties: ReadonlyMap<number, ObjectProperty<any>> = new Map<number, ObjectProperty<any>>([
	[OBJECT_PROPERTY.storageId, property(TYPE.u32, u32, 0, () => STORAGE_ID)],
	[OBJECT_PROPERTY.objectFormat, property(TYPE.u16, u16, 0, ({ format }) => format)],
	[OBJECT_PROPERTY.protectionStatus, property(TYPE.u16, u16, 0, (object) => (object.protected ? 1 : 0))],
	// 64 bits, for movies whose size does not fit into ObjectInfo.
	[OBJECT_PROPERTY.objectSize, property(TYPE.u64, u64, 0n, ({ size }) => BigInt(size))],
	[OBJECT_PROPERTY.objectFileName, property(TYPE.string, ptpString, '', ({ name }) => name)],
	[OBJECT_PROPERTY.dateCreated, property(TYPE.string, ptpString, '', date)],
	[OBJECT_PROPERTY.dateModified, property(TYPE.string, ptpString, '', date)],
	[OBJECT_PROPERTY.parentObject, property(TYPE.u32, u32, 0, ({ parent }) => parent)],
]);

/** Returns an object with the size that the camera reports. Assumed: a firmware that reports 0 in ObjectInfo does so here too. */
const asReported = (object: CardEntry, faults: Device['faults']): CardEntry =>
	faults === undefined || object.folder ? object : { ...object, size: faults.reportedSize(object.size) };

/** `property` parameter of GetObjectPropList: all properties. */
const ALL_PROPERTIES = 0xffff_ffff;
/** `depth` parameter: the object alone, with what is directly in it, or with all that is below it (MTP 1.1, E.2.1). */
const ITSELF = 0;
const CHILDREN = 1;
const ALL_BELOW = 0xffff_ffff;
/** `handle` parameter: the root, and every object. */
const ROOT = 0;
const EVERYTHING = 0xffff_ffff;

/** The objects that handle and depth choose; nothing when there is no such object. */
async function listed({ card, effects }: Device, handle: number, depth: number): Promise<CardEntry[] | undefined> {
	if (handle === EVERYTHING || handle === ROOT) {
		effects.ptpModeAsked();
		await card.scan();
		return handle === EVERYTHING && depth !== CHILDREN ? [...card.objects()] : below(card, 0, depth);
	}
	const object = await card.current(handle);
	if (object === undefined) return undefined;
	if (depth === ITSELF) return [object];
	effects.ptpModeAsked();
	await card.scan();
	return [object, ...below(card, handle, depth)];
}

function below(card: Device['card'], folder: number, depth: number): CardEntry[] {
	if (depth === ITSELF) return [];
	const children = [...card.in(folder)];
	return depth === CHILDREN ? children : children.flatMap((one) => [one, ...(one.folder ? below(card, one.handle, depth) : [])]);
}

const noSuchProperty: OperationResult = { response: RESPONSE.mtpInvalidObjectPropCode };

/** The operations by code. */
export const objectPropertyOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.mtpGetObjectPropsSupported,
		{
			run({ param }, { model, effects }) {
				if (!model.imageFormats.includes(param(1))) return { response: RESPONSE.invalidObjectFormatCode };
				effects.ptpModeAsked();
				return { response: RESPONSE.ok, data: encodeDataset(codeList, [...properties.keys()]) };
			},
		},
	],
	[
		OPERATION.mtpGetObjectPropDesc,
		{
			run({ param }, { model }) {
				const found = properties.get(param(1));
				if (found === undefined) return noSuchProperty;
				if (!model.imageFormats.includes(param(2))) return { response: RESPONSE.invalidObjectFormatCode };
				// Code, type, get only, default, group, no form (MTP 1.1, ObjectPropDesc).
				const to = new Writer();
				to.u16(param(1));
				to.u16(found.type);
				to.u8(0);
				found.field.write(to, found.none);
				to.u32(0);
				to.u8(0);
				return { response: RESPONSE.ok, data: to.done() };
			},
		},
	],
	[
		OPERATION.mtpGetObjectPropValue,
		{
			async run({ param }, { card, faults }) {
				const object = await card.current(param(1));
				if (object === undefined) return { response: RESPONSE.invalidObjectHandle };
				const found = properties.get(param(2));
				if (found === undefined) return noSuchProperty;
				const to = new Writer();
				found.field.write(to, found.of(asReported(object, faults)));
				return { response: RESPONSE.ok, data: to.done() };
			},
		},
	],
	[
		OPERATION.mtpSetObjectPropValue,
		{
			dataOut: () => true,
			run: ({ param }) => (properties.has(param(2)) ? { response: RESPONSE.accessDenied } : noSuchProperty),
		},
	],
	[
		OPERATION.mtpGetObjectPropList,
		{
			async run({ param }, device) {
				const wanted = param(3);
				const format = param(2);
				const depth = param(5);
				if (depth !== ITSELF && depth !== CHILDREN && depth !== ALL_BELOW) return { response: RESPONSE.mtpSpecificationByDepthUnsupported };
				if (wanted === 0) return { response: RESPONSE.mtpSpecificationByGroupUnsupported };
				const objects = await listed(device, param(1), depth);
				if (objects === undefined) return { response: RESPONSE.invalidObjectHandle };
				const chosen = [...properties].filter(([code]) => wanted === ALL_PROPERTIES || wanted === code);
				if (chosen.length === 0) return noSuchProperty;
				const found = await currentOf(
					device,
					objects.filter((object) => format === 0 || object.format === format),
				);
				return listing(device, OPERATION.mtpGetObjectPropList, found, (told) => {
					const to = new Writer();
					to.u32(chosen.length * told.length);
					for (const object of told)
						for (const [code, { type, field, of }] of chosen) {
							to.u32(object.handle);
							to.u16(code);
							to.u16(type);
							field.write(to, of(asReported(object, device.faults)));
						}
					return to.done();
				});
			},
		},
	],
]);
