/** The open files of a script, and functions that read them. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { toInteger } from './integers.ts';
import { LARGEST_STRING, OutOfMemory } from './memory-limit.ts';

/** Most digits of a number that is read. */
const MOST_DIGITS = 11;

/** An open file. */
export interface OpenFile {
	fd: number;
	/** Position of the next byte to read or write. */
	at: number;
	append: boolean;
}
/** The files by the user data that represents them. */
export const openFiles = new Map<object, OpenFile>();

/** Closes the files that a script has left open. */
export function closeFiles(): void {
	for (const { fd } of openFiles.values()) closeSync(fd);
	openFiles.clear();
}

/** Reads at most `size` bytes from the file's position. */
export function readBytes(file: OpenFile, size: number): Uint8Array {
	const left = Math.max(0, fstatSync(file.fd).size - file.at);
	const wanted = Math.min(size, left);
	if (wanted > LARGEST_STRING) throw new OutOfMemory();
	const bytes = new Uint8Array(wanted);
	const read = readSync(file.fd, bytes, 0, wanted, file.at);
	file.at += read;
	return bytes.subarray(0, read);
}

/** Reads a line without its line end; `undefined` at the end of the file. */
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

/** Reads an integer as CHDK does: white space, a minus, digits. The next character is not consumed. */
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
