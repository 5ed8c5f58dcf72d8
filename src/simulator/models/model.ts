/** A camera model is data: what it says of itself, what it can do, and how its firmware behaves. */
import type { CameraOs } from '../../core/events.ts';
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
	/** Operation codes that DeviceInfo lists and that are answered; 0x9999 comes on top with CHDK. */
	operations: readonly number[];
	events: readonly number[];
	captureFormats: readonly number[];
	/** The first is what chdkptp gives 0x9801 as parameter. */
	imageFormats: readonly number[];
	properties: readonly DevicePropertyDeclaration[];
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
