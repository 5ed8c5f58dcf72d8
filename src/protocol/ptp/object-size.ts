/** How large an object is. Cameras report the size in two ways, and neither is always right. */
import { SIZE_BEYOND_32_BITS } from './datasets.ts';

const BEYOND = BigInt(SIZE_BEYOND_32_BITS);

/** Whether ObjectInfo.size is useless: 0xFFFFFFFF means 4 GiB or more (MTP), and some PowerShots report 0 for long movies. */
export function isSizeUnknown(reported: number): boolean {
	return reported === 0 || reported === SIZE_BEYOND_32_BITS;
}

/**
 * Returns the size of an object in bytes, or `undefined` if the camera does not report a usable one.
 * @param reported ObjectInfo.size
 * @param wide MTP's 64-bit object size property, if it was read
 */
export function objectSize(reported: number, wide: bigint | undefined): number | undefined {
	if (!isSizeUnknown(reported)) return reported;
	const usable = wide !== undefined && wide > 0n && wide !== BEYOND && wide <= BigInt(Number.MAX_SAFE_INTEGER);
	return usable ? Number(wide) : undefined;
}
