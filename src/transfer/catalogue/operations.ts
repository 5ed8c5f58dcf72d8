/** Ways to list a folder by one operation of the camera's. */

import type { Camera } from '#camera/camera.ts';
import type { ListedObject } from '#protocol/ptp/canon-listing.ts';
import { mayBeCut, parseCanonFolder, parseEosFolder } from '#protocol/ptp/canon-listing.ts';
import { SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';
import { OPERATION, ROOT_PARENT } from '#protocol/ptp/operations.ts';
import { parsePropertyList } from '#protocol/ptp/property-list.ts';
import { entryOf, FOLDER_BYTES, type FolderEntry, type Way } from './way.ts';

/** What libgphoto2 sends as third parameter; EOS Utility sends 0x2000. What it means is not known. */
const EOS_WHOLE_ENTRIES = 0x10_0000;

/** Canon's GetObjectInfoEx of the EOS, and of PowerShots from late 2015 on. */
export const eosFolder: Way = {
	name: 'GetObjectInfoEx (0x9109)',
	needsHandles: false,
	async list(camera, { storage, handle }, _handles, signal) {
		const data = await camera.fetch(OPERATION.eosGetObjectInfoEx, [storage, handle, EOS_WHOLE_ENTRIES], FOLDER_BYTES, signal);
		return whole(camera, parseEosFolder(data), signal);
	},
};

/** Canon's older GetObjectInfoEx, which every PowerShot and IXUS on record lists. */
export const canonFolder: Way = {
	name: 'GetObjectInfoEx (0x9021)',
	needsHandles: false,
	async list(camera, { storage, handle }, _handles, signal) {
		const data = await camera.fetch(OPERATION.canonGetObjectInfoEx, [storage, 0, handle, 0], FOLDER_BYTES, signal);
		return whole(camera, parseCanonFolder(data), signal);
	},
};

/** Time that a camera has for one property list, in milliseconds: older Canons hung on it, whatever they were asked. */
const LIST_LIMIT_MS = 10_000;
const ALL_PROPERTIES = 0xffff_ffff;
const CHILDREN = 1;

/**
 * MTP's GetObjPropList, folder by folder: asked for everything at once it has hung on real Canons. Depth 1 is an assumption; no
 * recording shows it on a Canon.
 */
export const propertyList = (limitMs = LIST_LIMIT_MS): Way => ({
	name: 'GetObjPropList (0x9805)',
	remembered: '9805',
	needsHandles: true,
	// With the root's number it would be everything at once.
	covers: ({ handle }) => handle !== ROOT_PARENT,
	async list(camera, { handle }, _handles, signal) {
		const within = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
		const data = await camera.fetch(OPERATION.mtpGetObjectPropList, [handle, 0, ALL_PROPERTIES, 0, CHILDREN], FOLDER_BYTES, within);
		// Some cameras describe the folder, too.
		return parsePropertyList(data)
			.filter((object) => object.handle !== handle)
			.map(({ date, format, ...object }) => ({
				...object,
				folder: format === FORMAT.association,
				captureDate: '',
				modificationDate: date,
			}));
	},
});

/** Asks for what the listing has no room for: long names, and sizes beyond 32 bits. */
async function whole(camera: Camera, listed: readonly ListedObject[], signal: AbortSignal): Promise<FolderEntry[]> {
	const entries: FolderEntry[] = [];
	for (const { format, seconds, ...object } of listed) {
		if (mayBeCut(object.name) || object.name === '' || object.size === SIZE_BEYOND_32_BITS)
			entries.push(entryOf(object.handle, await camera.object(object.handle, signal)));
		else
			entries.push({
				...object,
				folder: format === FORMAT.association,
				seconds: seconds === 0 ? undefined : seconds,
				captureDate: '',
				modificationDate: '',
			});
	}
	return entries;
}
