/** Reads and writes the header fields of SSDP and HTTP messages. */

/** A message: its first line, and its fields by lower-case name. If a field occurs twice, the first one counts. */
export interface Header {
	first: string;
	field(name: string): string | undefined;
}

/** Reads the header of a datagram, or says what is wrong with it. CRLF line ends and the final empty line are required. */
export function readHeader(text: string): Header | { why: string } {
	const end = text.indexOf('\r\n\r\n');
	if (end < 0) return { why: 'its header does not end with an empty line (CRLF)' };
	const [first = '', ...lines] = text.slice(0, end).split('\r\n');
	const fields = new Map<string, string>();
	for (const line of lines) {
		const colon = line.indexOf(':');
		if (colon <= 0 || /\s/.test(line.slice(0, colon))) return { why: 'it has a line that is no header field' };
		const name = line.slice(0, colon).toLowerCase();
		if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
	}
	return { first, field: (name) => fields.get(name) };
}

/** Writes a message with this first line and these fields, in their order. */
export function headerText(first: string, fields: Readonly<Record<string, string>>): string {
	return `${[first, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

const URL_SHAPE = /^http:\/\/(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?(?:\/[\x21-\x7e]*)?$/i;

/**
 * Parses a LOCATION, which must be `http://a.b.c.d[:port]/path` because a camera has no resolver here; otherwise says what
 * is wrong with it. `camera` is the camera's own address. A loopback address is refused unless the camera has one too,
 * because on a network it would lead nowhere.
 */
export function readLocation(text: string | undefined, camera: string): URL | { why: string } {
	if (text === undefined) return { why: 'it has no LOCATION' };
	const [, host = '', port = '80'] = URL_SHAPE.exec(text) ?? [];
	const octets = host.split('.');
	// An octet with a leading zero is decimal for some programs and octal for others.
	if (!octets.every((octet) => /^(?:0|[1-9]\d*)$/.test(octet) && Number(octet) <= 255) || Number(port) < 1 || Number(port) > 65535)
		return { why: 'its LOCATION is not http:// with an IPv4 address' };
	const first = Number(octets[0]);
	if (first === 0 || first >= 224) return { why: `its LOCATION is at ${host}, which is no computer's address` };
	if (first === 127 && !camera.startsWith('127.')) return { why: `its LOCATION is at ${host}, which is the camera itself for the camera` };
	return new URL(text);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns the UUID of a USN in lower case, and the text after `::`; `undefined` if the USN has no UUID. */
export function readUsn(usn: string | undefined): { uuid: string; target: string | undefined } | undefined {
	const [, uuid = '', target] = /^uuid:([^:]*)(?:::(.*))?$/.exec(usn ?? '') ?? [];
	return UUID.test(uuid) ? { uuid: uuid.toLowerCase(), target } : undefined;
}
