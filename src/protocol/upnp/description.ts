/** The UPnP device description: the document by which a camera learns this computer's name. */

import { escapeXml } from './escape.ts';

/** The values that are filled into templates/device-description.xml. */
export interface DescriptionValues {
	/** Name on the camera's screen. The camera shows the part of friendlyName before the first `:`. */
	name: string;
	/** The same UUID as in the answer to the search. It must never change, because paired cameras require it. */
	uuid: string;
}

/** Returns the description's URL as sent to cameras. `path` has no leading slash. */
export function descriptionUrl(address: string, port: number, path: string): string {
	return `http://${address}:${port}${requestPath(path)}`;
}

/** Returns a path as it appears in the request line: with a leading slash, and percent-encoded where a URL requires it. */
export function requestPath(path: string): string {
	return `/${encodeURI(path.toWellFormed().replace(/^\/+/, '')).replaceAll('#', '%23')}`;
}

/** Fills `{{name}}` and `{{uuid}}` of a template with escaped values. Throws for any other placeholder. */
export function describeDevice(template: string, values: DescriptionValues): string {
	return template.trim().replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => {
		if (key === 'name' || key === 'uuid') return escapeXml(values[key]);
		throw new Error(`The description's template has ${placeholder}, for which there is no value.`);
	});
}
