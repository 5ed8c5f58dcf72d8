/** `listings.json`: ways to list a card that failed on a camera, so that they are never tried on it again. */
import fs from 'node:fs';
import path from 'node:path';
import { plainWrite } from './plain-write.ts';
import { isObject } from './rules/check.ts';
import { SETTINGS_VERSION } from './rules/schema.ts';

/** Cameras remembered; the oldest goes first. */
const CAMERAS = 100;
/** A larger file is none of ours. */
const FILE_BYTES = 256 * 1024;

/** As `ListingMemory` of the catalogue. */
export interface ListingFile {
	failed(camera: string, way: string): boolean;
	trying(camera: string, way: string): void;
	worked(camera: string, way: string): void;
}

/** The file in the settings folder. What cannot be read or written is no trouble of the person's: it is then remembered here only. */
export function listingFile(folder: string): ListingFile {
	const file = path.join(folder, 'listings.json');
	let known: Map<string, readonly string[]> | undefined;
	const load = () => {
		known ??= read(file);
		return known;
	};
	const change = (camera: string, ways: readonly string[]) => {
		const all = load();
		all.delete(camera);
		if (ways.length > 0) all.set(camera, ways);
		while (all.size > CAMERAS) all.delete(all.keys().next().value as string);
		try {
			fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
			plainWrite(file, { version: SETTINGS_VERSION, failed: Object.fromEntries(all) });
		} catch {
			// A read-only settings folder costs no more than a second try.
		}
	};
	return {
		failed: (camera, way) => load().get(camera)?.includes(way) ?? false,
		trying: (camera, way) => change(camera, [...new Set([...(load().get(camera) ?? []), way])]),
		worked: (camera, way) => {
			const ways = load().get(camera) ?? [];
			if (ways.includes(way))
				change(
					camera,
					ways.filter((one) => one !== way),
				);
		},
	};
}

function read(file: string): Map<string, readonly string[]> {
	try {
		if (fs.statSync(file).size > FILE_BYTES) return new Map();
		const settings: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
		const failed = isObject(settings) && isObject(settings.failed) ? Object.entries(settings.failed) : [];
		return new Map(
			failed.map(([camera, ways]) => [camera, Array.isArray(ways) ? ways.filter((way): way is string => typeof way === 'string') : []]),
		);
	} catch {
		return new Map();
	}
}
