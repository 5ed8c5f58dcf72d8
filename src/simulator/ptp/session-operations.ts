/** The operations that describe the camera, open and close the session, and switch the camera off. */
import { deviceInfo, encodeDataset } from '#protocol/ptp/datasets.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Device } from './device.ts';
import type { Operation } from './operation.ts';

/** PTP 1.0. */
const STANDARD_VERSION = 100;

/** The operations by code. */
export const sessionOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.getDeviceInfo,
		{
			withoutSession: true,
			run(_request, { model, operationCodes }) {
				const data = encodeDataset(deviceInfo, {
					standardVersion: STANDARD_VERSION,
					vendorExtensionId: model.vendorExtensionId,
					vendorExtensionVersion: model.vendorExtensionVersion,
					vendorExtensionDescription: '',
					functionalMode: 0,
					operations: operationCodes,
					events: model.events,
					deviceProperties: model.properties.map(({ code }) => code),
					captureFormats: model.captureFormats,
					imageFormats: model.imageFormats,
					manufacturer: model.manufacturer,
					model: model.model,
					deviceVersion: model.deviceVersion,
					serialNumber: model.serialNumber,
				});
				return { response: RESPONSE.ok, data };
			},
		},
	],
	[
		OPERATION.openSession,
		{
			withoutSession: true,
			async run({ param, transactionId }, { session, card, effects }) {
				const id = param(1);
				if (session.id !== 0) return { response: RESPONSE.sessionAlreadyOpened, params: [session.id] };
				if (id === 0) return { response: RESPONSE.invalidParameter };
				await card.scan();
				session.id = id;
				session.lastTransaction = transactionId;
				effects.sessionOpened(id);
				return { response: RESPONSE.ok };
			},
		},
	],
	[
		OPERATION.closeSession,
		{
			run(_request, device) {
				const { session, effects, model } = device;
				const { id } = session;
				session.id = 0;
				session.dead = model.quirks?.deadAfterCloseSession === true;
				device.announced = undefined;
				device.events.eosMode = 0;
				effects.sessionClosed(id);
				return { response: RESPONSE.ok };
			},
		},
	],
	[OPERATION.powerDown, { run: (_request, { effects }) => ({ response: RESPONSE.ok, after: () => effects.powerDown() }) }],
]);
