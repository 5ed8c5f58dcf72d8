/** What the camera requires of a computer's description. */

import type { Fetched } from '#protocol/upnp/fetch.ts';
import { findElement, MalformedXml, parseXml } from '#protocol/upnp/xml.ts';
import { contentTypeFault, type Strictness } from './strictness.ts';

/** The name to list, or why the computer is not listed, as part of a sentence. */
export type DescriptionVerdict = { name: string } | { why: string };

/** Judges the description that belongs to a search answer with this UUID. */
export function judgeDescription(
	{ status, contentType, body }: Fetched,
	uuid: string,
	strictness: Strictness = 'quoted',
): DescriptionVerdict {
	if (status !== 200) return { why: `its status is ${status}, not 200` };
	const fault = contentTypeFault(contentType, strictness);
	if (fault !== undefined) return { why: fault };
	try {
		const root = parseXml(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
		const friendlyName = findElement(root, 'friendlyName')?.text;
		if (friendlyName === undefined) return { why: 'it has no friendlyName' };
		const name = (friendlyName.split(':')[0] ?? '').trim();
		if (name === '') return { why: 'its friendlyName has nothing before the first ":"' };
		const udn = findElement(root, 'UDN')?.text.trim().toLowerCase();
		if (udn === undefined) return { why: 'it has no UDN' };
		if (udn !== `uuid:${uuid}`) return { why: 'its UDN is not the UUID of the answer' };
		return { name };
	} catch (error) {
		if (error instanceof MalformedXml) return { why: `it is not well-formed XML: ${error.message}` };
		if (error instanceof TypeError) return { why: 'it is not UTF-8' };
		throw error;
	}
}
