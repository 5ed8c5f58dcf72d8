/** The camera's side of SSDP, as text: what it asks, and what it demands of an answer. */

import { latin1 } from '../bytes.ts';
import { headerText, ipv4Url, readHeader, readUsn } from './header.ts';

export const SSDP_GROUP = '239.255.255.250';
export const SSDP_PORT = 1900;
const TARGET = 'upnp:rootdevice';

/** The question. Line and ST were recorded from cameras; HOST, MAN and MX are what UPnP demands. */
export function searchMessage(port: number, target: string = TARGET): string {
	return headerText('M-SEARCH * HTTP/1.1', { HOST: `${SSDP_GROUP}:${port}`, MAN: '"ssdp:discover"', MX: '3', ST: target });
}

/** A good answer, or why it is none. */
export type AnswerVerdict = { uuid: string; location: URL } | { why: string };

const LINE = /^HTTP\/1\.[01] 200(?: |$)/;

/**
 * Judges an answer to the search. The one demand that every report agrees on is `Microsoft-Windows` in Server; the
 * others are what the camera needs to go on with it (ST, USN, LOCATION) and what the standard demands of the text.
 */
export function judgeAnswer(datagram: Uint8Array): AnswerVerdict {
	const header = readHeader(latin1(datagram));
	if ('why' in header) return header;
	if (!LINE.test(header.first)) return { why: 'its first line is not HTTP/1.1 200 OK' };
	return judgeFields(header.field);
}

function judgeFields(field: (name: string) => string | undefined): AnswerVerdict {
	const server = field('server');
	if (server === undefined) return { why: 'it has no Server' };
	if (!server.includes('Microsoft-Windows')) return { why: 'its Server does not contain Microsoft-Windows' };
	if (field('st') !== TARGET) return { why: `its ST is not ${TARGET}` };
	const usn = readUsn(field('usn'));
	if (usn === undefined) return { why: 'its USN has no UUID' };
	if (usn.target !== TARGET) return { why: `its USN does not end with ::${TARGET}` };
	const location = field('location');
	if (location === undefined) return { why: 'it has no LOCATION' };
	const url = ipv4Url(location);
	if (url === undefined) return { why: 'its LOCATION is not http:// with an IPv4 address' };
	return { uuid: usn.uuid, location: url };
}
