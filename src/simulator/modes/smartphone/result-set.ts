/** The small XML documents of the service: `ParamSet` in requests, `ResultSet` in answers, each a flat list of elements. */

import { escapeXml } from '#protocol/upnp/escape.ts';
import { type Element, MalformedXml, parseXml } from '#protocol/upnp/xml.ts';

/** Writes a document with these elements. */
export function setDocument(kind: 'ParamSet' | 'ResultSet', service: string, values: readonly (readonly [string, string])[]): string {
	const lines = values.map(([name, value]) => `  <${name}>${escapeXml(value)}</${name}>\n`);
	return `<?xml version="1.0"?>\n<${kind} xmlns="${service}">\n${lines.join('')}</${kind}>\n`;
}

/** Reads the elements of a ParamSet by name; `undefined` for any other document. */
export function readParamSet(body: Uint8Array): ReadonlyMap<string, string> | undefined {
	let root: Element;
	try {
		root = parseXml(new TextDecoder('utf-8', { fatal: true }).decode(body));
	} catch (error) {
		if (error instanceof MalformedXml || error instanceof TypeError) return undefined;
		throw error;
	}
	if (root.name !== 'ParamSet') return undefined;
	return new Map(root.children.map(({ name, text }) => [name, text.trim()]));
}
