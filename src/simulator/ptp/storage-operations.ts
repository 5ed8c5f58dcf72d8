/** The operations that describe the storages and list their objects. */
import { encodeDataset, handles, STORAGE, type StorageInfo, storageInfo } from '#protocol/ptp/datasets.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Device } from './device.ts';
import type { Operation, OperationResult } from './operation.ts';
import { select } from './selection.ts';
import { STORAGE_ID } from './storage-id.ts';

/** Canon reports no number of pictures: it is -1 in all of libgphoto2's summaries. */
const UNKNOWN_IMAGES = 0xffff_ffff;

const ids: Operation<Device> = {
	run: (_request, { model }) => ({
		response: RESPONSE.ok,
		data: encodeDataset(handles, [STORAGE_ID, ...(model.otherStorages ?? []).map(({ id }) => id)]),
	}),
};

const info: Operation<Device> = {
	async run({ param }, { card, model }): Promise<OperationResult> {
		const id = param(1);
		const other = model.otherStorages?.find((one) => one.id === id);
		if (id !== STORAGE_ID && other === undefined) return { response: RESPONSE.invalidStorageID };
		const space = other === undefined ? await card.space() : { capacity: 0n, free: 0n };
		if (space === undefined) return { response: RESPONSE.storeNotAvailable };
		const reported: StorageInfo = {
			storageType: other === undefined ? STORAGE.removableRam : STORAGE.fixedRam,
			filesystemType: other?.filesystemType ?? STORAGE.dcf,
			accessCapability: STORAGE.readWrite,
			maxCapacity: space.capacity,
			freeSpace: space.free,
			freeImages: UNKNOWN_IMAGES,
			description: other === undefined ? (model.card?.description ?? 'SD') : '',
			volumeLabel: other === undefined ? (model.card?.volumeLabel ?? '') : other.volumeLabel,
		};
		return { response: RESPONSE.ok, data: encodeDataset(storageInfo, reported) };
	},
};

/** The operations by code. */
export const storageOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[OPERATION.getStorageIDs, ids],
	[OPERATION.eosGetStorageIDs, ids],
	[OPERATION.getStorageInfo, info],
	// The answer of the EOS variant is not published. libgphoto2 asks for it and does not read it.
	[OPERATION.eosGetStorageInfo, info],
	[
		OPERATION.getNumObjects,
		{
			async run({ param }, device) {
				const chosen = await select(device, param(1), param(2), param(3));
				return 'found' in chosen ? { response: RESPONSE.ok, params: [chosen.found.length] } : chosen;
			},
		},
	],
	[
		OPERATION.getObjectHandles,
		{
			async run({ param }, device) {
				const chosen = await select(device, param(1), param(2), param(3));
				if (!('found' in chosen)) return chosen;
				device.effects.ptpModeAsked();
				const list = chosen.found.map(({ handle }) => handle);
				return { response: RESPONSE.ok, data: encodeDataset(handles, list) };
			},
		},
	],
]);
