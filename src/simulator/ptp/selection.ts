/** Selects objects by storage, format and folder, as four operations do. */
import { ALL_STORAGES, ANY_FORMAT, ANY_PARENT, ROOT_PARENT } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { CardEntry } from '../card/card.ts';
import type { Device } from './device.ts';
import { STORAGE_ID } from './storage-id.ts';

/** Whether the camera has this storage: the card, or one of the model's others, which are empty. */
export function hasStorage({ model }: Pick<Device, 'model'>, id: number): boolean {
	return id === STORAGE_ID || model.otherStorages?.some((one) => one.id === id) === true;
}

/** Scans the card and resolves to the selected objects, or to the response that refuses the selection (ISO 15740, GetObjectHandles). */
export async function select(
	device: Device,
	storage: number,
	format: number,
	parent: number,
): Promise<{ found: CardEntry[] } | { response: number }> {
	if (storage !== ALL_STORAGES && !hasStorage(device, storage)) return { response: RESPONSE.invalidStorageID };
	if (storage !== ALL_STORAGES && storage !== STORAGE_ID) return { found: [] };
	const { card } = device;
	await card.scan();
	if (parent !== ANY_PARENT && parent !== ROOT_PARENT) {
		const folder = card.get(parent);
		if (folder === undefined) return { response: RESPONSE.invalidObjectHandle };
		if (!folder.folder) return { response: RESPONSE.invalidParentObject };
	}
	const within = parent === ANY_PARENT ? card.objects() : card.in(parent === ROOT_PARENT ? 0 : parent);
	const found: CardEntry[] = [];
	for (const object of within) if (format === ANY_FORMAT || object.format === format) found.push(object);
	return { found };
}
