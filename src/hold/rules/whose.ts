/** Several cameras are held at once: which of them was seen? */
import { isCanonMac } from '#contract/oui.ts';

/** A camera that is held or waited for. */
export interface Slot {
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
 * The index of the slot to which a sender belongs; nothing for a stranger. By MAC, unless others have it too; else by the
 * address, unless two MACs of Canon's speak against it; a slot about which nothing is known yet takes what is nobody else's.
 */
export function whoseSighting({ address, mac, macShared = false }: Sender, slots: readonly Slot[]): number | undefined {
	const find = (is: (slot: Slot) => boolean) => {
		const index = slots.findIndex(is);
		return index < 0 ? undefined : index;
	};
	const byMac = (slot: Slot) => mac !== undefined && slot.mac === mac;
	const other = (slot: Slot) => mac !== undefined && !macShared && slot.mac !== null && isCanonMac(slot.mac) && isCanonMac(mac);
	const alone = !macShared && slots.filter(byMac).length === 1;
	return (
		(alone ? find(byMac) : undefined) ??
		find((slot) => slot.address === address && (byMac(slot) || !other(slot))) ??
		find(byMac) ??
		find((slot) => slot.mac === null && slot.address === null)
	);
}
