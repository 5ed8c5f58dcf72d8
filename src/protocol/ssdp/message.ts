/** SSDP, the discovery layer of UPnP: HTTP-like text in UDP datagrams. This file has a camera's search and our answer to it. */

/** SSDP's multicast group. */
export const SSDP_GROUP = '239.255.255.250';
export const SSDP_PORT = 1900;
/** The only search target (ST) that cameras send when they look for a computer. */
export const ROOT_DEVICE = 'upnp:rootdevice';
const EVERYTHING = 'ssdp:all';

/** Cameras list only computers whose answer contains `Microsoft-Windows` (ptpip-canon helper scripts, seen on an ELPH130). */
export const WINDOWS = 'Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0';

/** Longer datagrams are ignored. A search is about 150 bytes. */
export const LONGEST_DATAGRAM = 4096;
const MOST_LINES = 64;
const LONGEST_TARGET = 256;

const REQUEST_LINE = /^M-SEARCH[ \t]+\*[ \t]+HTTP\/1\.\d{1,3}$/i;
const latin1 = new TextDecoder('latin1');

/**
 * Returns the search target (ST) of a datagram, or `undefined` if it is not a search. Never throws. Only the request line
 * and ST are required, because HOST, MAN and MX of PowerShots have never been recorded. Lines may end in CRLF or LF, names
 * may be in any case, the final empty line may be missing, and a value may be folded or quoted.
 */
export function searchTarget(datagram: Uint8Array): string | undefined {
	if (datagram.length > LONGEST_DATAGRAM) return undefined;
	const lines = latin1
		.decode(datagram)
		.replace(/^[\r\n]+/, '')
		.split('\n', MOST_LINES);
	if (!REQUEST_LINE.test((lines[0] ?? '').trim())) return undefined;
	let st: string | undefined;
	for (const line of lines.slice(1).map((line) => line.trimEnd())) {
		if (line === '') break;
		const folded = line.startsWith(' ') || line.startsWith('\t');
		if (st !== undefined && !folded) break;
		if (st !== undefined) st += line.trimStart();
		else if (!folded) st = fieldValue(line, 'st');
	}
	const target = st?.replace(/^"(.*)"$/, '$1');
	return target !== undefined && target.length <= LONGEST_TARGET && /^[!-~]+$/.test(target) ? target : undefined;
}

function fieldValue(line: string, name: string): string | undefined {
	const colon = line.indexOf(':');
	return line.slice(0, Math.max(colon, 0)).trim().toLowerCase() === name ? line.slice(colon + 1).trim() : undefined;
}

/** Whether we answer a search for this target. */
export function asksForUs(target: string): boolean {
	return [ROOT_DEVICE, EVERYTHING].includes(target.toLowerCase());
}

/**
 * Writes the answer to a search, with the fields in an order that cameras are known to accept. ST is `upnp:rootdevice` for
 * `ssdp:all` as well, and there is no DATE (ptpip-canon helper scripts). `maxAge` is in seconds.
 */
export function searchAnswer({ usn, location, maxAge }: { usn: string; location: string; maxAge: number }): string {
	return [
		'HTTP/1.1 200 OK',
		`ST: ${ROOT_DEVICE}`,
		`USN: ${usn}`,
		`LOCATION: ${location}`,
		`Cache-Control: max-age=${maxAge}`,
		`Server: ${WINDOWS}`,
		'Ext: ',
		'',
		'',
	].join('\r\n');
}
