/** Response codes: ISO 15740 (0x20xx) and Canon's own (0xAxxx), named as in libgphoto2's ptp.h. */
import { namer } from './codes.ts';

export const RESPONSE = {
	ok: 0x2001,
	generalError: 0x2002,
	sessionNotOpen: 0x2003,
	invalidTransactionID: 0x2004,
	operationNotSupported: 0x2005,
	parameterNotSupported: 0x2006,
	incompleteTransfer: 0x2007,
	invalidStorageID: 0x2008,
	invalidObjectHandle: 0x2009,
	devicePropNotSupported: 0x200a,
	invalidObjectFormatCode: 0x200b,
	storeFull: 0x200c,
	objectWriteProtected: 0x200d,
	storeReadOnly: 0x200e,
	accessDenied: 0x200f,
	noThumbnailPresent: 0x2010,
	selfTestFailed: 0x2011,
	partialDeletion: 0x2012,
	storeNotAvailable: 0x2013,
	specificationByFormatUnsupported: 0x2014,
	noValidObjectInfo: 0x2015,
	invalidCodeFormat: 0x2016,
	unknownVendorCode: 0x2017,
	captureAlreadyTerminated: 0x2018,
	deviceBusy: 0x2019,
	invalidParentObject: 0x201a,
	invalidDevicePropFormat: 0x201b,
	invalidDevicePropValue: 0x201c,
	invalidParameter: 0x201d,
	sessionAlreadyOpened: 0x201e,
	transactionCanceled: 0x201f,
	specificationOfDestinationUnsupported: 0x2020,

	canonUnknownCommand: 0xa001,
	canonOperationRefused: 0xa005,
	canonLensCover: 0xa006,
	canonBatteryLow: 0xa101,
	canonNotReady: 0xa102,

	mtpInvalidObjectPropCode: 0xa801,
	mtpSpecificationByGroupUnsupported: 0xa807,
	mtpSpecificationByDepthUnsupported: 0xa808,
} as const;

/** Returns the name of a response, `ok` for 0x2001; an unknown code is returned in hexadecimal. */
export const responseName = namer(RESPONSE);
