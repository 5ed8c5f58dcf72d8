/** Whether a folder's listing can be believed: what it is held against, and which objects are looked at. Pure. */

/** What is compared of an object. */
export interface CheckedObject {
	name: string;
	folder: boolean;
	/** Bytes; 0 and 0xFFFFFFFF say nothing. */
	size: number;
	/** 0, absent or 0xFFFFFFFF: the root, or not told. */
	parent?: number | undefined;
	/** Seconds since 1970 by the camera's clock; absent where it is not told. */
	seconds?: number | undefined;
}

const saysNothing = (size: number): boolean => size === 0 || size === 0xffff_ffff;
const isRoot = (parent: number | undefined): boolean => parent === undefined || parent === 0 || parent === 0xffff_ffff;

/** Why a listed object is not the one that GetObjectInfo describes; nothing when they agree. */
export function disagreement(listed: CheckedObject, told: CheckedObject): string | undefined {
	if (listed.name.toUpperCase() !== told.name.toUpperCase()) return `it calls ${told.name} ${listed.name}`;
	if (listed.folder !== told.folder) return `it takes ${told.name} for ${listed.folder ? 'a folder' : 'a file'}`;
	if (!told.folder && !saysNothing(listed.size) && !saysNothing(told.size) && listed.size !== told.size)
		return `it says ${listed.size} bytes of ${told.name}, which has ${told.size}`;
	if (!isRoot(listed.parent) && !isRoot(told.parent) && listed.parent !== told.parent) return `it puts ${told.name} into another folder`;
	return undefined;
}

/**
 * Which of the listed objects are asked for by GetObjectInfo: the first, the middle and the last of the first folder with files,
 * then one out of the middle of the 2nd, 4th, 8th ... folder, so that a large card is looked at everywhere at small cost.
 * @param nth the how-many-th folder with files this is, from 1
 */
export function samples(count: number, nth: number): readonly number[] {
	if (count === 0) return [];
	const middle = Math.floor(count / 2);
	if (nth === 1) return [...new Set([0, middle, count - 1])];
	return Number.isInteger(Math.log2(nth)) ? [middle] : [];
}

/**
 * What has to be added to the seconds of the camera's clock so that they mean its local time as dates in ObjectInfo do; nothing
 * when the pairs do not agree (a clock that knows summer time) or there are none.
 * @param pairs seconds as listed, and those of ObjectInfo's date taken for UTC
 */
export function clockOffset(pairs: readonly (readonly [listed: number, told: number])[]): number | undefined {
	const [first, ...more] = pairs.map(([listed, told]) => told - listed);
	// FAT keeps even seconds only.
	return first !== undefined && more.every((offset) => Math.abs(offset - first) <= 2) ? first : undefined;
}
