/** The UPnP device description: the document by which a camera learns this computer's name. */

import { escapeXml } from './escape.ts';

/** What templates/device-description.xml leaves open. */
export interface DescriptionValues {
	/** Name on the camera's screen. The camera shows what stands before the first `:` of friendlyName. */
	name: string;
	/** The same UUID as in the answer to the search, and the same for ever: paired cameras demand it. */
	uuid: string;
}

/** Where the description is, as cameras are told. `path` without the leading slash. */
export function descriptionUrl(address: string, port: number, path: string): string {
	return `http://${address}:${port}${requestPath(path)}`;
}

/** A path as it stands in the request line: with its leading slash, and whatever has no place in a URL percent-encoded. */
export function requestPath(path: string): string {
	return `/${encodeURI(path.toWellFormed().replace(/^\/+/, '')).replaceAll('#', '%23')}`;
}

/** Fills `{{name}}` and `{{uuid}}` of a template with escaped values. */
export function describeDevice(template: string, values: DescriptionValues): string {
	return template.trim().replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => {
		if (key === 'name' || key === 'uuid') return escapeXml(values[key]);
		throw new Error(`The description's template has ${placeholder}, for which there is no value.`);
	});
}
