/** Header fields of SSDP and HTTP messages: text in, text out. */

/** A message: its first line, and its fields by lower-case name; of a field that stands twice the first counts. */
export interface Header {
	first: string;
	field(name: string): string | undefined;
}

/** Reads the header of a datagram, or says why it is none. CRLF line ends and the empty line at the end are demanded. */
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

/** A message of this first line and these fields, in their order. */
export function headerText(first: string, fields: Readonly<Record<string, string>>): string {
	return `${[first, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

const URL_SHAPE = /^http:\/\/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d{1,5}))?(?:\/[\x21-\x7e]*)?$/i;

/** `http://a.b.c.d[:port]/path` and nothing else: a camera has no resolver in these flows. */
export function ipv4Url(text: string): URL | undefined {
	const found = URL_SHAPE.exec(text);
	if (found === null) return undefined;
	const [a, b, c, d] = found.slice(1, 5).map(Number);
	if ([a, b, c, d].some((octet) => octet === undefined || octet > 255) || Number(found[5] ?? 80) > 65535) return undefined;
	return new URL(text);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** UUID (lower case) and what follows `::` of a USN; nothing when it holds no UUID. */
export function readUsn(usn: string | undefined): { uuid: string; target: string | undefined } | undefined {
	const [, uuid = '', target] = /^uuid:([^:]*)(?:::(.*))?$/.exec(usn ?? '') ?? [];
	return UUID.test(uuid) ? { uuid: uuid.toLowerCase(), target } : undefined;
}
