/** DeleteObject: deletes a file, a folder with its contents, or everything. Protected files stay. */
import { ALL_OBJECTS, OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Card, CardEntry } from '../card/card.ts';
import type { Device } from './device.ts';
import type { Operation } from './operation.ts';
import { responseOf } from './refusals.ts';

/** How many objects were deleted, and why others were not. */
interface Tally {
	gone: number;
	refusals: number[];
}

async function remove(card: Card, { handle }: CardEntry, tally: Tally): Promise<void> {
	const object = await card.current(handle);
	if (object === undefined) return;
	if (object.protected) {
		tally.refusals.push(RESPONSE.objectWriteProtected);
		return;
	}
	const before = tally.refusals.length;
	if (object.folder) for (const child of [...card.in(handle)]) await remove(card, child, tally);
	if (tally.refusals.length > before) return; // it is not empty
	try {
		await card.remove(object);
		tally.gone++;
	} catch (error) {
		tally.refusals.push(responseOf(error));
	}
}

/** The operation by code. */
export const deleteOperation: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.deleteObject,
		{
			async run({ param }, { card }) {
				const [handle, format] = [param(1), param(2)];
				await card.scan();
				const object = card.get(handle);
				if (handle !== ALL_OBJECTS && object === undefined) return { response: RESPONSE.invalidObjectHandle };
				if (format !== 0 && handle !== ALL_OBJECTS) return { response: RESPONSE.specificationByFormatUnsupported };
				// "All" does not delete folders, because a camera creates them again at once.
				const doomed =
					object === undefined ? [...card.objects()].filter((one) => !one.folder && (format === 0 || one.format === format)) : [object];
				const tally: Tally = { gone: 0, refusals: [] };
				for (const one of doomed) await remove(card, one, tally);
				const [refusal] = tally.refusals;
				if (refusal === undefined) return { response: RESPONSE.ok };
				return { response: tally.gone > 0 ? RESPONSE.partialDeletion : refusal };
			},
		},
	],
]);
