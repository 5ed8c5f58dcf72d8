/** Reads what a camera reports about a JPEG from its first bytes: size of the picture, and date and thumbnail of its EXIF. */

import { latin1 } from '#base/bytes.ts';
import type { CameraTime } from '#protocol/ptp/dates.ts';

/** What a camera reports about a JPEG. */
export interface JpegFacts {
	width: number;
	height: number;
	/** EXIF DateTimeOriginal, or else DateTime. */
	taken?: CameraTime | undefined;
	/** Position and size of the thumbnail in the file. It is a complete small JPEG. */
	thumbnail?: { at: number; size: number; width: number; height: number } | undefined;
}

/** How many bytes are read. An EXIF segment is at most 64 KiB and comes first; twice that includes the frame header after it. */
export const JPEG_HEAD_BYTES = 128 * 1024;

/** Reads the facts; `undefined` unless `head` contains the frame header of a JPEG. Never throws. */
export function jpegFacts(head: Uint8Array): JpegFacts | undefined {
	const frame = frameSize(head);
	if (frame === undefined) return undefined;
	const exif = exifSegment(head);
	return exif === undefined ? frame : { ...frame, ...readExif(head, exif.at, exif.size) };
}

/** Yields the marker segments before the image data. */
function* segments(bytes: Uint8Array): Generator<{ marker: number; at: number; size: number }> {
	if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return;
	let at = 2;
	while (at + 4 <= bytes.length) {
		if (bytes[at] !== 0xff) return;
		const marker = bytes[at + 1] ?? 0;
		if (marker === 0xff) {
			at++;
			continue;
		}
		const size = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
		if (size < 2 || marker === 0xd9 || marker === 0xda) return;
		yield { marker, at: at + 4, size: size - 2 };
		at += 2 + size;
	}
}

function frameSize(bytes: Uint8Array): { width: number; height: number } | undefined {
	for (const { marker, at, size } of segments(bytes)) {
		const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
		if (!isFrame || size < 6 || at + 5 > bytes.length) continue;
		const u16 = (offset: number): number => ((bytes[at + offset] ?? 0) << 8) | (bytes[at + offset + 1] ?? 0);
		return { height: u16(1), width: u16(3) };
	}
	return undefined;
}

/** Finds the TIFF structure inside the EXIF segment. */
function exifSegment(bytes: Uint8Array): { at: number; size: number } | undefined {
	for (const { marker, at, size } of segments(bytes)) {
		if (marker !== 0xe1 || size < 14 || at + size > bytes.length) continue;
		if (latin1(bytes.subarray(at, at + 6)) === 'Exif\0\0') return { at: at + 6, size: size - 6 };
	}
	return undefined;
}

const TAG = { dateTime: 0x0132, exifIfd: 0x8769, dateTimeOriginal: 0x9003, thumbnailAt: 0x0201, thumbnailSize: 0x0202 };

function readExif(bytes: Uint8Array, start: number, size: number): Pick<JpegFacts, 'taken' | 'thumbnail'> {
	const tiff = new DataView(bytes.buffer, bytes.byteOffset + start, size);
	const little = tiff.getUint16(0) === 0x4949;
	if (!little && tiff.getUint16(0) !== 0x4d4d) return {};
	const u16 = (at: number): number => (at + 2 <= size ? tiff.getUint16(at, little) : 0);
	const u32 = (at: number): number => (at + 4 <= size ? tiff.getUint32(at, little) : 0);
	const directory = (at: number): { value(tag: number): number | undefined; next: number } => {
		const count = at === 0 || at + 2 > size ? 0 : u16(at);
		const entries = new Map<number, number>();
		for (let i = 0; i < count && at + 2 + i * 12 + 12 <= size; i++) {
			const entry = at + 2 + i * 12;
			entries.set(u16(entry), u16(entry + 2) === 3 ? u16(entry + 8) : u32(entry + 8));
		}
		return { value: (tag) => entries.get(tag), next: u32(at + 2 + count * 12) };
	};
	const date = (at: number | undefined): CameraTime | undefined => {
		if (at === undefined || at + 19 > size) return undefined;
		return exifDate(latin1(bytes.subarray(start + at, start + at + 19)));
	};
	const main = directory(u32(4));
	const taken = date(directory(main.value(TAG.exifIfd) ?? 0).value(TAG.dateTimeOriginal)) ?? date(main.value(TAG.dateTime));
	const second = directory(main.next);
	const at = second.value(TAG.thumbnailAt) ?? 0;
	const length = second.value(TAG.thumbnailSize) ?? 0;
	const whole = at > 0 && length > 0 && at + length <= size ? bytes.subarray(start + at, start + at + length) : undefined;
	const frame = whole === undefined ? undefined : frameSize(whole);
	return { taken, thumbnail: frame === undefined ? undefined : { at: start + at, size: length, ...frame } };
}

/** `2024:02:29 23:59:58` */
function exifDate(text: string): CameraTime | undefined {
	const found = /^(\d{4}):(\d{2}):(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(text);
	if (found === null) return undefined;
	const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day, hour, minute, second } : undefined;
}
