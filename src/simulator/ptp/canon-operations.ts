/** Canon's own operations of PowerShots that clients use to examine a card. */

import { joinBytes } from '#base/bytes.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { CardEntry } from '../card/card.ts';
import type { Device } from './device.ts';
import { canonFlags, folderEntry } from './eos-records.ts';
import { listing } from './listing-faults.ts';
import type { Operation } from './operation.ts';
import { select } from './selection.ts';

/** Resolves to the objects as they are now, without those that are gone. */
export async function currentOf({ card }: Pick<Device, 'card'>, objects: readonly CardEntry[]): Promise<CardEntry[]> {
	const found: CardEntry[] = [];
	for (const { handle } of objects) {
		const object = await card.current(handle);
		if (object !== undefined) found.push(object);
	}
	return found;
}

/** The operations by code. */
export const canonOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[OPERATION.canonCheckEvent, { run: (_request, { events }) => ({ response: RESPONSE.ok, data: events.takePolled() }) }],
	[OPERATION.canonKeepDeviceOn, { run: () => ({ response: RESPONSE.ok }) }],
	[
		OPERATION.canonGetObjectInfoEx,
		{
			/** Parameters: storage, 0, folder, object. One record, or with object 0 all of the folder (libgphoto2 ptp.c). */
			async run({ param }, device) {
				const handle = param(4);
				let objects: CardEntry[];
				if (handle !== 0) {
					const object = device.card.get(handle);
					if (object === undefined) return { response: RESPONSE.invalidObjectHandle };
					objects = [object];
				} else {
					const chosen = await select(device, param(1), 0, param(3));
					if ('response' in chosen) return chosen;
					objects = chosen.found;
				}
				const records = (told: readonly CardEntry[]) => told.map((object) => folderEntry(object, canonFlags(object, device.archived)));
				const found = await currentOf(device, objects);
				if (handle !== 0) return { response: RESPONSE.ok, params: [found.length], data: joinBytes(records(found)) };
				return listing(
					device,
					OPERATION.canonGetObjectInfoEx,
					found,
					(told) => joinBytes(records(told)),
					(told) => [told.length],
				);
			},
		},
	],
	[
		OPERATION.canonSetObjectArchive,
		{
			run({ param }, { card, archived }) {
				const object = card.get(param(1));
				if (object === undefined) return { response: RESPONSE.invalidObjectHandle };
				if ((param(2) & 0x20) === 0) archived.add(object.handle);
				else archived.delete(object.handle);
				return { response: RESPONSE.ok };
			},
		},
	],
]);
