import { expect, test } from 'vitest';
import { pairs, table, widthOf, wrap } from '#base/table.ts';

const rows = [
	['studio', 'PowerShot ELPH 130 IS', 'gphoto2'],
	['庭', 'PowerShot M10', 'builtin'],
];

test.each([
	['studio', 6],
	['庭のカメラ', 10],
	['ｶﾒﾗ', 3],
	['카메라', 6],
	['e\u0301a', 2],
	['📷', 2],
	['\ufe95\ufee3', 2], // Arabic as old fonts have it: behind the wide forms, and not wide
])('%s takes %i cells', (text, cells) => {
	expect(widthOf(text)).toBe(cells);
});

test('columns are as wide as their widest cell on the terminal', () => {
	expect(table(['PROFILE', 'MODEL', 'TOOL'], rows, 80)).toBe(
		'PROFILE  MODEL                  TOOL\nstudio   PowerShot ELPH 130 IS  gphoto2\n庭       PowerShot M10          builtin\n',
	);
});

test('rows that do not fit become one block each', () => {
	expect(table(['PROFILE', 'MODEL', 'TOOL'], rows, 30)).toBe(
		'studio\n  MODEL  PowerShot ELPH 130 IS\n  TOOL   gphoto2\n庭\n  MODEL  PowerShot M10\n  TOOL   builtin\n',
	);
});

test('no line is wider than requested, and no word is lost', () => {
	const text = 'Close that program; `canon-wifi doctor` names it: /a/very/long/path/that/never/ends/anywhere';
	for (const width of [8, 20, 40, 80]) {
		const lines = wrap(text, width);
		expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
		expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
	}
	for (const line of pairs(['a', 'bcd'], [text, text], 40).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(40);
});
