/** Whether what an interrupted download left is the beginning of the same file: asked of the bytes, not of a note. */
import type { Camera } from '#camera/camera.ts';
import { sameBytes } from './compare.ts';
import type { PartFile } from './local-files.ts';

/** A picture's beginning holds its date and number (EXIF); the end of the part shows that nothing is missing there. */
const HEAD_BYTES = 16 * 1024;
const TAIL_BYTES = 64 * 1024;

/** Compares beginning and end of the part with the same places of the file on the camera. */
export async function sameSoFar(camera: Camera, handle: number, part: PartFile, signal: AbortSignal): Promise<boolean> {
	const place = { camera, handle, file: part.handle, signal };
	const tail = Math.max(part.length - TAIL_BYTES, 0);
	const head = Math.min(HEAD_BYTES, tail);
	return (await sameBytes(place, tail, part.length - tail)) === true && (head === 0 || (await sameBytes(place, 0, head)) === true);
}
