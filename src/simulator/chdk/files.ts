/** UploadFile and DownloadFile, which transfer files by their names on the card, without a script. */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { latin1 } from '#base/bytes.ts';
import { onDisk } from '../card/object.ts';
import type { Incoming } from '../ptp/incoming.ts';
import type { Stream } from '../ptp/operation.ts';
import { asCardError, findOnCard, NO_LINKS, placeForFile } from './card-path.ts';

/** Longest accepted name in bytes. The name must be in the first chunk that the camera reads, and no camera takes more than a few hundred characters. */
const LONGEST_NAME = 1024;

/**
 * Reads `u32 length, name, contents` and writes the file to the card in `root`. Resolves to false if the file cannot be
 * written; nothing is read after that. Rejects with `DataPhaseFailed` if the data is incomplete; the bytes that came stay
 * on the card, as on a camera.
 */
export async function receiveUpload(root: string, data: Incoming): Promise<boolean> {
	let file: FileHandle | undefined;
	let head: Uint8Array = new Uint8Array(0);
	let at = 0;
	try {
		for await (const piece of data.pieces()) {
			if (file !== undefined) {
				at += await writeAll(file, piece, at);
				continue;
			}
			head = join(head, piece);
			const nameEnd = head.length < 4 ? LONGEST_NAME : 4 + new DataView(head.buffer, head.byteOffset).getUint32(0, true);
			if (nameEnd > LONGEST_NAME) return false;
			if (head.length < nameEnd) continue;
			file = await openForWriting(root, latin1(head.subarray(4, nameEnd)));
			if (file === undefined) return false;
			at += await writeAll(file, head.subarray(nameEnd), at);
		}
		return file !== undefined || data.received === 0;
	} catch (error) {
		if (error instanceof Error && 'syscall' in error) return false; // the disk is full
		throw error;
	} finally {
		await file?.close();
	}
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}

async function openForWriting(root: string, name: string): Promise<FileHandle | undefined> {
	try {
		const { path } = placeForFile(root, name);
		return await open(onDisk(path), constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NO_LINKS, 0o644);
	} catch (error) {
		asCardError(error);
		return undefined;
	}
}

async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
	let written = 0;
	while (written < bytes.length) written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
	return written;
}

/** Opens the file of this name, to be read while it is sent; `undefined` if it cannot be opened. */
export async function openDownload(root: string, name: Uint8Array): Promise<Stream | undefined> {
	let file: FileHandle;
	try {
		const { path, stats } = findOnCard(root, latin1(name));
		if (stats?.isFile() !== true) return undefined;
		file = await open(onDisk(path), constants.O_RDONLY | NO_LINKS);
	} catch (error) {
		asCardError(error);
		return undefined;
	}
	const { size } = await file.stat();
	return {
		size,
		read: async (into, at) => (await file.read(into, 0, into.length, at)).bytesRead,
		close: () => file.close(),
	};
}
