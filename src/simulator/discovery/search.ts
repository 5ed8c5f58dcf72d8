/** The camera's side of SSDP, as text: what it asks, and what it demands of an answer. */

import { latin1 } from '../bytes.ts';

export const SSDP_GROUP = '239.255.255.250';
export const SSDP_PORT = 1900;
const TARGET = 'upnp:rootdevice';

/** The question. Line and ST were recorded from cameras; HOST, MAN and MX are what UPnP demands. */
export function searchMessage(port: number): string {
	return ['M-SEARCH * HTTP/1.1', `HOST: ${SSDP_GROUP}:${port}`, 'MAN: "ssdp:discover"', 'MX: 3', `ST: ${TARGET}`, '', ''].join('\r\n');
}

/** A good answer, or why it is none. */
export type AnswerVerdict = { uuid: string; location: URL } | { why: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LINE = /^HTTP\/1\.[01] 200(?: |$)/;

/**
 * Judges an answer to the search. The one demand that every report agrees on is `Microsoft-Windows` in Server; the
 * others are what the camera needs to go on with it (ST, USN, LOCATION) and what the standard demands of the text.
 */
export function judgeAnswer(datagram: Uint8Array): AnswerVerdict {
	const text = latin1(datagram);
	const end = text.indexOf('\r\n\r\n');
	if (end < 0) return { why: 'its header does not end with an empty line (CRLF)' };
	const [first = '', ...lines] = text.slice(0, end).split('\r\n');
	if (!LINE.test(first)) return { why: 'its first line is not HTTP/1.1 200 OK' };
	const fields = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(':');
		if (colon <= 0 || /[\s]/.test(line.slice(0, colon))) return { why: 'it has a line that is no header field' };
		const name = line.slice(0, colon).toLowerCase();
		if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
	}
	return judgeFields((name) => fields.get(name));
}

function judgeFields(field: (name: string) => string | undefined): AnswerVerdict {
	const server = field('server');
	if (server === undefined) return { why: 'it has no Server' };
	if (!server.includes('Microsoft-Windows')) return { why: 'its Server does not contain Microsoft-Windows' };
	if (field('st') !== TARGET) return { why: `its ST is not ${TARGET}` };
	const usn = field('usn') ?? '';
	const [, uuid = '', target] = /^uuid:([^:]*)(?:::(.*))?$/.exec(usn) ?? [];
	if (!UUID.test(uuid)) return { why: 'its USN has no UUID' };
	if (target !== TARGET) return { why: `its USN does not end with ::${TARGET}` };
	const location = field('location');
	if (location === undefined) return { why: 'it has no LOCATION' };
	const url = ipv4Url(location);
	if (url === undefined) return { why: 'its LOCATION is not http:// with an IPv4 address' };
	return { uuid: uuid.toLowerCase(), location: url };
}

/** `http://a.b.c.d[:port]/path` and nothing else: the camera has no resolver in this flow. */
function ipv4Url(text: string): URL | undefined {
	const found = /^http:\/\/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d{1,5}))?(?:\/[\x21-\x7e]*)?$/i.exec(text);
	if (found === null) return undefined;
	const [a, b, c, d] = found.slice(1, 5).map(Number);
	if ([a, b, c, d].some((octet) => octet === undefined || octet > 255) || Number(found[5] ?? 80) > 65535) return undefined;
	return new URL(text);
}
