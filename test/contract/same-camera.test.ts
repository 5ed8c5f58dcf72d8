import { describe, expect, test } from 'vitest';
import { type CameraSigns, compareCameras, type Likeness, macToKeep, sameSerial, tellingSerial } from '#contract/same-camera.ts';

const CANON = '2c:9e:fc:00:00:01';
const CANON_TOO = '2c:9e:fc:00:00:02';
/** Of no maker that we know: a Wi-Fi module's or a repeater's. */
const ANY = '50:c7:bf:00:00:01';
const ANY_TOO = '50:c7:bf:00:00:02';
const ZEROS = '0'.repeat(32);
const SERIAL = '5A3F0C91E2D84B67A0C4D1E8F7B29536';

describe('a serial number that tells something', () => {
	test.each([
		null,
		undefined,
		'',
		' ',
		'\t\n',
		'\u0000\u0000',
		'0',
		ZEROS,
		'0x00000000',
		'00000000-0000-0000-0000-000000000000',
		'f'.repeat(32),
		'FFFFffff',
		'1',
		'1111',
		'--',
		' 0000 ',
	])('%j does not', (serial) => expect(tellingSerial(serial)).toBeNull());

	test.each(['10', SERIAL, '0x01', '000000000000000000000000000000001', 'ab'])('%j does', (serial) =>
		expect(tellingSerial(serial)).not.toBeNull(),
	);

	test('ignores case and padding', () => {
		expect(sameSerial({ serial: ` ${SERIAL}\u0000` }, { serial: SERIAL.toLowerCase() })).toBe(true);
		expect(sameSerial({ serial: ZEROS }, { serial: ZEROS })).toBe(false);
		expect(sameSerial({ serial: null }, { serial: null })).toBe(false);
	});
});

describe('two cameras or one', () => {
	const camera = (serial: string | null, mac: string | null, more: Partial<CameraSigns> = {}): CameraSigns => ({ serial, mac, ...more });
	const shared = { macShared: true };
	const here = { address: '192.168.1.41' };
	const elph = { model: 'Canon PowerShot ELPH 130 IS' };

	const table: [title: string, one: CameraSigns, two: CameraSigns, likeness: Likeness][] = [
		['equal serials', camera(SERIAL, null), camera(SERIAL, null), 'same'],
		['equal serials, one MAC known', camera(SERIAL, CANON), camera(SERIAL, null), 'same'],
		['equal serials, equal MACs', camera(SERIAL, CANON), camera(SERIAL, CANON), 'same'],
		['equal serials, two MACs of Canon', camera(SERIAL, CANON, here), camera(SERIAL, CANON_TOO, here), 'other'],
		['equal serials, other MACs', camera(SERIAL, ANY), camera(SERIAL, ANY_TOO), 'unknown'],
		['equal serials, now behind a repeater', camera(SERIAL, CANON), camera(SERIAL, ANY, shared), 'same'],
		[
			'equal serials, behind a repeater that hides nobody else, same address',
			camera(SERIAL, CANON, here),
			camera(SERIAL, ANY, here),
			'same',
		],
		[
			'equal serials, other MAC, same address, other model',
			camera(SERIAL, CANON, { ...here, ...elph }),
			camera(SERIAL, ANY, { ...here, model: 'Canon EOS M3' }),
			'unknown',
		],
		['two serials', camera(SERIAL, null), camera('B2', null), 'other'],
		['two serials behind one repeater', camera(SERIAL, ANY), camera('B2', ANY), 'other'],
		['two serials, one MAC of Canon', camera(SERIAL, CANON), camera('B2', CANON), 'other'],
		['zeros', camera(ZEROS, null), camera(ZEROS, null), 'unknown'],
		['zeros, same place and model', camera(ZEROS, null, { ...here, ...elph }), camera(ZEROS, null, { ...here, ...elph }), 'unknown'],
		['zeros, two MACs', camera(ZEROS, CANON), camera(ZEROS, CANON_TOO), 'other'],
		['zeros, one MAC', camera(ZEROS, CANON), camera(ZEROS, CANON), 'same'],
		['zeros, one MAC that others have too', camera(ZEROS, ANY), camera(ZEROS, ANY, shared), 'unknown'],
		['ones', camera('111', null), camera('111', null), 'unknown'],
		['ones and twos', camera('111', null), camera('222', null), 'other'],
		['zeros and f', camera(ZEROS, null), camera('f'.repeat(32), null), 'unknown'],
		['zeros and a serial', camera(ZEROS, null), camera(SERIAL, null), 'unknown'],
		['no serial, one MAC', camera(null, ANY), camera(SERIAL, ANY), 'same'],
		['no serial, one MAC, two models', camera(null, ANY, elph), camera(null, ANY, { model: 'Canon PowerShot G9 X' }), 'other'],
		['no serial, one MAC of Canon, a model written otherwise', camera(null, CANON, elph), camera(null, CANON, { model: 'X' }), 'same'],
		['no serial, one MAC, one model written in two ways', camera(null, ANY, elph), camera(null, ANY, { model: 'ELPH130IS' }), 'same'],
		['no serial, two MACs', camera(null, ANY), camera(null, ANY_TOO), 'other'],
		[
			'no serial, two MACs, same place and model: behind a repeater since',
			camera(null, CANON, { ...here, ...elph }),
			camera(null, ANY, { ...here, ...elph }),
			'unknown',
		],
		[
			'no serial, two MACs of Canon, same place and model',
			camera(null, CANON, { ...here, ...elph }),
			camera(null, CANON_TOO, { ...here, ...elph }),
			'other',
		],
		['nothing known', camera(null, null), camera(null, null), 'unknown'],
		['nothing known of one', camera(null, null), camera(SERIAL, CANON), 'unknown'],
	];

	test.each(table)('%s', (_, one, two, likeness) => {
		expect(compareCameras(one, two)).toBe(likeness);
		expect(compareCameras(two, one)).toBe(likeness);
	});

	test.each<[title: string, saved: string | null, seen: string | null, others: boolean, kept: string | null]>([
		['the first one', null, ANY, false, ANY],
		['none', ANY, null, false, ANY],
		['a new one', ANY, ANY_TOO, false, ANY_TOO],
		['that of a repeater', ANY, ANY_TOO, true, ANY],
		['that of a repeater, and nothing was saved', null, ANY, true, null],
		['what must be that of a repeater, as the camera has one of Canon', CANON, ANY, false, CANON],
		['one of Canon', ANY, CANON, false, CANON],
	])('the MAC to keep when %s is seen', (_, saved, mac, macShared, kept) => {
		expect(macToKeep(saved, { mac, macShared })).toBe(kept);
	});
});
