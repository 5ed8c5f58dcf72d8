/** The EOS operations that clients send right after the handshake, and those that keep a body awake. */
import { OPERATION } from '../../core/ptp/operations.ts';
import { RESPONSE } from '../../core/ptp/responses.ts';
import type { Device } from './device.ts';
import type { Operation } from './operation.ts';

/** The end of a list of events: a record of eight bytes with type 0 (libgphoto2 ptp-pack.c). Nothing ever happens here. */
const NO_EVENTS = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0);

const accepted: Operation<Device> = { run: () => ({ response: RESPONSE.ok }) };

export const eosOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[OPERATION.eosSetRemoteMode, accepted],
	[OPERATION.eosSetEventMode, accepted],
	[OPERATION.eosGetEvent, { run: () => ({ response: RESPONSE.ok, data: NO_EVENTS }) }],
	[OPERATION.eosKeepDeviceOn, accepted],
	[OPERATION.eosSetUILock, accepted],
	[OPERATION.eosResetUILock, accepted],
]);
