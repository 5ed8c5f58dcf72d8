/** The camera's side of SSDP: its search, and what it requires of an answer. */

import { latin1 } from '#base/bytes.ts';
import { headerText, readHeader, readLocation, readUsn } from '#protocol/ssdp/header.ts';
import { ROOT_DEVICE, SSDP_GROUP } from '#protocol/ssdp/message.ts';

/** Writes the search. Its first line and ST were recorded from cameras; HOST, MAN and MX are as UPnP requires. */
export function searchMessage(port: number, target: string = ROOT_DEVICE): string {
	return headerText('M-SEARCH * HTTP/1.1', { HOST: `${SSDP_GROUP}:${port}`, MAN: '"ssdp:discover"', MX: '3', ST: target });
}

/** A good answer, or what is wrong with it, as part of a sentence. */
export type AnswerVerdict = { uuid: string; location: URL } | { why: string };

const LINE = /^HTTP\/1\.[01] 200(?: |$)/;

/**
 * Judges an answer to the search. All reports agree on one requirement: `Microsoft-Windows` in Server. The others are what
 * the camera needs in order to continue (ST, USN, LOCATION), and what the standard requires of the text. `camera` is the
 * camera's own address.
 */
export function judgeAnswer(datagram: Uint8Array, camera: string): AnswerVerdict {
	const header = readHeader(latin1(datagram));
	if ('why' in header) return header;
	if (!LINE.test(header.first)) return { why: 'its first line is not HTTP/1.1 200 OK' };
	return judgeFields(header.field, camera);
}

function judgeFields(field: (name: string) => string | undefined, camera: string): AnswerVerdict {
	const server = field('server');
	if (server === undefined) return { why: 'it has no Server' };
	if (!server.includes('Microsoft-Windows')) return { why: 'its Server does not contain Microsoft-Windows' };
	if (field('st') !== ROOT_DEVICE) return { why: `its ST is not ${ROOT_DEVICE}` };
	const usn = readUsn(field('usn'));
	if (usn === undefined) return { why: 'its USN has no UUID' };
	if (usn.target !== ROOT_DEVICE) return { why: `its USN does not end with ::${ROOT_DEVICE}` };
	const location = readLocation(field('location'), camera);
	return location instanceof URL ? { uuid: usn.uuid, location } : location;
}
