/**
 * The first compact with Wi-Fi, of 2005, known as PowerShot SD430 in America: VxWorks, no MTP operation 0x9801, events by
 * CheckEvent, and a second storage that is empty. Strings, operations, events, formats, storages and properties are those
 * of libgphoto2's record of this model (camlibs/ptp2/cameras/canon-digital-ixus-wireless.txt), platform and firmware those
 * of CHDK's sources (ixusw_sd430, 110a), and the platform number is the USB product id of libgphoto2's table. The real
 * camera was paired over USB; here it has the menu of later cameras. Invented: serial number (the record has none),
 * address, CHDK build.
 */
import { FORMAT } from '#protocol/ptp/formats.ts';
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { CameraModel } from './model.ts';

const MODEL = 'Canon DIGITAL IXUS WIRELESS';

export const ixusWireless: CameraModel = {
	id: 'ixus-wireless',
	about: 'Digital IXUS Wireless (PowerShot SD430), VxWorks: no 0x9801, the other logical events',
	os: 'vxworks',
	manufacturer: 'Canon Inc.',
	model: MODEL,
	deviceVersion: '1-2.2.1.1',
	serialNumber: '',
	vendorExtensionId: 0x0b,
	vendorExtensionVersion: 100,
	// biome-ignore format: in the record's order, as many as fit.
	operations: [
		0x1014, 0x1015, 0x1016, 0x1017, 0x1001, 0x1002, 0x1003, 0x9013, 0x9030, 0x9031, 0x9032, 0x9035, 0x9033, 0x9036, 0x902f, 0x901f,
		0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0x1009, 0x100a, 0x101b, 0x100c, 0x100d, 0x100b, 0x100f, 0x1012, 0x9001, 0x9021, 0x901b,
		0x901e, 0x9019, 0x9006, 0x901c, 0x9002, 0x902c, 0x902d, 0x902e, 0x9024, 0x9025, 0x900e, 0x900f, 0x9010, 0x9011, 0x9028, 0x9023,
		0x9029, 0x902a, 0x902b, 0x9034,
	],
	// biome-ignore format: as above.
	events: [
		0x4001, 0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007, 0x4008, 0x4009, 0x400a, 0x400b, 0x400c, 0x400d, 0x400e, 0xc001, 0xc005,
		0xc008, 0xc009, 0xc00a, 0xc00b, 0xc00c, 0xc00d, 0xc00e, 0xc00f, 0xc011, 0xc013, 0xc014, 0xc015, 0xc016,
	],
	captureFormats: [FORMAT.exifJpeg],
	imageFormats: [FORMAT.exifJpeg, FORMAT.script, FORMAT.dpof, FORMAT.avi, FORMAT.wav, FORMAT.canonCrw],
	properties: [
		{ code: PROPERTY.canonEventEmulateMode, type: 'u16', value: 2, choices: [1, 2, 3, 4, 5, 6, 7], writable: true },
		{ code: 0xd04a, type: 'u8', value: 0, choices: [0, 1, 2, 3], writable: true },
		{ code: PROPERTY.canonSizeOfOutputDataFromCamera, type: 'u32', value: 262_144 },
		{ code: PROPERTY.canonSizeOfInputDataToCamera, type: 'u32', value: 131_072 },
		{ code: PROPERTY.canonBatteryKind, type: 'u16', value: 0, choices: [0, 1, 2, 3, 4, 5] },
		{ code: PROPERTY.canonBatteryStatus, type: 'u32', value: 1, choices: [0, 1, 2, 3] },
		{ code: PROPERTY.canonUnixTime, type: 'u32', value: 'clock', writable: true },
		{ code: PROPERTY.canonTypeOfSupportedSlideShow, type: 'u16', value: 2 },
		{ code: PROPERTY.canonDPOFVersion, type: 'u16', value: 257 },
		{ code: PROPERTY.canonRemoteAPIVersion, type: 'u32', value: 256 },
		{ code: PROPERTY.canonModelID, type: 'u32', value: 23_396_352 },
		{ code: PROPERTY.canonCameraModel, type: 'string', value: MODEL },
		{ code: PROPERTY.canonCameraOwner, type: 'bytes', value: [], writable: true },
		{ code: PROPERTY.canonFirmwareVersion, type: 'u32', value: 0x0100_0000 },
		{ code: 0xd04d, type: 'u8', value: 0 },
	],
	card: { description: '', volumeLabel: 'A' },
	otherStorages: [{ id: 0x8000_0001, filesystemType: 0x8001, volumeLabel: 'V' }],
	mac: '2c:9e:fc:05:d4:30',
	chdk: {
		platform: 'ixusw_sd430',
		platsub: '110a',
		version: 'CHDK',
		build_number: '1.6.1',
		build_revision: '6200',
		build_date: 'Jun 01 2023',
		build_time: '12:00:00',
		platformid: 0x30f1,
		digic: 20,
	},
};
