/**
 * Finds datagrams that two sockets both hear while one replaces the other, so that each counts once. Use one only for the
 * duration of the overlap: it remembers every datagram.
 */
export class Overlap {
	/** By datagram: how often the new socket has heard it, minus how often the old one has. */
	readonly #ahead = new Map<string, number>();

	/** Whether the other socket has already heard this datagram. */
	isRepeated(by: 'old' | 'new', datagram: string): boolean {
		const ahead = this.#ahead.get(datagram) ?? 0;
		const step = by === 'new' ? 1 : -1;
		this.#ahead.set(datagram, ahead + step);
		return ahead * step < 0;
	}
}
