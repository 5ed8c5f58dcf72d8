/**
 * Canon's two ways to describe a whole folder in one answer. Offsets as libgphoto2's ptp-pack.c reads them; nobody has published
 * a description. Everything here is what the camera claims: counts, sizes and names are checked against the bytes that came.
 */
import { MalformedBytes, Reader } from '../wire/bytes.ts';

/** One object of a folder as a listing describes it. */
export interface ListedObject {
	handle: number;
	/** One of `FORMAT`. */
	format: number;
	/** Bytes; 0xFFFFFFFF for 4 GiB and more, 0 where the camera does not say. */
	size: number;
	/** Seconds since 1970 by the camera's clock; whether that clock shows local time is not known. 0: not told. */
	seconds: number;
	/** As far as the field goes: longer names are cut. */
	name: string;
	/** The folder's handle; absent where the listing does not say. */
	parent?: number | undefined;
}

/** An entry of 0x9021: handle, format, flags, size, time, name. */
const CANON_ENTRY = 28;
const CANON_NAME = 13;

/** The answer to 0x9021 for a folder: entries without a count in front. */
export function parseCanonFolder(bytes: Uint8Array): ListedObject[] {
	if (bytes.length % CANON_ENTRY !== 0) throw new MalformedBytes(`${bytes.length} bytes are no whole number of entries`);
	const from = new Reader(bytes);
	const objects: ListedObject[] = [];
	while (from.left > 0) {
		const handle = from.u32();
		const format = from.u16();
		from.u8();
		const size = from.u32();
		const seconds = from.u32();
		objects.push({ handle, format, size, seconds, name: shortName(from.bytes(CANON_NAME)) });
	}
	return objects;
}

/** What an entry of 0x9109 has at least, its size word included. */
const EOS_ENTRY = 56;
/** A longer entry than this is none: the ones on record have 56 bytes. */
const EOS_ENTRY_LIMIT = 4096;
const EOS_NAME = 16;

/** The answer to 0x9109 for a folder: a count, then entries that say their own size. */
export function parseEosFolder(bytes: Uint8Array): ListedObject[] {
	const from = new Reader(bytes);
	const count = from.u32();
	const objects: ListedObject[] = [];
	while (from.left > 0) {
		const length = from.u32();
		if (length < EOS_ENTRY || length > EOS_ENTRY_LIMIT) throw new MalformedBytes(`an entry of ${length} bytes`);
		// The size word counts itself.
		const entry = new Reader(from.bytes(length - 4));
		const handle = entry.u32();
		entry.u32();
		const format = entry.u32() & 0xffff;
		entry.bytes(8);
		const size = entry.u32();
		const parent = entry.u32();
		entry.u32();
		objects.push({ handle, format, size, parent, name: shortName(entry.bytes(EOS_NAME)), seconds: entry.u32() });
	}
	if (objects.length !== count) throw new MalformedBytes(`${objects.length} entries where ${count} were announced`);
	return objects;
}

/** The text up to the first 0. */
function shortName(field: Uint8Array): string {
	const end = field.indexOf(0);
	return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** Extensions of the names that DCF and Canon give, all of three letters: a name of 8.3 with one of them is whole. */
const WHOLE = /^[^.]{8}\.(?:jpg|thm|cr2|cr3|crw|crm|hif|mov|mp4|avi|wav|mrk|ctg|txt|dat|log|lua|bas|png|tif|mpo)$/i;
/** Names of this length and longer fill the field. */
const FIELD = 12;

/** Whether the field may have cut the name: it is full, and the name does not look like one that the camera itself gives. */
export function mayBeCut(name: string): boolean {
	return name.length >= FIELD && !WHOLE.test(name);
}
