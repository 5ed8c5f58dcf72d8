/** Operation codes: ISO 15740 (0x1xxx), MTP (0x98xx) and Canon's own (0x9xxx), named as in libgphoto2's ptp.h. */
import { namer } from './codes.ts';

export const OPERATION = {
	getDeviceInfo: 0x1001,
	openSession: 0x1002,
	closeSession: 0x1003,
	getStorageIDs: 0x1004,
	getStorageInfo: 0x1005,
	getNumObjects: 0x1006,
	/** On a PowerShot this also enters "PTP mode": the screen goes black and the time-out ends. */
	getObjectHandles: 0x1007,
	getObjectInfo: 0x1008,
	getObject: 0x1009,
	getThumb: 0x100a,
	deleteObject: 0x100b,
	sendObjectInfo: 0x100c,
	sendObject: 0x100d,
	initiateCapture: 0x100e,
	formatStore: 0x100f,
	resetDevice: 0x1010,
	selfTest: 0x1011,
	setObjectProtection: 0x1012,
	powerDown: 0x1013,
	getDevicePropDesc: 0x1014,
	getDevicePropValue: 0x1015,
	setDevicePropValue: 0x1016,
	resetDevicePropValue: 0x1017,
	terminateOpenCapture: 0x1018,
	moveObject: 0x1019,
	copyObject: 0x101a,
	getPartialObject: 0x101b,
	initiateOpenCapture: 0x101c,

	canonGetPartialObjectInfo: 0x9001,
	canonSetObjectArchive: 0x9002,
	canonKeepDeviceOn: 0x9003,
	canonLockDeviceUI: 0x9004,
	canonUnlockDeviceUI: 0x9005,
	canonGetObjectHandleByName: 0x9006,
	canonInitiateReleaseControl: 0x9008,
	canonTerminateReleaseControl: 0x9009,
	canonTerminatePlaybackMode: 0x900a,
	canonViewfinderOn: 0x900b,
	canonViewfinderOff: 0x900c,
	canonDoAeAfAwb: 0x900d,
	canonGetCustomizeSpec: 0x900e,
	canonCheckEvent: 0x9013,
	canonFocusLock: 0x9014,
	canonFocusUnlock: 0x9015,
	canonInitiateCaptureInMemory: 0x901a,
	canonGetPartialObjectEx: 0x901b,
	canonGetViewfinderImage: 0x901d,
	canonChangeUSBProtocol: 0x901f,
	canonGetChanges: 0x9020,
	canonGetObjectInfoEx: 0x9021,
	canonTerminateDirectTransfer: 0x9023,
	canonSetPairingInfo: 0x9030,
	canonGetPairingInfo: 0x9031,
	canonDeletePairingInfo: 0x9032,
	canonGetMACAddress: 0x9033,
	canonPairingComplete: 0x9035,
	canonSetRemoteShootingMode: 0x9086,
	canonSetModeDialDisable: 0x9088,

	eosGetStorageIDs: 0x9101,
	eosGetStorageInfo: 0x9102,
	eosGetObjectInfo: 0x9103,
	eosGetObject: 0x9104,
	eosDeleteObject: 0x9105,
	eosFormatStore: 0x9106,
	eosGetPartialObject: 0x9107,
	eosGetDeviceInfoEx: 0x9108,
	eosGetObjectInfoEx: 0x9109,
	eosGetThumbEx: 0x910a,
	eosRemoteRelease: 0x910f,
	eosSetDevicePropValueEx: 0x9110,
	eosGetRemoteMode: 0x9113,
	eosSetRemoteMode: 0x9114,
	eosSetEventMode: 0x9115,
	eosGetEvent: 0x9116,
	eosTransferComplete: 0x9117,
	eosPCHDDCapacity: 0x911a,
	eosSetUILock: 0x911b,
	eosResetUILock: 0x911c,
	eosKeepDeviceOn: 0x911d,
	eosRequestDevicePropValue: 0x9127,
	eosRemoteReleaseOn: 0x9128,
	eosRemoteReleaseOff: 0x9129,
	eosGetPartialObjectEx: 0x912c,
	eosEndGetPartialObjectEx: 0x9132,
	eosSetRequestOLCInfoGroup: 0x913d,
	eosGetViewFinderData: 0x9153,
	eosGetObjectInfo64: 0x9170,
	eosGetObject64: 0x9171,
	eosGetPartialObject64: 0x9172,
	eosGetObjectInfoEx64: 0x9173,
	eosGetPartialObjectEx64: 0x9174,

	androidGetPartialObject64: 0x95c1,

	/** On a PowerShot this enters "PTP mode" as `getObjectHandles` does, but with an answer of only a few bytes. */
	mtpGetObjectPropsSupported: 0x9801,
	mtpGetObjectPropDesc: 0x9802,
	mtpGetObjectPropValue: 0x9803,
	mtpSetObjectPropValue: 0x9804,
	mtpGetObjectPropList: 0x9805,
	mtpSetObjectPropList: 0x9806,

	/** CHDK's only operation; the first parameter is the sub-command (protocol/chdk/protocol.ts). */
	chdk: 0x9999,
} as const;

/** Returns the name of an operation, `getObjectHandles` for 0x1007; an unknown code is returned as `0x9abc`. */
export const operationName = namer(OPERATION);

/** `storage` parameter: all storages. */
export const ALL_STORAGES = 0xffff_ffff;
/** `format` parameter: objects of any format. */
export const ANY_FORMAT = 0;
/** `parent` parameter: objects in any folder. */
export const ANY_PARENT = 0;
/** `parent` parameter: objects in the root folder. */
export const ROOT_PARENT = 0xffff_ffff;
/** Handle parameter of `deleteObject`: everything. */
export const ALL_OBJECTS = 0xffff_ffff;
