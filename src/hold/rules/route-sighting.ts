/** Several cameras are held at once: which of them was seen? */
import { isCanonMac } from '#contract/oui.ts';

/** A camera that is held or waited for. */
export interface KnownCamera {
	/** Its MAC, from the profile or learnt. */
	mac: string | null;
	/** Where it was last. */
	address: string | null;
}

/** A sender as it was seen. */
export interface Sender {
	address: string;
	mac: string | undefined;
	/** Other devices show this MAC too: a repeater or a router stands before it. */
	macShared?: boolean;
}

/**
 * The index of the camera to which a sender belongs; nothing for a stranger. By MAC, unless others have it too; else by the
 * address, unless two MACs of Canon's speak against it; a camera about which nothing is known yet takes what is nobody else's.
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
