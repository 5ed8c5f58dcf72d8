/**
 * An EOS with Wi-Fi of 2016. Strings, operations (those of the recorded ones that are answered here, in their order),
 * events and properties as in libgphoto2's record of this model (camlibs/ptp2/cameras/canon-eos-rebel-t6.txt), formats as
 * in that of the EOS 70D, USB id and nickname as in the description that petabyt/vcam keeps. Invented: serial number, address.
 */
import { EVENT } from '../../core/ptp/events.ts';
import { FORMAT } from '../../core/ptp/formats.ts';
import { OPERATION } from '../../core/ptp/operations.ts';
import { PROPERTY } from '../../core/ptp/properties.ts';
import type { CameraModel } from './model.ts';

const MODEL = 'Canon EOS Rebel T6';

export const eosRebelT6: CameraModel = {
	id: 'eos-rebel-t6',
	about: 'EOS Rebel T6 (1300D): for --flow eos, "Remote control (EOS Utility)"',
	os: 'dryos',
	manufacturer: 'Canon Inc.',
	model: MODEL,
	deviceVersion: '3-1.1.1',
	serialNumber: '73d7d5a1c0b84e2f9a6e0c4b1f25e807',
	vendorExtensionId: 0x0b,
	vendorExtensionVersion: 100,
	operations: [
		OPERATION.getDevicePropDesc,
		OPERATION.getDevicePropValue,
		OPERATION.setDevicePropValue,
		OPERATION.getDeviceInfo,
		OPERATION.openSession,
		OPERATION.closeSession,
		OPERATION.getNumObjects,
		OPERATION.getStorageIDs,
		OPERATION.getStorageInfo,
		OPERATION.getObjectHandles,
		OPERATION.getObjectInfo,
		OPERATION.getObject,
		OPERATION.getThumb,
		OPERATION.getPartialObject,
		OPERATION.deleteObject,
		OPERATION.eosSetEventMode,
		OPERATION.eosSetRemoteMode,
		OPERATION.eosGetEvent,
		OPERATION.eosKeepDeviceOn,
		OPERATION.eosSetUILock,
		OPERATION.eosResetUILock,
		OPERATION.mtpGetObjectPropsSupported,
	],
	events: [
		EVENT.requestObjectTransfer,
		EVENT.storeAdded,
		EVENT.storeRemoved,
		EVENT.objectRemoved,
		EVENT.objectAdded,
		EVENT.objectInfoChanged,
		EVENT.eosRequestGetEvent,
	],
	captureFormats: [FORMAT.exifJpeg],
	imageFormats: [
		FORMAT.association,
		FORMAT.script,
		FORMAT.dpof,
		FORMAT.avi,
		FORMAT.wav,
		FORMAT.exifJpeg,
		FORMAT.canonCrw,
		FORMAT.canonCr2,
		FORMAT.canonMov,
		FORMAT.canonMov2,
	],
	properties: [
		{ code: 0xd402, type: 'string', value: MODEL },
		{ code: 0xd407, type: 'u32', value: 1 },
		{ code: 0xd406, type: 'string', value: 'Unknown Initiator', writable: true },
		{ code: 0xd303, type: 'u8', value: 1 },
		{ code: PROPERTY.batteryLevel, type: 'u8', value: 100, choices: [100, 0, 75, 0, 50] },
	],
	mac: '00:bb:c1:30:0d:15',
	eos: { usbId: '32b4', nickname: 'EOST6' },
};
