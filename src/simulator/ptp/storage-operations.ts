/** The card: its identity and its space, and what is on it by storage, format and folder. */
import { encodeDataset, handles, STORAGE, storageInfo } from '../../core/ptp/datasets.ts';
import { ALL_STORAGES, ANY_FORMAT, ANY_PARENT, OPERATION, ROOT_PARENT } from '../../core/ptp/operations.ts';
import { RESPONSE } from '../../core/ptp/responses.ts';
import type { CardObject } from '../card/card.ts';
import { type Device, STORAGE_ID } from './device.ts';
import type { Operation, Request } from './operation.ts';

/** Canon tells no number of pictures here. */
const UNKNOWN_IMAGES = 0xffff_ffff;

/** Handles by storage, format and parent, or the response that refuses the choice. */
async function select({ param }: Request, { card }: Device): Promise<{ found: CardObject[] } | { response: number }> {
	const [storage, format, parent] = [param(1), param(2), param(3)];
	if (storage !== ALL_STORAGES && storage !== STORAGE_ID) return { response: RESPONSE.invalidStorageID };
	await card.scan();
	if (parent !== ANY_PARENT && parent !== ROOT_PARENT) {
		const folder = card.get(parent);
		if (folder === undefined) return { response: RESPONSE.invalidObjectHandle };
		if (!folder.folder) return { response: RESPONSE.invalidParentObject };
	}
	const within = parent === ROOT_PARENT ? 0 : parent;
	const found = [...card.objects()].filter(
		(object) => (parent === ANY_PARENT || object.parent === within) && (format === ANY_FORMAT || object.format === format),
	);
	return { found };
}

export const storageOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[OPERATION.getStorageIDs, { run: () => ({ response: RESPONSE.ok, data: encodeDataset(handles, [STORAGE_ID]) }) }],
	[
		OPERATION.getStorageInfo,
		{
			async run({ param }, { card }) {
				if (param(1) !== STORAGE_ID) return { response: RESPONSE.invalidStorageID };
				const { capacity, free } = await card.space();
				const data = encodeDataset(storageInfo, {
					storageType: STORAGE.removableRam,
					filesystemType: STORAGE.dcf,
					accessCapability: STORAGE.readWrite,
					maxCapacity: capacity,
					freeSpace: free,
					freeImages: UNKNOWN_IMAGES,
					description: 'SD',
					volumeLabel: '',
				});
				return { response: RESPONSE.ok, data };
			},
		},
	],
	[
		OPERATION.getNumObjects,
		{
			async run(request, device) {
				const chosen = await select(request, device);
				return 'found' in chosen ? { response: RESPONSE.ok, params: [chosen.found.length] } : chosen;
			},
		},
	],
	[
		OPERATION.getObjectHandles,
		{
			async run(request, device) {
				const chosen = await select(request, device);
				if (!('found' in chosen)) return chosen;
				device.effects.ptpModeAsked();
				return {
					response: RESPONSE.ok,
					data: encodeDataset(
						handles,
						chosen.found.map(({ handle }) => handle),
					),
				};
			},
		},
	],
]);
