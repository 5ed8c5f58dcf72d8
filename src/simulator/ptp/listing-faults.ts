/** What a listing says when it is told to lie, so that clients can show that they check it. */
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { CardEntry } from '../card/card.ts';
import type { Device } from './device.ts';
import type { OperationResult } from './operation.ts';

/** The answer of an operation that lists a folder. `data` is made of the objects that it tells of. */
export function listing(
	{ faults }: Pick<Device, 'faults'>,
	operation: number,
	objects: readonly CardEntry[],
	data: (objects: readonly CardEntry[]) => Uint8Array,
	params: (objects: readonly CardEntry[]) => readonly number[] = () => [],
): OperationResult {
	const how = faults?.listing(operation);
	const told =
		how === 'empty'
			? []
			: how === 'short'
				? objects.filter((_, at) => at % 3 !== 2)
				: how === 'wrong'
					? objects.map((object) => ({ ...object, size: object.size + 1 }))
					: objects;
	const bytes = data(told);
	return { response: RESPONSE.ok, params: params(told), data: how === 'torn' ? bytes.subarray(0, Math.max(0, bytes.length - 3)) : bytes };
}
