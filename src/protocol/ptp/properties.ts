/** Device properties: ISO 15740 (0x50xx) and Canon's own (0xDxxx), named as in libgphoto2's ptp.h; and MTP's object properties. */
export const PROPERTY = {
	batteryLevel: 0x5001,
	dateTime: 0x5011,

	canonBatteryKind: 0xd002,
	canonBatteryStatus: 0xd003,
	canonSizeOfOutputDataFromCamera: 0xd02e,
	canonSizeOfInputDataToCamera: 0xd02f,
	canonRemoteAPIVersion: 0xd030,
	canonFirmwareVersion: 0xd031,
	canonCameraModel: 0xd032,
	canonCameraOwner: 0xd033,
	canonUnixTime: 0xd034,
	canonCameraBodyID: 0xd035,
	canonEventEmulateMode: 0xd045,
	canonDPOFVersion: 0xd046,
	canonTypeOfSupportedSlideShow: 0xd047,
	canonModelID: 0xd049,

	eosAutoPowerOff: 0xd114,
	eosCaptureDestination: 0xd11c,
	eosEVFOutputDevice: 0xd1b0,
} as const;

/** Type codes of property values. */
export const TYPE = {
	i8: 0x0001,
	u8: 0x0002,
	i16: 0x0003,
	u16: 0x0004,
	i32: 0x0005,
	u32: 0x0006,
	u64: 0x0008,
	/** An array of u8. */
	bytes: 0x4002,
	string: 0xffff,
} as const;

/** Codes of MTP's object properties, as 0x9801 lists them. */
export const OBJECT_PROPERTY = {
	storageId: 0xdc01,
	objectFormat: 0xdc02,
	protectionStatus: 0xdc03,
	objectSize: 0xdc04,
	objectFileName: 0xdc07,
	dateCreated: 0xdc08,
	dateModified: 0xdc09,
	parentObject: 0xdc0b,
	persistentUniqueObjectIdentifier: 0xdc41,
} as const;
