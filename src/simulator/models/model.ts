/** A camera model is data: what it says of itself, what it can do, and how its firmware behaves. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { DevicePropertyDeclaration } from '../ptp/properties.ts';

export interface CameraModel {
	/** For `--model`. */
	id: string;
	/** For people: what this model is there to show. */
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
	 * Operation codes that the camera has, as published. DeviceInfo lists, and answers, those of them that are modelled;
	 * 0x9999 comes on top with CHDK.
	 */
	operations: readonly number[];
	events: readonly number[];
	captureFormats: readonly number[];
	/** The first is what chdkptp gives 0x9801 as parameter. */
	imageFormats: readonly number[];
	properties: readonly DevicePropertyDeclaration[];
	/** What GetStorageInfo says of the card; absent: description "SD", no label. */
	card?: { description: string; volumeLabel: string };
	/** Storages besides the card, all of them empty. */
	otherStorages?: readonly { id: number; filesystemType: number; volumeLabel: string }[];
	/** EOS properties as u32, told by GetEvent and set by 0x9110. */
	eosProperties?: Readonly<Record<number, number>>;
	quirks?: {
		/** After CloseSession everything is 0x2005 until the Wi-Fi was off (libgphoto2 leaves CloseSession out for these). */
		deadAfterCloseSession?: boolean;
	};
	/** Last six bytes of the PTP-IP GUID and of its network address, `2c:9e:fc:...` (a Canon prefix). */
	mac: string;
	/** An EOS: what its UPnP description says besides. `usbId`: USB product id, four hexadecimal digits. */
	eos?: { usbId: string; nickname: string };
	/** What CHDK's get_buildinfo tells; absent: there is no CHDK for this model. */
	chdk?: ChdkBuild;
}

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
