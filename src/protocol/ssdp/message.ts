/** SSDP, the discovery layer of UPnP: HTTP-like text in UDP datagrams. Here: the question of a camera and the one answer to it. */

export const SSDP_GROUP = '239.255.255.250';
export const SSDP_PORT = 1900;
/** The only search target that cameras send when they look for a computer. */
export const ROOT_DEVICE = 'upnp:rootdevice';
const EVERYTHING = 'ssdp:all';

/** Cameras list only computers whose answer contains `Microsoft-Windows` (ptpip-canon helper scripts, seen on an ELPH130). */
export const WINDOWS = 'Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0';

/** Longer datagrams are not looked at. A search is about 150 bytes. */
export const LONGEST_DATAGRAM = 4096;
const MOST_LINES = 64;
const LONGEST_TARGET = 256;

const REQUEST_LINE = /^M-SEARCH[ \t]+\*[ \t]+HTTP\/1\.\d{1,3}$/i;
const latin1 = new TextDecoder('latin1');

/**
 * The search target (ST) that a datagram asks for, or nothing if it is no search. Never throws.
 * Only the request line and ST are demanded: HOST, MAN and MX of PowerShots have never been recorded. Line ends may be
 * CRLF or LF, names in any case, the closing empty line may be missing, a value may be folded or in quotes.
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

/** Whether a search for this target means us. */
export function asksForUs(target: string): boolean {
	return [ROOT_DEVICE, EVERYTHING].includes(target.toLowerCase());
}

/**
 * The answer to every search that means us, in the order of fields that cameras are known to take. ST is `upnp:rootdevice`
 * for `ssdp:all` as well, and there is no DATE (ptpip-canon helper scripts).
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
