/** All operations that the camera can be given, by code. What a model lists of them is in its data file. */
import { OPERATION } from '../../core/ptp/operations.ts';
import { chdkOperation } from '../chdk/operation.ts';
import type { CameraModel } from '../models/model.ts';
import type { Device } from './device.ts';
import { eosOperations } from './eos-operations.ts';
import { objectOperations } from './object-operations.ts';
import type { Operation, OperationTable } from './operation.ts';
import { propertyOperations } from './properties.ts';
import { sessionOperations } from './session-operations.ts';
import { storageOperations } from './storage-operations.ts';

const all: ReadonlyMap<number, Operation<Device>> = new Map([
	...sessionOperations,
	...storageOperations,
	...objectOperations,
	...propertyOperations,
	...eosOperations,
]);

/** The operations of one model. A code that the model lists and nobody wrote is a mistake in its data file. */
export function operationsOf(model: CameraModel, chdk: boolean): OperationTable<Device> {
	const table = new Map<number, Operation<Device>>();
	for (const code of model.operations) {
		const operation = all.get(code);
		if (operation === undefined) throw new Error(`model ${model.id} lists operation 0x${code.toString(16)}, which does not exist here`);
		table.set(code, operation);
	}
	if (chdk) table.set(OPERATION.chdk, chdkOperation);
	return table;
}
