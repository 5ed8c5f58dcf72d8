/**
 * A DryOS PowerShot of 2015 with nearly all of the EOS operations, so that it lists a folder with one request (0x9109).
 * Strings, operations and events are those of libgphoto2's record of this model
 * (camlibs/ptp2/cameras/canon-powershot-g9x.txt), formats and property values those of its record of the related SX620 HS,
 * the model id that of ExifTool's CanonModelID. There is no CHDK for it. Assumed: which EOS properties GetEvent reports.
 * Invented: serial number, address.
 */
import { EVENT } from '#protocol/ptp/events.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { CameraModel } from './model.ts';
import { smallDryosProperties } from './small-dryos.ts';

const MODEL = 'Canon PowerShot G9 X';

export const g9x: CameraModel = {
	id: 'g9x',
	about: 'PowerShot G9 X, DryOS: the EOS operations, folders in one answer; no CHDK',
	os: 'dryos',
	manufacturer: 'Canon Inc.',
	model: MODEL,
	deviceVersion: '1-14.0.1.0',
	serialNumber: '6E1B0D94A3F27C58B5D2E9017C46F38A',
	vendorExtensionId: 0x0b,
	vendorExtensionVersion: 100,
	// biome-ignore format: in the record's order, as many as fit.
	operations: [
		0x1014, 0x1015, 0x1016, 0x1017, 0x1001, 0x1002, 0x1003, 0x9013, 0x901f, 0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0x1009, 0x100a,
		0x101b, 0x100c, 0x100d, 0x100b, 0x100f, 0x1012, 0x9001, 0x9021, 0x901b, 0x901e, 0x9019, 0x9006, 0x901c, 0x9002, 0x904c, 0x9024,
		0x9025, 0x9038, 0x9039, 0x903a, 0x903b, 0x904b, 0x9060, 0x9062, 0x9801, 0x9802, 0x9803, 0x9804, 0x9805, 0x9116, 0x9101, 0x9102,
		0x9103, 0x9107, 0x9109, 0x910a, 0x9117, 0x9118, 0x912c, 0x9132, 0x9141, 0x9143, 0x9115, 0x9114, 0x9153, 0x9128, 0x9129, 0x9154,
		0x9160, 0x915b, 0x9110, 0x9050, 0x9051, 0x905c, 0x905d,
	],
	// biome-ignore format: as above.
	events: [
		0x4001, 0x4002, 0x4003, 0x4004, 0x4005, 0x4006, 0x4007, 0x4008, 0x4009, 0x400a, 0x400b, 0x400c, 0x400e, 0xc001, 0xc005, 0xc00a,
		EVENT.eosRequestGetEvent,
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
	properties: smallDryosProperties(MODEL, 0x0393_0000),
	eosProperties: { [PROPERTY.eosEVFOutputDevice]: 0, [PROPERTY.eosCaptureDestination]: 2 },
	mac: '2c:9e:fc:09:58:15',
};
