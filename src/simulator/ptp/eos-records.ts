/** Writes the records in the data of Canon's own operations, as libgphoto2's ptp-pack.c reads them. */
import { EVENT } from '#protocol/ptp/events.ts';
import { Writer } from '#protocol/wire/bytes.ts';
import type { CardEntry } from '../card/card.ts';

/** Bytes of a name: 8 characters, a dot, 3 characters, and a 0. */
const SHORT_NAME_BYTES = 13;
/** Bytes of a name in EOS records. */
const EOS_NAME_BYTES = 16;

/** Bits of the flags: protected, and not fetched yet. */
const FLAG = { protected: 0x01, unfetched: 0x20 } as const;

/** Returns the flags of an object. `archived` are the handles that were marked as fetched. */
export function canonFlags(object: CardEntry, archived: ReadonlySet<number>): number {
	return (object.protected ? FLAG.protected : 0) | (archived.has(object.handle) || object.folder ? 0 : FLAG.unfetched);
}

const seconds = ({ modified }: CardEntry): number => Math.floor(modified.getTime() / 1000) >>> 0;
const size32 = ({ size }: CardEntry): number => Math.min(size, 0xffff_ffff);

/** Returns the beginning of a name in ASCII, with `?` for other characters, padded with 0. */
function shortName(name: string, bytes: number): Uint8Array {
	const into = new Uint8Array(bytes);
	for (let i = 0; i < Math.min(name.length, bytes - 1); i++) {
		const unit = name.charCodeAt(i);
		into[i] = unit < 0x80 ? unit : 0x3f;
	}
	return into;
}

/** Writes a record of GetObjectInfoEx (0x9021), 28 bytes. */
export function folderEntry(object: CardEntry, flags: number): Uint8Array {
	const to = new Writer();
	to.u32(object.handle);
	to.u16(object.format);
	to.u8(flags);
	to.u32(size32(object));
	to.u32(seconds(object));
	to.bytes(shortName(object.name, SHORT_NAME_BYTES));
	return to.done();
}

/** Writes a record of the EOS GetObjectInfoEx (0x9109), 56 bytes with its size in front. */
export function eosFolderEntry(storageId: number, object: CardEntry, flags: number): Uint8Array {
	const to = new Writer();
	to.u32(56);
	to.u32(object.handle);
	to.u32(storageId);
	to.u32(object.format);
	to.u32(0);
	to.u32(flags);
	to.u32(size32(object));
	to.u32(object.parent);
	to.u32(object.handle);
	to.bytes(shortName(object.name, EOS_NAME_BYTES));
	to.u32(seconds(object));
	return to.done();
}

/** Writes a record of GetEvent: size, code and contents. */
function eventRecord(code: number, body: Uint8Array): Uint8Array {
	const to = new Writer();
	to.u32(8 + body.length);
	to.u32(code);
	to.bytes(body);
	return to.done();
}

/** The record that ends the list. */
export const LAST_RECORD: Uint8Array = eventRecord(0, new Uint8Array(0));

/** Writes the event that an object was added. */
export function objectAddedEx(storageId: number, object: CardEntry): Uint8Array {
	const to = new Writer();
	to.u32(object.handle);
	to.u32(storageId);
	to.u32(object.format);
	to.u32(0);
	to.u32(0);
	to.u32(size32(object));
	to.u32(object.parent);
	to.u32(object.handle);
	to.bytes(shortName(object.name, EOS_NAME_BYTES));
	to.u32(seconds(object));
	return eventRecord(EVENT.eosObjectAddedEx, to.done());
}

/** Writes the event that an object was removed. */
export function objectRemoved(handle: number): Uint8Array {
	const to = new Writer();
	to.u32(handle);
	return eventRecord(EVENT.eosObjectRemoved, to.done());
}

/** Writes the event that a property has a value. */
export function propertyChanged(code: number, value: number): Uint8Array {
	const to = new Writer();
	to.u32(code);
	to.u32(value);
	return eventRecord(EVENT.eosPropValueChanged, to.done());
}
