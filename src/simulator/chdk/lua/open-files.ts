/** The files that a script has open, and how they are read. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { toInteger } from './integers.ts';
import { LARGEST_STRING, OutOfMemory } from './memory-limit.ts';

/** Of a number that is read. */
const MOST_DIGITS = 11;

export interface OpenFile {
	fd: number;
	/** Next byte to be read or written. */
	at: number;
	append: boolean;
}
/** Files by the user data that stands for them. */
export const openFiles = new Map<object, OpenFile>();

/** Closes what a script has left open. */
export function closeFiles(): void {
	for (const { fd } of openFiles.values()) closeSync(fd);
	openFiles.clear();
}

/** At most `size` bytes from where the file stands. */
export function readBytes(file: OpenFile, size: number): Uint8Array {
	const left = Math.max(0, fstatSync(file.fd).size - file.at);
	const wanted = Math.min(size, left);
	if (wanted > LARGEST_STRING) throw new OutOfMemory();
	const bytes = new Uint8Array(wanted);
	const read = readSync(file.fd, bytes, 0, wanted, file.at);
	file.at += read;
	return bytes.subarray(0, read);
}

export function readLine(file: OpenFile): Uint8Array | undefined {
	const start = file.at;
	for (let size = 256; ; size *= 4) {
		file.at = start;
		const bytes = readBytes(file, size);
		const end = bytes.indexOf(0x0a);
		if (end < 0 && bytes.length === size) continue;
		file.at = start + (end < 0 ? bytes.length : end + 1);
		return bytes.length === 0 ? undefined : bytes.subarray(0, end < 0 ? bytes.length : end);
	}
}

/** A whole number as CHDK scans it: blanks, a minus, digits; what follows is still to be read. */
export function readNumber(file: OpenFile): number | undefined {
	const next = (): number => readBytes(file, 1)[0] ?? -1;
	let byte = next();
	while (byte === 0x20 || (byte >= 9 && byte <= 13)) byte = next();
	const negative = byte === 0x2d;
	if (negative) byte = next();
	let digits = '';
	for (; digits.length < MOST_DIGITS && byte >= 0x30 && byte <= 0x39; byte = next()) digits += String.fromCharCode(byte);
	if (byte >= 0) file.at--;
	return digits === '' ? undefined : toInteger(negative ? -Number(digits) : Number(digits));
}
