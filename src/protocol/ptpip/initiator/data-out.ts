/** The data phase from the computer to the camera. */
import { withResolvers } from '#base/with-resolvers.ts';
import { UNKNOWN_TOTAL } from '../packet.ts';
import type { Channel } from './channel.ts';
import type { Outgoing } from './transact.ts';

/** Bytes of one piece of zeros. */
const PADDING_BYTES = 64 * 1024;

/**
 * Sends Start Data, Data, and the last piece as End Data, as libgphoto2 does. If the total is unknown, the phase ends with
 * an empty End Data.
 */
export class DataOut {
	/** End Data has been sent. */
	ended = false;
	/** Announced bytes not sent yet; 0 if the total is unknown. */
	#unsent: number;
	#begun = false;
	readonly #channel: Channel;
	readonly #transactionId: number;
	readonly #outgoing: Outgoing;
	readonly #progressed: () => void;
	readonly #stopping = withResolvers<void>();
	#stopped = false;
	#closed = false;

	/** @param progressed called each time the network has taken a piece */
	constructor(channel: Channel, transactionId: number, outgoing: Outgoing, progressed: () => void) {
		this.#channel = channel;
		this.#transactionId = transactionId;
		this.#outgoing = outgoing;
		this.#progressed = progressed;
		this.#unsent = outgoing.total ?? 0;
	}

	/** Stops sending the source. `run` resolves, even if the source never yields again. */
	stop(): void {
		this.#stopped = true;
		this.#stopping.resolve();
	}

	/** Stops sending altogether, because the transaction is over. */
	close(): void {
		this.#closed = true;
		this.stop();
	}

	/** Sends everything. Throws what the source throws, and `RangeError` if it yields more or fewer bytes than announced. */
	async run(): Promise<void> {
		if (this.#stopped) return;
		this.#begun = true;
		const { total, pieces } = this.#outgoing;
		const transactionId = this.#transactionId;
		this.#channel.send({ kind: 'startData', transactionId, total: total === undefined ? UNKNOWN_TOTAL : BigInt(total) });
		let sent = 0;
		for await (const piece of untilStopped(pieces, this.#stopping.promise)) {
			if (this.#stopped) return;
			if (piece.length === 0) continue;
			sent += piece.length;
			if (total !== undefined && sent > total) throw new RangeError(`more than the ${total} bytes that were announced`);
			if (total !== undefined) this.#unsent = total - sent;
			await this.#send(piece, sent === total);
		}
		if (this.#stopped) return;
		if (total !== undefined && sent < total) throw new RangeError(`${sent} bytes instead of the ${total} that were announced`);
		if (!this.ended) await this.#send(new Uint8Array(0), true);
	}

	/** Whether the camera still waits for data of this phase, unless it obeyed a Cancel. */
	get isDue(): boolean {
		return this.#begun && !this.ended;
	}

	/** Ends the phase for a camera that ignores Cancel, with zeros for the announced bytes that are missing. */
	async padWithZeros(): Promise<void> {
		const zeros = new Uint8Array(Math.min(this.#unsent, PADDING_BYTES));
		while (this.isDue && !this.#closed) {
			const piece = zeros.subarray(0, Math.min(this.#unsent, zeros.length));
			this.#unsent -= piece.length;
			await this.#send(piece, this.#unsent === 0);
		}
	}

	async #send(piece: Uint8Array, last: boolean): Promise<void> {
		this.ended ||= last;
		await this.#channel.sendData({ kind: last ? 'endData' : 'data', transactionId: this.#transactionId }, piece);
		this.#progressed();
	}
}

/** Yields the pieces until the source ends or `stopped` resolves, even if the next piece never comes. */
async function* untilStopped(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, stopped: Promise<void>): AsyncGenerator<Uint8Array> {
	const source = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
	let ended = false;
	try {
		for (;;) {
			const next = await Promise.race([source.next(), stopped]);
			ended = next?.done === true;
			if (next === undefined || next.done === true) return;
			yield next.value;
		}
	} finally {
		// Not awaited, because a source that hangs would hang here too.
		if (!ended) void Promise.resolve(source.return?.()).catch(() => {});
	}
}
