/** Whether a file that is here already is the one on the camera: by size and date, and where these cannot tell by its bytes. */
import { type FileHandle, open } from 'node:fs/promises';
import { withRetry } from '#base/retry.ts';
import type { Camera } from '#camera/camera.ts';
import { endsAt, equalFiles, type Place, sameBytes } from './compare.ts';
import type { LocalFile } from './local-files.ts';
import { sameness, type ToldFacts } from './rules/sameness.ts';

/** Bytes that are compared; a file that is no longer is compared whole. */
const PIECE_BYTES = 64 * 1024;

/** `unclear`: only the whole file can tell. */
export type Found = 'same' | 'other' | 'unclear';

/** Judges one file of the same name. */
export async function isOnCamera(
	here: LocalFile,
	told: ToldFacts,
	{ camera, handle, signal }: { camera: Camera; handle: number; signal: AbortSignal },
): Promise<Found> {
	const judged = sameness(here, told);
	if (judged === 'same') return 'same';
	// By their sizes they are two, unless the camera's is wrong: then the sizes are equal when the file has come.
	if (judged === 'other') return 'unclear';
	const equal = await withFile(here.path, (file) => compare({ camera, handle, file, signal }, judged, here.bytes));
	return equal === undefined ? 'unclear' : equal ? 'same' : 'other';
}

async function compare(place: Place, where: 'middle' | 'end', bytes: number): Promise<boolean | undefined> {
	const length = Math.min(PIECE_BYTES, bytes);
	if (length === 0) return undefined;
	if (where === 'middle') return sameBytes(place, Math.floor((bytes - length) / 2), length);
	const equal = await sameBytes(place, bytes - length, length);
	return equal === true ? endsAt(place, bytes) : equal;
}

/** The first of these files that has the same bytes as the one that has come. */
export async function sameAmong(files: readonly LocalFile[], come: FileHandle, bytes: number): Promise<LocalFile | undefined> {
	for (const file of files)
		if (file.bytes === bytes && (await withFile(file.path, (handle) => equalFiles(handle, come, bytes))) === true) return file;
	return undefined;
}

/** Does `work` with an open file; `false` when it cannot be read: nobody can say then that it is the same. */
async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T | false> {
	const file = await withRetry(() => open(path, 'r')).catch(() => undefined);
	if (file === undefined) return false;
	try {
		return await work(file);
	} finally {
		await file.close();
	}
}
