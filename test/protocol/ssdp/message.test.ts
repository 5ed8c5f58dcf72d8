import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asksForUs, LONGEST_DATAGRAM, searchAnswer, searchTarget } from '#protocol/ssdp/message.ts';
import { fuzzRuns } from '../../support/fuzz.ts';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const target = (text: string) => searchTarget(bytes(text));

const FULL = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: upnp:rootdevice\r\n\r\n';

describe('a search', () => {
	test.each([
		['as UPnP writes it', FULL],
		['with nothing but ST, as recorded of a PowerShot', 'M-SEARCH * HTTP/1.1\r\nST: upnp:rootdevice\r\n\r\n'],
		['with LF line ends', 'M-SEARCH * HTTP/1.1\nST: upnp:rootdevice\n\n'],
		['without an end', 'M-SEARCH * HTTP/1.1\r\nST: upnp:rootdevice'],
		['in odd case', 'm-Search * http/1.1\r\nsT: upnp:rootdevice\r\n\r\n'],
		['of HTTP/1.0', 'M-SEARCH * HTTP/1.0\r\nST: upnp:rootdevice\r\n\r\n'],
		['with odd blanks', 'M-SEARCH  *\tHTTP/1.1 \r\nST \t:\t upnp:rootdevice \t\r\n\r\n'],
		['without blanks', 'M-SEARCH * HTTP/1.1\r\nST:upnp:rootdevice\r\n\r\n'],
		['with a folded value', 'M-SEARCH * HTTP/1.1\r\nST:\r\n upnp:rootdevice\r\n\r\n'],
		['with a quoted value', 'M-SEARCH * HTTP/1.1\r\nST: "upnp:rootdevice"\r\n\r\n'],
		['after empty lines', '\r\n\r\nM-SEARCH * HTTP/1.1\r\nST: upnp:rootdevice\r\n\r\n'],
		['among lines that are no fields', 'M-SEARCH * HTTP/1.1\r\nnonsense\r\n: x\r\n\x01\x02: y\r\nST: upnp:rootdevice\r\n\r\n'],
		['with a body', `${FULL}ST: ssdp:all\r\n`],
		['with a second ST', 'M-SEARCH * HTTP/1.1\r\nST: upnp:rootdevice\r\nST: ssdp:all\r\n\r\n'],
	])('%s is understood', (_how, text) => {
		expect(target(text)).toBe('upnp:rootdevice');
	});

	test.each([
		['empty', ''],
		['a NOTIFY', FULL.replace('M-SEARCH', 'NOTIFY')],
		['an answer', 'HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\n\r\n'],
		['for another path', FULL.replace('*', '/')],
		['of HTTP/2.0', FULL.replace('1.1', '2.0')],
		['longer in its first word', `X${FULL}`],
		['without ST', FULL.replace(/\r\nST:.*/, '')],
		['with an empty ST', FULL.replace('upnp:rootdevice', ' ')],
		['with ST only in its body', 'M-SEARCH * HTTP/1.1\r\n\r\nST: upnp:rootdevice\r\n'],
		['with ST inside another value', 'M-SEARCH * HTTP/1.1\r\nX: ST: upnp:rootdevice\r\n\r\n'],
		['with ST folded into another field', 'M-SEARCH * HTTP/1.1\r\nX: y\r\n ST: upnp:rootdevice\r\n\r\n'],
		['with a control character in ST', FULL.replace('upnp:', 'upnp:\x1b[31m')],
		['with ST in two words', FULL.replace('upnp:', 'upnp: ')],
		['with an endless ST', FULL.replace('upnp:', 'u'.repeat(300))],
		['in UTF-16', [...FULL].join('\0')],
	])('%s is none', (_how, text) => {
		expect(target(text)).toBeUndefined();
	});

	test('is ignored if it is too long', () => {
		const padded = (length: number) => FULL.slice(0, -2) + 'X'.repeat(length - FULL.length + 2);
		expect(target(padded(LONGEST_DATAGRAM))).toBe('upnp:rootdevice');
		expect(target(padded(LONGEST_DATAGRAM + 1))).toBeUndefined();
		expect(target(padded(65507))).toBeUndefined();
	});

	test('concerns us if it is for root devices or for everything', () => {
		expect(['upnp:rootdevice', 'UPnP:RootDevice', 'ssdp:all', 'SSDP:ALL'].every(asksForUs)).toBe(true);
		expect(['upnp:rootdevice2', 'ssdp:*', 'uuid:1', 'upnp', ''].some(asksForUs)).toBe(false);
	});
});

test('the answer has the fields of the helper scripts in their order', () => {
	// By hand from the published helper's answer, which PowerShots are known to take.
	expect(
		searchAnswer({
			usn: 'uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed::upnp:rootdevice',
			location: 'http://192.168.1.20:8043/desc.xml',
			maxAge: 900,
		}),
	).toBe(
		[
			'HTTP/1.1 200 OK',
			'ST: upnp:rootdevice',
			'USN: uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed::upnp:rootdevice',
			'LOCATION: http://192.168.1.20:8043/desc.xml',
			'Cache-Control: max-age=900',
			'Server: Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0',
			'Ext: ',
			'\r\n',
		].join('\r\n'),
	);
});

test('fields in any order, number and case do not hide the target', () => {
	const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.-]{0,12}$/).filter((name) => name.toLowerCase() !== 'st');
	const field = fc.tuple(name, fc.stringMatching(/^[ -~]{0,30}$/)).map(([name, value]) => `${name}: ${value}`);
	const fields = fc.array(field, { maxLength: 10 });
	const st = fc.constantFrom('ST', 'st', 'St', 'sT');
	fc.assert(
		fc.property(fields, fields, st, fc.constantFrom('\r\n', '\n'), (before, after, st, end) => {
			expect(target(['M-SEARCH * HTTP/1.1', ...before, `${st}: ssdp:all`, ...after, '', ''].join(end))).toBe('ssdp:all');
		}),
	);
});

test('no datagram makes the reader throw, and what it reads is short and printable', () => {
	const runs = fuzzRuns(100_000);
	const { pick, below, scribble } = runs;
	const pieces = [
		'M-SEARCH',
		' * ',
		'HTTP/1.1',
		'\r\n',
		'\n',
		'\r',
		'ST:',
		'ST: upnp:rootdevice',
		'"',
		'\0',
		' ',
		'\t',
		':',
		'\xff',
		'A'.repeat(500),
		FULL,
	];
	let read = 0;
	runs.each(() => {
		const datagram = below(3) === 0 ? scribble(bytes(FULL)) : bytes(Array.from({ length: below(12) }, () => pick(pieces)).join(''));
		const st = searchTarget(datagram);
		if (st === undefined) return;
		read++;
		if (!/^[!-~]{1,256}$/.test(st) || datagram.length > LONGEST_DATAGRAM) throw new Error(`read ${JSON.stringify(st)}`);
	});
	expect(read).toBeGreaterThan(runs.count / 1000); // the fuzz reaches the inside
});
