/** Bytes of a file here beside those of an object on the camera, or beside another file's. */
import type { FileHandle } from 'node:fs/promises';
import type { Camera } from '#camera/camera.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';

/** Answers to one question: some cameras give less than was asked for at a time. */
const MOST_ROUNDS = 8;
/** Bytes of each file that are compared at a time. */
const STEP_BYTES = 1024 * 1024;

/** Where bytes are compared. */
export interface Place {
	camera: Camera;
	handle: number;
	file: FileHandle;
	signal: AbortSignal;
}

/** Whether file and object have the same bytes at one place; `undefined` when the camera does not give them. */
export async function sameBytes({ camera, handle, file, signal }: Place, offset: number, length: number): Promise<boolean | undefined> {
	if (!camera.canReadParts(offset + length)) return undefined;
	const here = new Uint8Array(length);
	const { bytesRead } = await file.read(here, 0, length, offset);
	if (bytesRead !== length) return false;
	let at = 0;
	let equal = true;
	try {
		for (let round = 0; at < length; round++) {
			const began = at;
			const most = length - began;
			const begin = (total: number | undefined) => {
				if (total !== undefined && total > most) throw new WrongLength(`the camera announced ${total} bytes instead of ${most}`);
			};
			const piece = (bytes: Uint8Array) => {
				if (at + bytes.length > length) throw new WrongLength(`the camera sent more than the ${most} bytes that it was asked for`);
				if (Buffer.compare(bytes, here.subarray(at, at + bytes.length)) !== 0) equal = false;
				at += bytes.length;
			};
			await camera.readPart(handle, offset + began, most, { begin, piece }, signal);
			if (!equal) return false;
			if (at === began || round === MOST_ROUNDS) return undefined;
		}
	} catch (error) {
		if (error instanceof OperationRefused || error instanceof WrongLength) return undefined;
		throw error;
	}
	return true;
}

/** Whether the object has no byte at `offset`. Asked only where the bytes before it were to be had. */
export async function endsAt({ camera, handle, signal }: Place, offset: number): Promise<boolean> {
	let came = 0;
	const piece = (bytes: Uint8Array) => {
		came += bytes.length;
		if (came > 1) throw new WrongLength('the camera sent more than the byte that it was asked for');
	};
	try {
		await camera.readPart(handle, offset, 1, { piece }, signal);
		return came === 0;
	} catch (error) {
		if (error instanceof WrongLength) return false;
		if (error instanceof OperationRefused) return came === 0;
		throw error;
	}
}

/** Whether two files, both of so many bytes, are equal. */
export async function equalFiles(one: FileHandle, other: FileHandle, bytes: number): Promise<boolean> {
	const [first, second] = [new Uint8Array(STEP_BYTES), new Uint8Array(STEP_BYTES)];
	for (let at = 0; at < bytes; ) {
		const length = Math.min(STEP_BYTES, bytes - at);
		const [a, b] = await Promise.all([one.read(first, 0, length, at), other.read(second, 0, length, at)]);
		const read = Math.min(a.bytesRead, b.bytesRead);
		if (read === 0 || Buffer.compare(first.subarray(0, read), second.subarray(0, read)) !== 0) return false;
		at += read;
	}
	return true;
}
