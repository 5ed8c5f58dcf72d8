import { expect, test } from 'vitest';
import { decodeDataset, deviceInfo, encodeDataset, handles, objectInfo, storageInfo } from '#protocol/ptp/datasets.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';

/** Bytes from hexadecimal, blanks ignored. */
const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

test("DeviceInfo is read field by field, with Canon's two lists of formats", () => {
	const golden = bytes(`
		6400 0B000000 6400 00 0000
		02000000 0110 0710
		01000000 0240
		01000000 0150
		01000000 0138
		02000000 0138 0130
		06 43 00 61 00 6E 00 6F 00 6E 00 00 00
		03 47 00 37 00 00 00
		02 31 00 00 00
		00`);
	const value = {
		standardVersion: 100,
		vendorExtensionId: 11,
		vendorExtensionVersion: 100,
		vendorExtensionDescription: '',
		functionalMode: 0,
		operations: [0x1001, 0x1007],
		events: [0x4002],
		deviceProperties: [0x5001],
		captureFormats: [0x3801],
		imageFormats: [0x3801, 0x3001],
		manufacturer: 'Canon',
		model: 'G7',
		deviceVersion: '1',
		serialNumber: '',
	};
	expect(decodeDataset(deviceInfo, golden)).toEqual(value);
	expect(encodeDataset(deviceInfo, value)).toEqual(golden);
});

test('ObjectInfo has its file name at offset 52', () => {
	const golden = bytes(`
		01000100 0138 0000 39300000 0138 2A000000 A0000000 78000000
		80020000 E0010000 18000000 05000000 0000 00000000 00000000
		02 41 00 00 00
		12 32 00 30 00 32 00 34 00 30 00 36 00 32 00 31 00 54 00 30 00 35 00 31 00 32 00 30 00 37 00 2E 00 30 00 00 00
		00
		00`);
	const info = decodeDataset(objectInfo, golden);
	expect(info).toMatchObject({
		storageId: 0x00010001,
		format: 0x3801,
		size: 12345,
		thumbSize: 42,
		thumbWidth: 160,
		thumbHeight: 120,
		imageWidth: 640,
		imageHeight: 480,
		bitDepth: 24,
		parent: 5,
		fileName: 'A',
		captureDate: '20240621T051207.0',
	});
	expect(encodeDataset(objectInfo, info)).toEqual(golden);
	expect(golden[52]).toBe(2); // the count of the name's units
});

test('StorageInfo has 64-bit sizes', () => {
	const golden = bytes('0400 0300 0000 0000000001000000 0040000000000000 FFFFFFFF 03 53 00 44 00 00 00 00');
	expect(decodeDataset(storageInfo, golden)).toEqual({
		storageType: 4,
		filesystemType: 3,
		accessCapability: 0,
		maxCapacity: 0x1_0000_0000n,
		freeSpace: 0x4000n,
		freeImages: 0xffff_ffff,
		description: 'SD',
		volumeLabel: '',
	});
});

test('an array that claims more items than there are bytes is refused, not made', () => {
	expect(() => decodeDataset(handles, bytes('FFFFFFFF 01000000'))).toThrow(MalformedBytes);
});

test('a dataset that ends too early is refused', () => {
	expect(() => decodeDataset(objectInfo, bytes('01000100 0138'))).toThrow(MalformedBytes);
});
