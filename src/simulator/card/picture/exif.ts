/** Writes the EXIF segment of a camera's picture: maker, model, date, and a thumbnail (Exif 2.3, a TIFF structure). */
import type { CameraTime } from '#protocol/ptp/dates.ts';
import { Writer } from '#protocol/wire/bytes.ts';

/** The contents of an EXIF segment. */
export interface ExifFacts {
	make: string;
	model: string;
	taken: CameraTime;
	width: number;
	height: number;
	/** A complete small JPEG. */
	thumbnail: Uint8Array;
}

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
type Entry = { tag: number; type: number; value: number | string | readonly [number, number] };

const sizeOf = ({ value }: Entry): number => (typeof value === 'number' ? 0 : typeof value === 'string' ? value.length + 1 : 8);
/** Returns the bytes of a directory: count, entries, offset of the next, and values that do not fit into an entry. */
const room = (entries: readonly Entry[]): number =>
	2 + entries.length * 12 + 4 + entries.reduce((sum, entry) => sum + (sizeOf(entry) > 4 ? sizeOf(entry) + (sizeOf(entry) % 2) : 0), 0);

/** Returns the contents of the APP1 segment. */
export function exifSegment({ make, model, taken, width, height, thumbnail }: ExifFacts): Uint8Array {
	const two = (value: number): string => String(value).padStart(2, '0');
	const date = `${taken.year}:${two(taken.month)}:${two(taken.day)} ${two(taken.hour)}:${two(taken.minute)}:${two(taken.second)}`;
	const main = (exifAt: number): Entry[] => [
		{ tag: 0x010f, type: ASCII, value: make },
		{ tag: 0x0110, type: ASCII, value: model },
		{ tag: 0x0112, type: SHORT, value: 1 },
		{ tag: 0x011a, type: RATIONAL, value: [180, 1] },
		{ tag: 0x011b, type: RATIONAL, value: [180, 1] },
		{ tag: 0x0128, type: SHORT, value: 2 },
		{ tag: 0x0132, type: ASCII, value: date },
		{ tag: 0x8769, type: LONG, value: exifAt },
	];
	const exif: Entry[] = [
		{ tag: 0x829a, type: RATIONAL, value: [1, 125] },
		{ tag: 0x829d, type: RATIONAL, value: [36, 10] },
		{ tag: 0x8827, type: SHORT, value: 100 },
		{ tag: 0x9003, type: ASCII, value: date },
		{ tag: 0x9004, type: ASCII, value: date },
		{ tag: 0xa002, type: LONG, value: width },
		{ tag: 0xa003, type: LONG, value: height },
	];
	const second = (at: number): Entry[] => [
		{ tag: 0x0103, type: SHORT, value: 6 },
		{ tag: 0x0201, type: LONG, value: at },
		{ tag: 0x0202, type: LONG, value: thumbnail.length },
	];
	const exifAt = 8 + room(main(0));
	const secondAt = exifAt + room(exif);
	const to = new Writer();
	to.bytes(new TextEncoder().encode('Exif\0\0II'));
	to.u16(42);
	to.u32(8);
	directory(to, 8, main(exifAt), secondAt);
	directory(to, exifAt, exif, 0);
	directory(to, secondAt, second(secondAt + room(second(0))), 0);
	to.bytes(thumbnail);
	return to.done().slice();
}

function directory(to: Writer, start: number, entries: readonly Entry[], next: number): void {
	const values = new Writer();
	const valuesAt = start + 2 + entries.length * 12 + 4;
	to.u16(entries.length);
	for (const { tag, type, value } of entries) {
		to.u16(tag);
		to.u16(type);
		if (typeof value === 'number') {
			to.u32(1);
			to.u32(value); // little-endian, so a SHORT is in the first two bytes
			continue;
		}
		to.u32(typeof value === 'string' ? value.length + 1 : 1);
		to.u32(valuesAt + values.done().length);
		if (typeof value === 'string') {
			values.bytes(new TextEncoder().encode(`${value}\0`));
			if (values.done().length % 2 === 1) values.u8(0);
		} else for (const part of value) values.u32(part);
	}
	to.u32(next);
	to.bytes(values.done());
}
