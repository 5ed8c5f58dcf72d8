import { expect, test } from 'vitest';
import { findElement, MalformedXml, parseXml } from '#protocol/upnp/xml.ts';
import { judgeDescription } from '#simulator/discovery/description.ts';
import { judgeAnswer, searchMessage } from '#simulator/discovery/search.ts';

const UUID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
/** Where the camera stands. */
const CAMERA = '192.168.1.45';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The known good answer with some fields replaced, or left out with `undefined`. */
function answer(changes: Record<string, string | undefined> = {}, first = 'HTTP/1.1 200 OK'): Uint8Array {
	const fields: Record<string, string | undefined> = {
		ST: 'upnp:rootdevice',
		USN: `uuid:${UUID}::upnp:rootdevice`,
		LOCATION: 'http://192.168.1.20:8043/desc.xml',
		'Cache-Control': 'max-age=900',
		Server: 'Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0',
		Ext: '',
		...changes,
	};
	const lines = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
	return bytes(`${[first, ...lines].join('\r\n')}\r\n\r\n`);
}

test('the camera asks for root devices', () => {
	expect(searchMessage(1900)).toBe(
		'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: upnp:rootdevice\r\n\r\n',
	);
});

test('the answer of the known helper is good, with or without a blank after the colon', () => {
	expect(judgeAnswer(answer(), CAMERA)).toEqual({ uuid: UUID, location: new URL('http://192.168.1.20:8043/desc.xml') });
	const tight = bytes(new TextDecoder().decode(answer()).replace('Server: ', 'Server:').replace('USN', 'usn'));
	expect(judgeAnswer(tight, CAMERA)).toHaveProperty('uuid', UUID);
});

