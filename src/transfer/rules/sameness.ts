/** Whether a file of this computer is the one on the camera, as far as size and date can tell. Pure. */

/** What the camera tells; `undefined`: it does not. `size` in bytes. */
export interface ToldFacts {
	size: number | undefined;
	date: Date | undefined;
}

export interface LocalFacts {
	bytes: number;
	modified: Date;
}

/**
 * `same`, `other`, or which bytes would tell: a piece out of the `middle`, or the `end` and that nothing comes behind it.
 * The end is asked for when the camera's size is not known, or may be too small.
 */
export type Sameness = 'same' | 'other' | 'middle' | 'end';

/** FAT keeps even seconds only. */
const DATE_STEP_MS = 2000;

/** Judges a file of the same name. A size that the camera does not tell is never taken for equal. */
export function sameness({ bytes, modified }: LocalFacts, { size, date }: ToldFacts): Sameness {
	const sameDate = date !== undefined && Math.abs(modified.getTime() - date.getTime()) <= DATE_STEP_MS;
	if (size === bytes) return sameDate ? 'same' : 'middle';
	if (size === undefined || (size < bytes && sameDate)) return 'end';
	return 'other';
}
