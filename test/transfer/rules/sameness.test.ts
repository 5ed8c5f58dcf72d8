import { describe, expect, test } from 'vitest';
import { objectSize } from '#protocol/ptp/object-size.ts';
import { sameness } from '#transfer/rules/sameness.ts';

const at = (seconds: number) => new Date(Date.UTC(2024, 5, 1, 12, 0, seconds));

test.each([
	['equal, to the second', 100, at(0), 100, at(0), 'same'],
	["within FAT's two seconds", 100, at(2), 100, at(0), 'same'],
	['three seconds apart', 100, at(3), 100, at(0), 'middle'],
	['of another date', 100, at(3600), 100, at(0), 'middle'],
	['of no date', 100, at(0), 100, undefined, 'middle'],
	['of another size', 99, at(0), 100, at(0), 'other'],
	['of a size that the camera does not tell', 100, at(0), undefined, at(0), 'end'],
	['larger than told, of the same date', 101, at(0), 100, at(0), 'end'],
	['larger than told, of another date', 101, at(9), 100, at(0), 'other'],
] as const)('a file %s', (_, bytes, modified, size, date, judged) => {
	expect(sameness({ bytes, modified }, { size, date })).toBe(judged);
});

describe('a size is believed', () => {
	const BEYOND = 0xffff_ffff;
	test.each([
		['as told', 1000, undefined, 1000],
		['as told, whatever else is said', 1000, 7n, 1000],
		['from 64 bits, of 4 GiB and more', BEYOND, 5_000_000_000n, 5_000_000_000],
		['from 64 bits, where 0 was told', 0, 5_000_000n, 5_000_000],
		['never, where nothing else is said', BEYOND, undefined, undefined],
		['never, of 0', 0, undefined, undefined],
		['never, of 0 twice', 0, 0n, undefined],
		['never, where 64 bits repeat the 32', BEYOND, 0xffff_ffffn, undefined],
		['never, beyond all numbers', BEYOND, 2n ** 60n, undefined],
	])('%s', (_, told, wide, size) => expect(objectSize(told, wide)).toBe(size));
});
