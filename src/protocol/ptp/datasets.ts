/** Datasets of ISO 15740, declared field by field in wire order. All integers little-endian. */
import { Reader, Writer } from '../wire/bytes.ts';
import { array, type Field, ptpString, struct, u16, u32, u64, type ValueOf } from '../wire/fields.ts';

/** The dataset of GetDeviceInfo. libgphoto2 takes any manufacturer that contains "Canon" for Canon. */
export const deviceInfo = struct({
	standardVersion: u16,
	vendorExtensionId: u32,
	vendorExtensionVersion: u16,
	vendorExtensionDescription: ptpString,
	functionalMode: u16,
	operations: array(u16),
	events: array(u16),
	deviceProperties: array(u16),
	captureFormats: array(u16),
	/** chdkptp passes the first one to 0x9801. */
	imageFormats: array(u16),
	manufacturer: ptpString,
	model: ptpString,
	deviceVersion: ptpString,
	serialNumber: ptpString,
});
export type DeviceInfo = ValueOf<typeof deviceInfo>;

/** The dataset of GetStorageInfo. Capacities are in bytes. */
export const storageInfo = struct({
	storageType: u16,
	filesystemType: u16,
	accessCapability: u16,
	maxCapacity: u64,
	freeSpace: u64,
	freeImages: u32,
	description: ptpString,
	volumeLabel: ptpString,
});
export type StorageInfo = ValueOf<typeof storageInfo>;

/** The dataset of GetObjectInfo and SendObjectInfo. For its dates see dates.ts. */
export const objectInfo = struct({
	storageId: u32,
	format: u16,
	/** 0 none, 1 read-only. */
	protection: u16,
	/** Bytes; `SIZE_BEYOND_32_BITS` means 4 GiB or more (an MTP convention). */
	size: u32,
	thumbFormat: u16,
	thumbSize: u32,
	thumbWidth: u32,
	thumbHeight: u32,
	imageWidth: u32,
	imageHeight: u32,
	bitDepth: u32,
	/** Handle of the folder; 0 in the root. */
	parent: u32,
	associationType: u16,
	associationDescription: u32,
	sequence: u32,
	fileName: ptpString,
	captureDate: ptpString,
	modificationDate: ptpString,
	keywords: ptpString,
});
export type ObjectInfo = ValueOf<typeof objectInfo>;

/** ObjectInfo.size of an object whose size does not fit into 32 bits. */
export const SIZE_BEYOND_32_BITS = 0xffff_ffff;

/** Handles and storage ids travel as a counted array of u32. */
export const handles = array(u32);
/** Codes (MTP object properties) travel as a counted array of u16. */
export const codeList = array(u16);

/** The StorageInfo codes that memory cards use. */
export const STORAGE = { fixedRam: 3, removableRam: 4, dcf: 3, readWrite: 0, readOnly: 1, readOnlyWithDeletion: 2 } as const;

/** Encodes a dataset. */
export function encodeDataset<T>(dataset: Field<T>, value: T): Uint8Array {
	const to = new Writer();
	dataset.write(to, value);
	return to.done();
}

/** Decodes a dataset and ignores bytes after it. Throws `MalformedBytes` if the bytes end too early. */
export function decodeDataset<T>(dataset: Field<T>, bytes: Uint8Array): T {
	return dataset.read(new Reader(bytes));
}
