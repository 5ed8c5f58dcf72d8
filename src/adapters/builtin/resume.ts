/** Whether what an interrupted download left is the beginning of the same file: asked of the bytes, not of a note. */

import type { Camera } from '../camera/camera.ts';
import { OperationRefused, WrongLength } from '../ptpip/operations.ts';
import type { PartFile } from './local-files.ts';

/** A picture's beginning holds its date and number (EXIF); the end of the part shows that nothing is missing there. */
const HEAD_BYTES = 16 * 1024;
const TAIL_BYTES = 64 * 1024;

/** Compares beginning and end of the part with the same places of the file on the camera. */
export async function sameSoFar(camera: Camera, handle: number, part: PartFile, signal: AbortSignal): Promise<boolean> {
	const tail = Math.max(part.length - TAIL_BYTES, 0);
	const head = Math.min(HEAD_BYTES, tail);
	return (
		(await same(camera, handle, part, tail, part.length - tail, signal)) &&
		(head === 0 || (await same(camera, handle, part, 0, head, signal)))
	);
}

async function same(camera: Camera, handle: number, part: PartFile, offset: number, length: number, signal: AbortSignal): Promise<boolean> {
	const here = new Uint8Array(length);
	const { bytesRead } = await part.handle.read(here, 0, length, offset);
	if (bytesRead !== length) return false;
	let at = 0;
	let equal = true;
	const compare = (bytes: Uint8Array) => {
		if (at + bytes.length > length) throw new WrongLength(`the camera sent more than the ${length} bytes that it was asked for`);
		if (Buffer.compare(bytes, here.subarray(at, at + bytes.length)) !== 0) equal = false;
		at += bytes.length;
	};
	try {
		const begin = (total: number | undefined) => {
			if (total !== undefined && total > length) throw new WrongLength(`the camera announced ${total} bytes instead of ${length}`);
		};
		await camera.readPart(handle, offset, length, { begin, piece: compare }, signal);
	} catch (error) {
		if (error instanceof OperationRefused || error instanceof WrongLength) return false;
		throw error;
	}
	return equal && at === length;
}
