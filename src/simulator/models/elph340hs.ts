/**
 * A DryOS PowerShot of 2014 with Wi-Fi. Strings, formats and properties are those of libgphoto2's summary of this model
 * (camlibs/ptp2/cameras/canon-elph340hs.txt). That record has no list of operations. The list here follows from its
 * capabilities (download, deletion, upload) and from the standard and MTP operations of the related SX530 HS. The EOS
 * operations, of which the record shows a trace, are left to the SX530 HS; the events are also taken from it. PowerDown is
 * assumed. Invented: serial number, address, and the CHDK build.
 */
import { FORMAT } from '#protocol/ptp/formats.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { CameraModel } from './model.ts';

const MODEL = 'Canon PowerShot ELPH 340 HS';

export const elph340hs: CameraModel = {
	id: 'elph340hs',
	about: 'PowerShot ELPH 340 HS, DryOS: the "connect to a computer" flow as most Wi-Fi PowerShots have it',
	os: 'dryos',
	manufacturer: 'Canon Inc.',
	model: MODEL,
	deviceVersion: '1-14.0.1.0',
	serialNumber: '5A3F0C91E2D84B67A0C4D1E8F7B29536',
	vendorExtensionId: 0x0b,
	vendorExtensionVersion: 100,
	operations: [
		OPERATION.getDeviceInfo,
		OPERATION.openSession,
		OPERATION.closeSession,
		OPERATION.getStorageIDs,
		OPERATION.getStorageInfo,
		OPERATION.getNumObjects,
		OPERATION.getObjectHandles,
		OPERATION.getObjectInfo,
		OPERATION.getObject,
		OPERATION.getThumb,
		OPERATION.sendObjectInfo,
		OPERATION.sendObject,
		OPERATION.deleteObject,
		OPERATION.setObjectProtection,
		OPERATION.powerDown,
		OPERATION.getDevicePropDesc,
		OPERATION.getDevicePropValue,
		OPERATION.setDevicePropValue,
		OPERATION.resetDevicePropValue,
		OPERATION.getPartialObject,
		OPERATION.mtpGetObjectPropsSupported,
		OPERATION.mtpGetObjectPropDesc,
		OPERATION.mtpGetObjectPropValue,
		OPERATION.mtpSetObjectPropValue,
		OPERATION.mtpGetObjectPropList,
	],
	// biome-ignore format: as many as fit.
	events: [
		0x4001, 0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007, 0x4008, 0x4009, 0x400a, 0x400b, 0x400c, 0x400e, 0xc001, 0xc005, 0xc00a,
	],
	captureFormats: [FORMAT.exifJpeg],
	imageFormats: [
		FORMAT.exifJpeg,
		FORMAT.association,
		FORMAT.script,
		FORMAT.dpof,
		FORMAT.wav,
		FORMAT.canonCr2,
		FORMAT.mp4,
		FORMAT.canonMov2,
	],
	properties: [
		{ code: PROPERTY.batteryLevel, type: 'u8', value: 3, choices: [0, 1, 2, 3] },
		{ code: PROPERTY.canonEventEmulateMode, type: 'u16', value: 2, choices: [1, 2, 3, 4, 5, 6, 7], writable: true },
		{ code: PROPERTY.canonSizeOfOutputDataFromCamera, type: 'u32', value: 524288 },
		{ code: PROPERTY.canonSizeOfInputDataToCamera, type: 'u32', value: 524288 },
		{ code: PROPERTY.canonBatteryKind, type: 'u16', value: 0, choices: [0, 1, 2, 3, 4, 5] },
		{ code: PROPERTY.canonBatteryStatus, type: 'u32', value: 1, choices: [0, 1, 2, 3] },
		{ code: PROPERTY.canonUnixTime, type: 'u32', value: 'clock', writable: true },
		{ code: PROPERTY.canonTypeOfSupportedSlideShow, type: 'u16', value: 0 },
		{ code: PROPERTY.canonDPOFVersion, type: 'u16', value: 257 },
		{ code: PROPERTY.canonRemoteAPIVersion, type: 'u32', value: 256 },
		{ code: PROPERTY.canonModelID, type: 'u32', value: 57671680 },
		{ code: PROPERTY.canonCameraModel, type: 'string', value: MODEL },
		{ code: PROPERTY.canonCameraOwner, type: 'bytes', value: [], writable: true },
		{ code: PROPERTY.canonFirmwareVersion, type: 'u32', value: 0x01000000 },
	],
	mac: '2c:9e:fc:34:0e:15',
	chdk: {
		platform: 'ixus265_elph340hs',
		platsub: '100a',
		version: 'CHDK',
		build_number: '1.6.1',
		build_revision: '6200',
		build_date: 'Jun 01 2023',
		build_time: '12:00:00',
		platformid: 0x3289,
		digic: 43,
	},
};
