/** Pictures on the card by their numbers, and how this camera "takes" a picture. */
import { constants, copyFileSync, utimesSync } from 'node:fs';
import { onDisk } from '../../card/object.ts';
import { asCardError, findOnCard, listFolder } from '../card-path.ts';
import { root } from './thread.ts';

const FOLDER = /^\d{3}[^/]{0,5}$/;
const PICTURE = /^\w{4}(\d{4})\.\w{3}$/;

/** The picture with the highest number. */
export interface LatestPicture {
	/** `100CANON`. */
	folder: string;
	/** Number of the file; 0 on an empty card. */
	number: number;
}

function names(folder: string, form: RegExp): string[] {
	try {
		return listFolder(findOnCard(root, folder).path).filter((name) => form.test(name));
	} catch (error) {
		asCardError(error);
		return [];
	}
}

/** Finds the latest picture. Folders of pictures have names like `100CANON`, files like `IMG_0001.JPG`. */
export function latestPicture(): LatestPicture {
	const folder = names('A/DCIM', FOLDER).at(-1) ?? '100CANON';
	const numbers = names(`A/DCIM/${folder}`, PICTURE).map((name) => Number(PICTURE.exec(name)?.[1]));
	return { folder, number: Math.max(0, ...numbers) };
}

/** Returns the JPEG with the highest number in the last folder that has one. */
function latestJpeg(): string | undefined {
	for (const folder of names('A/DCIM', FOLDER).reverse()) {
		const name = names(`A/DCIM/${folder}`, /^\w{4}\d{4}\.jpe?g$/i).at(-1);
		if (name !== undefined) return `A/DCIM/${folder}/${name}`;
	}
	return undefined;
}

/** Takes a picture by copying the latest JPEG under the next number. Does nothing on a card without a JPEG. */
export function takePicture(): void {
	const latest = latestJpeg();
	if (latest === undefined) return;
	const { folder, number } = latestPicture();
	const { path } = findOnCard(root, `A/DCIM/${folder}/IMG_${String((number % 9999) + 1).padStart(4, '0')}.JPG`);
	copyFileSync(onDisk(findOnCard(root, latest).path), onDisk(path), constants.COPYFILE_EXCL);
	utimesSync(onDisk(path), Date.now() / 1000, Date.now() / 1000);
}
