/** The EOS operations that newer PowerShots list: remote and event mode, queued events, folders in one answer. */

import { joinBytes } from '#base/bytes.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { MalformedBytes, Reader } from '#protocol/wire/bytes.ts';
import { currentOf } from './canon-operations.ts';
import type { Device } from './device.ts';
import { canonFlags, eosFolderEntry, LAST_RECORD } from './eos-records.ts';
import { listing } from './listing-faults.ts';
import type { Operation } from './operation.ts';
import { select } from './selection.ts';
import { STORAGE_ID } from './storage-id.ts';

const LARGEST_VALUE = 4096;
const done = { response: RESPONSE.ok } as const;
const acknowledge: Operation<Device> = { run: () => done };

/** The operations by code. */
export const eosOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.eosSetRemoteMode,
		{
			run({ param }, { eos }) {
				eos.remoteMode = param(1);
				return done;
			},
		},
	],
	[OPERATION.eosGetRemoteMode, { run: (_request, { eos }) => ({ response: RESPONSE.ok, params: [eos.remoteMode] }) }],
	[
		OPERATION.eosSetEventMode,
		{
			run({ param }, { events, eos }) {
				events.eosMode = param(1);
				// The first GetEvent then reports all values.
				for (const [code, value] of eos.properties) events.eosProperty(code, value);
				return done;
			},
		},
	],
	[
		OPERATION.eosGetEvent,
		{ run: (_request, { events }) => ({ response: RESPONSE.ok, data: joinBytes([...events.takeEos(), LAST_RECORD]) }) },
	],
	[
		OPERATION.eosSetDevicePropValueEx,
		{
			dataOut: () => true,
			async run(_request, { eos, events }, data) {
				try {
					// Total size, property, value.
					const from = new Reader((await data?.collect(LARGEST_VALUE)) ?? new Uint8Array(0));
					if (from.u32() !== from.left + 4) return { response: RESPONSE.invalidDevicePropFormat };
					const [code, value] = [from.u32(), from.u32()];
					if (!eos.properties.has(code)) return { response: RESPONSE.devicePropNotSupported };
					eos.properties.set(code, value);
					events.eosProperty(code, value);
					return done;
				} catch (error) {
					if (error instanceof MalformedBytes) return { response: RESPONSE.invalidDevicePropFormat };
					throw error;
				}
			},
		},
	],
	[
		OPERATION.eosGetObjectInfoEx,
		{
			/** Parameters: storage, folder (0xFFFFFFFF: the root), 0x100000. All records of a folder in one answer (libgphoto2 ptp.c). */
			async run({ param }, device) {
				const chosen = await select(device, param(1), 0, param(2));
				if ('response' in chosen) return chosen;
				device.effects.ptpModeAsked();
				return listing(device, OPERATION.eosGetObjectInfoEx, await currentOf(device, chosen.found), (told) => {
					const count = new Uint8Array(4);
					new DataView(count.buffer).setUint32(0, told.length, true);
					return joinBytes([count, ...told.map((object) => eosFolderEntry(STORAGE_ID, object, canonFlags(object, device.archived)))]);
				});
			},
		},
	],
	[
		OPERATION.eosTransferComplete,
		{
			run({ param }, { card, archived }) {
				if (card.get(param(1)) === undefined) return { response: RESPONSE.invalidObjectHandle };
				archived.add(param(1));
				return done;
			},
		},
	],
	[OPERATION.eosPCHDDCapacity, acknowledge],
	[OPERATION.eosSetUILock, acknowledge],
	[OPERATION.eosResetUILock, acknowledge],
	[OPERATION.eosKeepDeviceOn, acknowledge],
	[OPERATION.eosSetRequestOLCInfoGroup, acknowledge],
	[
		OPERATION.eosRequestDevicePropValue,
		{ run: ({ param }, { eos }) => ({ response: eos.properties.has(param(1)) ? RESPONSE.ok : RESPONSE.generalError }) },
	],
	// This camera takes no pictures, so release and live view exist but refuse.
	[OPERATION.eosRemoteReleaseOn, { run: () => ({ response: RESPONSE.canonOperationRefused }) }],
	[OPERATION.eosRemoteReleaseOff, { run: () => ({ response: RESPONSE.canonOperationRefused }) }],
	[OPERATION.eosGetViewFinderData, { run: () => ({ response: RESPONSE.canonNotReady }) }],
]);
