import { expect, test } from 'vitest';
import { formatPtpDate, fromLocalDate, parsePtpDate, toLocalDate } from '#protocol/ptp/dates.ts';
import { EVENT } from '#protocol/ptp/events.ts';
import { FORMAT, formatOfName } from '#protocol/ptp/formats.ts';
import { OPERATION, operationName } from '#protocol/ptp/operations.ts';
import { RESPONSE, responseName } from '#protocol/ptp/responses.ts';

test('codes have one name each, and names lead back', () => {
	for (const table of [OPERATION, RESPONSE, EVENT, FORMAT]) expect(new Set(Object.values(table)).size).toBe(Object.keys(table).length);
	expect(operationName(0x1007)).toBe('getObjectHandles');
	expect(operationName(0x9801)).toBe('mtpGetObjectPropsSupported');
	expect(responseName(0x201e)).toBe('sessionAlreadyOpened');
	expect(operationName(0x9abc)).toBe('0x9ABC');
});

test.each([
	['IMG_0001.JPG', 0x3801],
	['img.jpeg', 0x3801],
	['MVI_0002.MP4', 0xb982],
	['MVI_0002.MOV', 0xb104],
	['IMG_0001.CR2', 0xb103],
	['AUTPRINT.MRK', 0x3006],
	['noextension', 0x3000],
	['x.constructor', 0x3000],
])('%s has format %i', (name, format) => {
	expect(formatOfName(name)).toBe(format);
});

test("a date is the camera's local time, and Canon's tenths are left alone", () => {
	expect(parsePtpDate('20240229T235958.0')).toEqual({ year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 58 });
	expect(parsePtpDate('20240229T235958')).toEqual(parsePtpDate('20240229T235958.0'));
	expect(formatPtpDate({ year: 2024, month: 2, day: 29, hour: 3, minute: 5, second: 8 })).toBe('20240229T030508.0');
	const noon = new Date(2024, 5, 21, 12, 0, 1);
	expect(toLocalDate(fromLocalDate(noon))).toEqual(noon);
});

test.each(['', '2024', '20241301T000000', '20240100T000000', '20240101T240000', '2024-01-01T00:00:00'])('%j is no date', (text) => {
	expect(parsePtpDate(text)).toBeUndefined();
});
