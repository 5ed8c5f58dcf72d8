/** How large an object is, when cameras say it in two ways and neither is always true. Pure. */
import { SIZE_BEYOND_32_BITS } from './datasets.ts';

const BEYOND = BigInt(SIZE_BEYOND_32_BITS);

/** Whether ObjectInfo's size says nothing: 4 GiB and more (MTP's custom), or 0, which some PowerShots say of long movies. */
export function isSizeUnknown(told: number): boolean {
	return told === 0 || told === SIZE_BEYOND_32_BITS;
}

/**
 * Bytes of an object, or `undefined` when the camera does not tell.
 * @param told ObjectInfo's size
 * @param wide MTP's 64-bit property, where `told` says nothing and the camera has it
 */
export function objectSize(told: number, wide: bigint | undefined): number | undefined {
	if (!isSizeUnknown(told)) return told;
	const says = wide !== undefined && wide > 0n && wide !== BEYOND && wide <= BigInt(Number.MAX_SAFE_INTEGER);
	return says ? Number(wide) : undefined;
}
