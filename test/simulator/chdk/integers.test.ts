import { expect, test } from 'vitest';
import { parseInteger, toInteger } from '#simulator/chdk/lua/integers.ts';

const parse = (text: string): number | undefined => parseInteger(new TextEncoder().encode(text))?.value;

test.each([
	['0', 0],
	['  42 ', 42],
	['-7', -7],
	['+7', 7],
	['2147483647', 2147483647],
	['2147483648', 2147483647],
	['-2147483648', -2147483648],
	['-99999999999', -2147483648],
	['0x10', 16],
	['0xFFFFFFFF', -1],
	['0X80000000', -2147483648],
	['-0x1', -1],
])('%j is %d', (text, value) => expect(parse(text)).toBe(value));

test.each(['', ' ', '-', '1.5', '1e3', '0x', 'x', '1 2', '12a', '0xG'])('%j is no number', (text) => expect(parse(text)).toBeUndefined());

test('a number ends at a NUL', () => {
	expect(parseInteger(Uint8Array.of(0x31, 0x32, 0, 0x33))).toEqual({ value: 12, end: 2 });
});

test('results are cut as C cuts them', () => {
	expect([1.5, -1.5, 2 ** 31, Number.POSITIVE_INFINITY, Number.NaN, -0.1].map(toInteger)).toEqual([1, -1, -2147483648, 0, 0, 0]);
});
