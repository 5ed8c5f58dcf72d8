/** All modelled operations by code. A model's data file says which of them it has. */
import { OPERATION } from '#protocol/ptp/operations.ts';
import { chdkOperation } from '../chdk/operation.ts';
import type { CameraModel } from '../models/model.ts';
import { canonOperations } from './canon-operations.ts';
import { deleteOperation } from './delete-operation.ts';
import type { Device } from './device.ts';
import { eosOperations } from './eos-operations.ts';
import { objectOperations } from './object-operations.ts';
import { objectPropertyOperations } from './object-properties.ts';
import type { Operation, OperationTable } from './operation.ts';
import { propertyOperations } from './property-operations.ts';
import { sessionOperations } from './session-operations.ts';
import { storageOperations } from './storage-operations.ts';
import { uploadOperations } from './upload-operations.ts';

const all: ReadonlyMap<number, Operation<Device>> = new Map([
	...sessionOperations,
	...storageOperations,
	...objectOperations,
	...deleteOperation,
	...uploadOperations,
	...objectPropertyOperations,
	...propertyOperations,
	...canonOperations,
	...eosOperations,
]);

/**
 * Returns the operations of a model: those of the real camera that are modelled. The others are neither listed in
 * DeviceInfo nor answered.
 */
export function operationsOf(model: Pick<CameraModel, 'operations'>, chdk: boolean): OperationTable<Device> {
	const table = new Map<number, Operation<Device>>();
	for (const code of model.operations) {
		const operation = all.get(code);
		if (operation !== undefined) table.set(code, operation);
	}
	if (chdk) table.set(OPERATION.chdk, chdkOperation);
	return table;
}
