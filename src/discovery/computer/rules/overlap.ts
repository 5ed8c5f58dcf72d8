/**
 * While one socket takes the place of another, both hear the same datagrams for a moment: each counts once.
 * To be thrown away afterwards; it remembers all that came meanwhile.
 */
export class Overlap {
	/** How much more often the new socket has heard something than the old one. */
	readonly #ahead = new Map<string, number>();

	/** Whether this was heard by the other socket already. */
	isRepeated(by: 'old' | 'new', datagram: string): boolean {
		const ahead = this.#ahead.get(datagram) ?? 0;
		const step = by === 'new' ? 1 : -1;
		this.#ahead.set(datagram, ahead + step);
		return ahead * step < 0;
	}
}
