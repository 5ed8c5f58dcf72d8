/** Event codes: ISO 15740 (0x40xx) and Canon's own (0xCxxx), named as in libgphoto2's ptp.h. */
import { namer } from './codes.ts';

export const EVENT = {
	cancelTransaction: 0x4001,
	objectAdded: 0x4002,
	objectRemoved: 0x4003,
	storeAdded: 0x4004,
	storeRemoved: 0x4005,
	devicePropChanged: 0x4006,
	objectInfoChanged: 0x4007,
	deviceInfoChanged: 0x4008,
	requestObjectTransfer: 0x4009,
	storeFull: 0x400a,
	deviceReset: 0x400b,
	storageInfoChanged: 0x400c,
	captureComplete: 0x400d,
	unreportedStatus: 0x400e,

	canonObjectInfoChanged: 0xc008,
	canonRequestObjectTransfer: 0xc009,
	canonShutterButtonPressed: 0xc00b,
	canonCameraModeChanged: 0xc00c,
	canonShutterButtonPressed2: 0xc00e,
	canonStartDirectTransfer: 0xc011,
	canonStopDirectTransfer: 0xc013,

	/** The EOS codes come inside the answer of `eosGetEvent`, never on the event connection. */
	eosRequestGetEvent: 0xc101,
	eosObjectAddedEx: 0xc181,
	eosObjectRemoved: 0xc182,
	eosRequestObjectTransfer: 0xc186,
	eosPropValueChanged: 0xc189,
	eosAvailListChanged: 0xc18a,
	eosCameraStatusChanged: 0xc18b,
	eosWillSoonShutdown: 0xc18d,
	eosShutdownTimerUpdated: 0xc18e,
	eosObjectAddedEx64: 0xc1a7,
} as const;

export type EventName = keyof typeof EVENT;

/** `objectAdded` for 0x4002; the number for a code that has no name here. */
export const eventName = namer(EVENT);
