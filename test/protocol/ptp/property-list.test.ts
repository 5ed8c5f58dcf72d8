import { describe, expect, test } from 'vitest';
import { parsePropertyList } from '#protocol/ptp/property-list.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import { bytes as hex } from '../../support/hex.ts';

const text = (value: string) =>
	`${(value.length + 1).toString(16).padStart(2, '0')}${[...`${value}\0`].map((c) => `${c.charCodeAt(0).toString(16).padStart(2, '0')}00`).join('')}`;
const OBJECT = [
	'12000000 02dc 0400 0138', // format, u16
	'12000000 04dc 0800 7856340000000000', // size, u64
	`12000000 07dc ffff ${text('IMG_0001.JPG')}`,
	`12000000 09dc ffff ${text('20240229T120000')}`,
	'12000000 0bdc 0600 05000000', // parent, u32
];
const list = (count: number, ...properties: string[]) => hex(`${count.toString(16).padStart(2, '0')}000000 ${properties.join(' ')}`);
const IMG = { handle: 0x12, format: 0x3801, size: 0x345678, name: 'IMG_0001.JPG', date: '20240229T120000', parent: 5 };

describe('a property list', () => {
	test('gives each object what is told of it, whatever the order', () => {
		expect(parsePropertyList(list(5, ...OBJECT))).toEqual([IMG]);
		expect(parsePropertyList(list(5, ...OBJECT.toReversed()))).toEqual([IMG]);
		expect(parsePropertyList(list(0))).toEqual([]);
	});

	test('skips properties that are of no interest, arrays and 128 bits too', () => {
		const others = [
			'12000000 41dc 0a00 000102030405060708090a0b0c0d0e0f', // PersistentUniqueObjectIdentifier
			'12000000 81de 0240 03000000 010203',
			'12000000 87dc 0600 00100000',
		];
		expect(parsePropertyList(list(8, ...others, ...OBJECT))).toEqual([IMG]);
	});

	test('leaves out an object whose name, format or size it does not tell', () => {
		for (const at of [0, 1, 2]) expect(parsePropertyList(list(4, ...OBJECT.filter((_, n) => n !== at)))).toEqual([]);
	});

	test('says 0xFFFFFFFF of a size beyond 32 bits, as ObjectInfo does', () => {
		const [format = '', , ...more] = OBJECT;
		expect(parsePropertyList(list(5, format, '12000000 04dc 0800 0000000002000000', ...more))[0]?.size).toBe(0xffff_ffff);
	});

	test.each([
		['more properties than there are', list(6, ...OBJECT)],
		['a count beyond all bounds', hex(`ffffffff ${OBJECT.join(' ')}`)],
		['fewer properties than there are', list(4, ...OBJECT)],
		['a type that nobody knows', list(1, '12000000 02dc 0b00 0138')],
		['an array of 4 billion values', list(1, '12000000 81de 0640 ffffffff 00')],
		['a text that ends early', list(1, '12000000 07dc ffff 0d4900')],
		['nothing', new Uint8Array(0)],
	])('with %s is malformed', (_, bytes) => {
		expect(() => parsePropertyList(bytes)).toThrow(MalformedBytes);
	});
});
