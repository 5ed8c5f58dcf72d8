/** A camera model as data: what it says about itself, what it can do, and how its firmware behaves. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { DevicePropertyDeclaration } from '../ptp/properties.ts';

/** A camera model. */
export interface CameraModel {
	/** Value of `--model`. */
	id: string;
	/** What this model demonstrates, for people. */
	about: string;
	os: CameraOs;
	/** Strings of DeviceInfo. */
	manufacturer: string;
	model: string;
	deviceVersion: string;
	serialNumber: string;
	vendorExtensionId: number;
	vendorExtensionVersion: number;
	/**
	 * Codes of the operations that the real camera has, as published. The simulated camera lists and answers those that are
	 * modelled, and also 0x9999 with CHDK.
	 */
	operations: readonly number[];
	events: readonly number[];
	captureFormats: readonly number[];
	/** chdkptp passes the first one to 0x9801. */
	imageFormats: readonly number[];
	properties: readonly DevicePropertyDeclaration[];
	/** What GetStorageInfo says about the card; absent: description "SD", no label. */
	card?: { description: string; volumeLabel: string } | undefined;
	/** Storages besides the card, all of them empty. */
	otherStorages?: readonly { id: number; filesystemType: number; volumeLabel: string }[] | undefined;
	/** EOS properties as u32, which GetEvent reports and 0x9110 sets. */
	eosProperties?: Readonly<Record<number, number>> | undefined;
	quirks?:
		| {
				/** After CloseSession every answer is 0x2005 until the Wi-Fi was off (libgphoto2 does not send CloseSession to such cameras). */
				deadAfterCloseSession?: boolean | undefined;
		  }
		| undefined;
	/** Last six bytes of the PTP-IP GUID, and the MAC address: `2c:9e:fc:...` (a Canon prefix). */
	mac: string;
	/** Only an EOS: additional values of its UPnP description. `usbId`: USB product id, four hexadecimal digits. */
	eos?: { usbId: string; nickname: string } | undefined;
	/** The values of CHDK's get_buildinfo; absent: there is no CHDK for this model. */
	chdk?: ChdkBuild | undefined;
}

/** A build of CHDK, with the field names of get_buildinfo. */
export interface ChdkBuild {
	platform: string;
	platsub: string;
	version: string;
	build_number: string;
	build_revision: string;
	build_date: string;
	build_time: string;
	platformid: number;
	digic: number;
}