test.each([
	['a media server', { Server: 'Linux/5.4 UPnP/1.0 MiniDLNA/1.3' }, /Microsoft-Windows/],
	['no Server', { Server: undefined }, /no Server/],
	['another target', { ST: 'ssdp:all' }, /ST is not/],
	['no USN', { USN: undefined }, /USN has no UUID/],
	['a USN without UUID', { USN: 'uuid:12345::upnp:rootdevice' }, /USN has no UUID/],
	['the USN of the bare device', { USN: `uuid:${UUID}` }, /does not end/],
	['no LOCATION', { LOCATION: undefined }, /no LOCATION/],
	['a host name', { LOCATION: 'http://desktop.local:8043/d.xml' }, /IPv4/],
	['an IPv6 address', { LOCATION: 'http://[fe80::1]:8043/d.xml' }, /IPv4/],
	['an address out of range', { LOCATION: 'http://192.168.1.300:8043/d.xml' }, /IPv4/],
	['https', { LOCATION: 'https://192.168.1.20/d.xml' }, /IPv4/],
	['a blank in the URL', { LOCATION: 'http://192.168.1.20/a b' }, /IPv4/],
	['a leading zero', { LOCATION: 'http://192.168.1.020:8043/d.xml' }, /IPv4/],
	['an address of three numbers', { LOCATION: 'http://192.168.20:8043/d.xml' }, /IPv4/],
	['a user', { LOCATION: 'http://me@192.168.1.20:8043/d.xml' }, /IPv4/],
	['port 0', { LOCATION: 'http://192.168.1.20:0/d.xml' }, /IPv4/],
	['a port out of range', { LOCATION: 'http://192.168.1.20:65536/d.xml' }, /IPv4/],
	['the address of a socket that is bound to all', { LOCATION: 'http://0.0.0.0:8043/d.xml' }, /0\.0\.0\.0, which is no computer's/],
	['the loopback address', { LOCATION: 'http://127.0.0.1:8043/d.xml' }, /127\.0\.0\.1, which is the camera itself/],
	['the address of the group', { LOCATION: 'http://239.255.255.250:8043/d.xml' }, /no computer's/],
])('an answer with %s is refused', (_what, changes, why) => {
	expect(judgeAnswer(answer(changes), CAMERA)).toEqual({ why: expect.stringMatching(why) });
});

test('on one machine the loopback address will do', () => {
	expect(judgeAnswer(answer({ LOCATION: 'http://127.0.0.1:8043/d.xml' }), '127.0.0.1')).toHaveProperty('uuid');
});

test('an answer that is no 200 or does not end is refused', () => {
	expect(judgeAnswer(answer({}, 'HTTP/1.1 404 Not Found'), CAMERA)).toEqual({ why: expect.stringMatching(/200/) });
	expect(judgeAnswer(answer({}, 'NOTIFY * HTTP/1.1'), CAMERA)).toEqual({ why: expect.stringMatching(/200/) });
	expect(judgeAnswer(answer().subarray(0, 80), CAMERA)).toEqual({ why: expect.stringMatching(/empty line/) });
	expect(judgeAnswer(bytes(new TextDecoder().decode(answer()).replaceAll('\r\n', '\n')), CAMERA)).toEqual({
		why: expect.stringMatching(/CRLF/),
	});
	expect(judgeAnswer(bytes('HTTP/1.1 200 OK\r\nno field\r\n\r\n'), CAMERA)).toEqual({ why: expect.stringMatching(/no header field/) });
	// RFC 9112, 5.1: no blank space between a name and its colon.
	expect(judgeAnswer(answer({ 'X-More ': 'x' }), CAMERA)).toEqual({ why: expect.stringMatching(/no header field/) });
});

test('of a field that stands twice the first counts', () => {
	const twice = (first: string, second: string): Uint8Array => answer({ Server: first, SERVER: second });
	expect(judgeAnswer(twice('Microsoft-Windows/10.0', 'Linux/6.1'), CAMERA)).toHaveProperty('uuid', UUID);
	expect(judgeAnswer(twice('Linux/6.1', 'Microsoft-Windows/10.0'), CAMERA)).toEqual({ why: expect.stringMatching(/Microsoft-Windows/) });
});

const document = (inner: string): string =>
	`<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device>${inner}</device></root>`;
const good = document(`<friendlyName>Tom &amp; Jerry: user:</friendlyName><UDN>uuid:${UUID}</UDN>`);
const judge = (body: string | Uint8Array, contentType: string | undefined = 'text/xml; charset="utf-8"', status = 200) =>
	judgeDescription({ status, contentType, body: typeof body === 'string' ? bytes(body) : body }, UUID);

test('the camera lists what stands before the first colon', () => {
	expect(judge(good)).toEqual({ name: 'Tom & Jerry' });
});

test.each([
	['status 404', good, undefined, 404, /status is 404/],
	['text/html', good, 'text/html; charset="utf-8"', 200, /Content-Type/],
	['no charset', good, 'text/xml', 200, /Content-Type/],
	['a charset without quotes', good, 'text/xml; charset=utf-8', 200, /Content-Type/],
	['a bare &', good.replace('&amp;', '&'), undefined, 200, /well-formed/],
	['no friendlyName', document(`<UDN>uuid:${UUID}</UDN>`), undefined, 200, /friendlyName/],
	['an empty name', document(`<friendlyName>: user:</friendlyName><UDN>uuid:${UUID}</UDN>`), undefined, 200, /before the first/],
	['no UDN', document('<friendlyName>A:</friendlyName>'), undefined, 200, /UDN/],
	['another UDN', good.replace('1b9d', '1b9e'), undefined, 200, /UDN is not/],
	['half a document', good.slice(0, 150), undefined, 200, /well-formed/],
])('a description with %s is refused', (_what, body, contentType, status, why) => {
	expect(judge(body, contentType, status)).toEqual({ why: expect.stringMatching(why) });
});

test('a description without a content type, or not in UTF-8, is refused', () => {
	expect(judgeDescription({ status: 200, contentType: undefined, body: bytes(good) }, UUID)).toEqual({
		why: expect.stringMatching(/no Content-Type/),
	});
	expect(judge(Uint8Array.from([...bytes(good), 0xff]))).toEqual({ why: 'it is not UTF-8' });
});

test('XML with comments, CDATA, prefixes and references is read', () => {
	const root = parseXml(
		'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- a --><u:root a=\'1\' b="&lt;"><x/><![CDATA[<&>]]><y>&#65;&#x42;</y></u:root>\n',
	);
	expect(root).toEqual({
		name: 'root',
		text: '<&>',
		children: [
			{ name: 'x', text: '', children: [] },
			{ name: 'y', text: 'AB', children: [] },
		],
	});
	expect(findElement(root, 'y')?.text).toBe('AB');
});

test.each([
	'',
	'text',
	'<a>',
	'<a></b>',
	'<a><b></a></b>',
	'<a/><b/>',
	'<a b=c/>',
	'<a b="1" b="2"/>',
	'<a b="1"c="2"/>',
	'<a>&nbsp;</a>',
	'<a>&</a>',
	'<a>]]></a>',
	'<a><!-- -- --></a>',
	'<a b="<"/>',
	'<a>\u0001</a>',
	'<a>&#0;</a>',
	'<a>&#1;</a>',
	'<a>&#xD800;</a>',
	'<a>&#x110000;</a>',
	'<a b="&#8;"/>',
	'<!DOCTYPE a><a/>',
	'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
	' <?xml version="1.0"?><a/>',
	'<?xml?><a/>',
	'<?xml version="1.0" nonsense?><a/>',
	'<?xml version="1.0" encoding="iso-8859-1"?><a/>',
	`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`,
])('%j is not well-formed', (text) => {
	expect(() => parseXml(text)).toThrow(MalformedXml);
});
