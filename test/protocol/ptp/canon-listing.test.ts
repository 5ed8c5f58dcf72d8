import { describe, expect, test } from 'vitest';
import { mayBeCut, parseCanonFolder, parseEosFolder } from '#protocol/ptp/canon-listing.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import { bytes as hex } from '../../support/hex.ts';

/** handle 0x12, JPEG, protected, 0x00345678 bytes, 2024-02-29T12:00:00, IMG_0001.JPG. */
const CANON = '12000000 0138 01 78563400 c071e065 494d475f 30303031 2e4a5047 00';
/** 56 bytes: handle, storage, format, 0, flags, size, parent, handle, name in 16 bytes, time. */
const EOS = '38000000 12000000 01000200 01380000 00000000 01000000 78563400 05000000 12000000 494d475f 30303031 2e4a5047 00000000 c071e065';

describe('a folder by 0x9021', () => {
	test('has 28 bytes for each object', () => {
		const object = { handle: 0x12, format: 0x3801, size: 0x345678, seconds: 0x65e071c0, name: 'IMG_0001.JPG' };
		expect(parseCanonFolder(hex(CANON))).toEqual([object]);
		expect(parseCanonFolder(hex(CANON + CANON))).toEqual([object, object]);
		expect(parseCanonFolder(new Uint8Array(0))).toEqual([]);
	});

	test.each([1, 27, 29, 55])('of %i bytes is malformed', (length) => {
		expect(() => parseCanonFolder(hex(CANON + CANON).subarray(0, length))).toThrow(MalformedBytes);
	});
});

describe('a folder by 0x9109', () => {
	const count = (n: number) => `${n.toString(16).padStart(2, '0')}000000`;
	const object = { handle: 0x12, format: 0x3801, size: 0x345678, parent: 5, seconds: 0x65e071c0, name: 'IMG_0001.JPG' };

	test('has a count, and entries that say their size', () => {
		expect(parseEosFolder(hex(count(1) + EOS))).toEqual([object]);
		const longer = EOS.replace('38000000', '3c000000');
		expect(parseEosFolder(hex(`${count(2)}${longer} ffffffff ${EOS}`))).toEqual([object, object]);
		expect(parseEosFolder(hex(count(0)))).toEqual([]);
	});

	test('that says 16 characters of a name without a 0 says them all', () => {
		const name = EOS.replace('494d475f 30303031 2e4a5047 00000000', '41424344 45464748 494a4b4c 4d4e4f50');
		expect(parseEosFolder(hex(count(1) + name))[0]?.name).toBe('ABCDEFGHIJKLMNOP');
	});

	test.each([
		['nothing', ''],
		['too high a count', count(2) + EOS],
		['too low a count', count(0) + EOS],
		['a count beyond all bounds', `ffffffff ${EOS}`],
		['an entry that ends early', (count(1) + EOS).slice(0, -4)],
		['an entry of no bytes', `${count(1)} 00000000`],
		['an entry that is too small', `${count(1)} 37000000 ${'00'.repeat(51)}`],
		['an entry of 4 GB', `${count(1)} ffffffff ${EOS}`],
	])('with %s is malformed', (_, bytes) => {
		expect(() => parseEosFolder(hex(bytes))).toThrow(MalformedBytes);
	});
});

test.each([
	['IMG_0001.JPG', false],
	['MVI_0001.MP4', false],
	['_MG_0001.CR2', false],
	['100CANON', false],
	['A.TXT', false],
	['IMG_0001.JPE', true],
	['HOLIDAYS2024', true],
	['a long name of mine.jpg', true],
])('the name %s may be cut: %s', (name, cut) => {
	expect(mayBeCut(name)).toBe(cut);
});
