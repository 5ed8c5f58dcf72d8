/** Finds out which of several held cameras was seen. */
import { isCanonMac } from '#contract/oui.ts';

/** A camera that is held or waited for. */
export interface KnownCamera {
	/** Its MAC, from the profile or from a session. */
	mac: string | null;
	/** Its last address. */
	address: string | null;
}

/** A device as it was seen. */
export interface Sender {
	address: string;
	mac: string | undefined;
	/** Other devices show this MAC too: a repeater or a router is in between. */
	macShared?: boolean | undefined;
}

/**
 * Finds the camera to which a sighting belongs, by its index. Returns undefined for another device. The MAC decides, unless
 * several have it. Then the address decides, unless two different Canon MACs contradict it. A camera about which nothing is
 * known takes what belongs to no other.
 */
export function ownerOf({ address, mac, macShared = false }: Sender, cameras: readonly KnownCamera[]): number | undefined {
	const find = (is: (camera: KnownCamera) => boolean) => {
		const index = cameras.findIndex(is);
		return index < 0 ? undefined : index;
	};
	const byMac = (camera: KnownCamera) => mac !== undefined && camera.mac === mac;
	const other = (camera: KnownCamera) =>
		mac !== undefined && !macShared && camera.mac !== null && isCanonMac(camera.mac) && isCanonMac(mac);
	const alone = !macShared && cameras.filter(byMac).length === 1;
	return (
		(alone ? find(byMac) : undefined) ??
		find((camera) => camera.address === address && (byMac(camera) || !other(camera))) ??
		find(byMac) ??
		find((camera) => camera.mac === null && camera.address === null)
	);
}
