/** MTP's ObjectPropList (MTP 1.1, E.2.1), the answer to 0x9805: quadruples of handle, property, type and value. */
import { MalformedBytes, Reader } from '../wire/bytes.ts';
import { ptpString } from '../wire/fields.ts';
import type { ListedObject } from './canon-listing.ts';
import { OBJECT_PROPERTY, TYPE } from './properties.ts';

/** A property as it came; arrays are skipped. */
export type PropertyValue = number | bigint | string | undefined;

/** The `ARRAY` bit of a type code. */
const ARRAY = 0x4000;
/** Bytes of a scalar by its type code: INT8 to UINT128. */
const BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 8, 8: 8, 9: 16, 10: 16 };

function value(from: Reader, type: number): PropertyValue {
	if (type === TYPE.string) return ptpString.read(from);
	const bytes = BYTES[type & ~ARRAY];
	if (bytes === undefined) throw new MalformedBytes(`a value of the unknown type 0x${type.toString(16)}`);
	if ((type & ARRAY) !== 0) {
		const count = from.u32();
		if (count * bytes > from.left) throw new MalformedBytes(`an array of ${count} values, ${from.left} bytes left`);
		from.bytes(count * bytes);
		return undefined;
	}
	switch (bytes) {
		case 1:
			return from.u8();
		case 2:
			return from.u16();
		case 4:
			return from.u32();
		case 8:
			return from.u64();
		default:
			from.bytes(bytes);
			return undefined;
	}
}

/** What is told of one object. */
type Told = Omit<Partial<ListedObject>, 'seconds'> & { date?: string };

/** An object of a property list. `date`: as PTP writes dates, '' where the list does not tell. */
export interface PropertyObject extends Omit<ListedObject, 'seconds'> {
	date: string;
}

/**
 * Objects of the list in its order. An object without name, format or size is left out: what is told of it is not enough. Throws
 * `MalformedBytes`.
 */
export function parsePropertyList(bytes: Uint8Array): PropertyObject[] {
	const from = new Reader(bytes);
	const count = from.u32();
	const objects = new Map<number, Told>();
	for (let n = 0; n < count; n++) {
		const handle = from.u32();
		const property = from.u16();
		const told = value(from, from.u16());
		const object = objects.get(handle) ?? {};
		objects.set(handle, object);
		take(object, property, told);
	}
	if (from.left > 0) throw new MalformedBytes(`${from.left} bytes behind the last property`);
	return [...objects].flatMap(([handle, { name, format, size, parent, date = '' }]) =>
		name === undefined || format === undefined || size === undefined ? [] : [{ handle, name, format, size, parent, date }],
	);
}

function take(object: Told, property: number, told: PropertyValue): void {
	const number = typeof told === 'bigint' ? Number(told) : told;
	if (typeof number === 'number') {
		if (property === OBJECT_PROPERTY.objectFormat) object.format = number & 0xffff;
		else if (property === OBJECT_PROPERTY.parentObject) object.parent = number;
		// As ObjectInfo has it, so that both mean the same.
		else if (property === OBJECT_PROPERTY.objectSize) object.size = Math.min(number, 0xffff_ffff);
	} else if (number !== undefined) {
		if (property === OBJECT_PROPERTY.objectFileName) object.name = number;
		else if (property === OBJECT_PROPERTY.dateModified) object.date = number;
		else if (property === OBJECT_PROPERTY.dateCreated) object.date ??= number;
	}
}
