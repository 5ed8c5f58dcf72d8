import { describe, expect, test } from 'vitest';
import { clockOffset, disagreement, samples } from '#transfer/rules/listing-check.ts';

const told = { name: 'IMG_0001.JPG', folder: false, size: 1000, parent: 5 };

test.each([
	[told, undefined],
	[{ ...told, name: 'img_0001.jpg' }, undefined],
	[{ ...told, parent: undefined }, undefined],
	[{ ...told, size: 0xffff_ffff }, undefined],
	[{ ...told, size: 0 }, undefined],
	[{ ...told, size: 1001 }, 'it says 1001 bytes of IMG_0001.JPG, which has 1000'],
	[{ ...told, name: 'IMG_0002.JPG' }, 'it calls IMG_0001.JPG IMG_0002.JPG'],
	[{ ...told, folder: true }, 'it takes IMG_0001.JPG for a folder'],
	[{ ...told, parent: 6 }, 'it puts IMG_0001.JPG into another folder'],
])('%j against what ObjectInfo tells: %s', (listed, why) => {
	expect(disagreement(listed, told)).toBe(why);
});

test('the root is told in three ways', () => {
	for (const parent of [0, 0xffff_ffff, undefined]) expect(disagreement({ ...told, parent: 5 }, { ...told, parent })).toBeUndefined();
});

test('samples lie across the card: three of the first folder, then one of the 2nd, 4th, 8th', () => {
	expect(samples(100, 1)).toEqual([0, 50, 99]);
	expect(samples(1, 1)).toEqual([0]);
	expect(samples(0, 1)).toEqual([]);
	const asked = Array.from({ length: 30 }, (_, n) => samples(100, n + 1).length);
	expect(asked.reduce((sum, n) => sum + n)).toBe(7);
	expect([asked[1], asked[2], asked[3], asked[15]]).toEqual([1, 0, 1, 1]);
});

describe('the offset of the camera’s clock', () => {
	test('is what all samples agree on, within FAT’s two seconds', () => {
		expect(clockOffset([[1000, 4600]])).toBe(3600);
		expect(
			clockOffset([
				[1000, 4600],
				[9000, 12_601],
			]),
		).toBe(3600);
	});

	test('is unknown when they disagree, as with a clock that knows summer time, and without samples', () => {
		expect(
			clockOffset([
				[1000, 4600],
				[9000, 16_200],
			]),
		).toBeUndefined();
		expect(clockOffset([])).toBeUndefined();
	});
});
