/** Several cameras are held at once: which of them was seen? */

/** A camera that is held or waited for. */
export interface Slot {
	/** Its MAC, from the profile or learnt. */
	mac: string | null;
	/** Where it was last. */
	address: string | null;
}

/**
 * The index of the slot to which a sender belongs; nothing for a stranger. By MAC where both are known, else by the
 * address; a slot about which nothing is known yet takes what is nobody else's.
 */
export function whoseSighting(from: string, mac: string | undefined, slots: readonly Slot[]): number | undefined {
	const find = (is: (slot: Slot) => boolean) => {
		const index = slots.findIndex(is);
		return index < 0 ? undefined : index;
	};
	return (
		(mac === undefined ? undefined : find((slot) => slot.mac === mac)) ??
		find((slot) => slot.address === from && (slot.mac === null || mac === undefined)) ??
		find((slot) => slot.mac === null && slot.address === null)
	);
}
