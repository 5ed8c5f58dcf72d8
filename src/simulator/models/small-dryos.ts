/** The device properties that small DryOS PowerShots of 2014 to 2016 have in common (libgphoto2's records). */
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { DevicePropertyDeclaration } from '../ptp/properties.ts';

/** Returns the properties with the values of the ELPH 340 HS and the SX620 HS; where they differ, with those of the SX620 HS. */
export function smallDryosProperties(model: string, modelId: number): readonly DevicePropertyDeclaration[] {
	return [
		{ code: PROPERTY.canonEventEmulateMode, type: 'u16', value: 2, choices: [1, 2, 3, 4, 5, 6, 7], writable: true },
		{ code: 0xd04a, type: 'u8', value: 0, choices: [0, 1, 2, 3], writable: true },
		{ code: PROPERTY.canonSizeOfOutputDataFromCamera, type: 'u32', value: 524_288 },
		{ code: PROPERTY.canonSizeOfInputDataToCamera, type: 'u32', value: 524_288 },
		{ code: PROPERTY.batteryLevel, type: 'u8', value: 3, choices: [0, 1, 2, 3] },
		{ code: PROPERTY.canonBatteryKind, type: 'u16', value: 0, choices: [0, 1, 2, 3, 4, 5] },
		{ code: PROPERTY.canonBatteryStatus, type: 'u32', value: 1, choices: [0, 1, 2, 3] },
		{ code: PROPERTY.canonUnixTime, type: 'u32', value: 'clock', writable: true },
		{ code: PROPERTY.canonTypeOfSupportedSlideShow, type: 'u16', value: 0 },
		{ code: PROPERTY.canonDPOFVersion, type: 'u16', value: 257 },
		{ code: PROPERTY.canonRemoteAPIVersion, type: 'u32', value: 256 },
		{ code: PROPERTY.canonModelID, type: 'u32', value: modelId },
		{ code: PROPERTY.canonCameraModel, type: 'string', value: model },
		{ code: PROPERTY.canonCameraOwner, type: 'bytes', value: [], writable: true },
		{ code: PROPERTY.canonFirmwareVersion, type: 'u32', value: 0x0100_0000 },
		{ code: 0xd050, type: 'u8', value: 0 },
		{ code: 0xd052, type: 'u8', value: 0 },
		{ code: 0xd402, type: 'string', value: model },
		{ code: 0xd406, type: 'string', value: 'Windows', writable: true },
		{ code: 0xd407, type: 'u32', value: 1 },
		{ code: 0xd303, type: 'u8', value: 1 },
	];
}
