/** Gathers small packets, so that a short answer of three packets takes one write. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodePacket, type Packet } from '../packet.ts';
import type { PacketWriter } from './peer-socket.ts';
import { PieceWriter } from './piece-writer.ts';

/** A packet waits for the next one at most this many milliseconds, because initiators have time-outs. */
const LATER_MS = 20;
/** How often the progress of a peer is checked, in milliseconds. */
const LOOK_MS = 100;
/** A payload up to this size is copied and sent together with the packets around it... */
const SMALL_BYTES = 16 * 1024;
/** ...unless this much is already pending: many small packets add up. */
const UNSENT_BYTES = 256 * 1024;

/** A packet writer that combines small packets. */
export class GatheringWriter implements PacketWriter {
	readonly #socket: Socket;
	readonly #writer: PieceWriter;
	#gathered: Uint8Array[] = [];
	#gatheredBytes = 0;
	#flushing = false;
	#soon: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(socket: Socket) {
		this.#socket = socket;
		this.#writer = new PieceWriter(socket);
	}

	get unsent(): number {
		return this.#gatheredBytes + this.#writer.unsent;
	}

	end(): undefined {
		this.flush();
		this.#writer.end();
	}

	close(): void {
		this.#closed = true;
	}

	/** Sends a packet together with everything else sent in this turn of the event loop. */
	send(packet: Packet): undefined {
		this.#gather(encodePacket(packet));
		if (this.#flushing) return;
		this.#flushing = true;
		setImmediate(() => {
			this.#flushing = false;
			this.flush();
		});
	}

	/** Sends a packet that may wait a little for the next one. */
	sendLater(packet: Packet): void {
		this.#gather(encodePacket(packet));
		this.#flushSoon();
	}

	/**
	 * Sends a Data or End Data packet. A small payload is copied, so there is nothing to wait for unless much is pending.
	 * @returns a promise that resolves when `payload` may be reused, or `undefined` if it may be at once
	 */
	sendData(kind: 'data' | 'endData', transactionId: number, payload: Uint8Array): Promise<void> | undefined {
		if (this.#socket.destroyed) return undefined;
		this.#gather(encodePacket({ kind, transactionId }, payload.length));
		if (payload.length <= SMALL_BYTES && this.unsent < UNSENT_BYTES) {
			this.#gather(payload.slice());
			if (this.#gatheredBytes > SMALL_BYTES) this.flush();
			else this.#flushSoon();
			return undefined;
		}
		return new Promise((resolve) => {
			this.#writer.write([...this.#takeGathered(), payload], resolve);
		});
	}

	#gather(bytes: Uint8Array): void {
		if (this.#socket.destroyed || this.#socket.writableEnded) return;
		this.#gathered.push(bytes);
		this.#gatheredBytes += bytes.length;
	}

	/** Everything sent meanwhile shares one timer. */
	#flushSoon(): void {
		this.#soon ??= setTimeout(() => {
			this.#soon = undefined;
			this.flush();
		}, LATER_MS);
	}

	/** Sends the gathered packets. */
	flush(): void {
		this.#writer.write(this.#takeGathered());
	}

	/** Takes the gathered packets, joined into one piece. */
	#takeGathered(): Uint8Array[] {
		const gathered = this.#gathered;
		if (gathered.length === 0) return [];
		const bytes = this.#gatheredBytes;
		this.#gathered = [];
		this.#gatheredBytes = 0;
		return gathered.length === 1 ? gathered : [Buffer.concat(gathered, bytes)];
	}

	/**
	 * Calls `stalled` when the peer takes none of the pending bytes for `limitMs()`, which is evaluated each time.
	 * @returns a function that stops watching
	 */
	watchWriting(limitMs: () => number, stalled: () => void): () => void {
		let before = this.#writer.progress;
		let quiet = 0;
		const timer = setInterval(() => {
			const now = this.#writer.progress;
			quiet = this.#writer.unsent === 0 || now !== before ? 0 : quiet + LOOK_MS;
			before = now;
			if (quiet > 0 && quiet >= limitMs()) stalled();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	/** Waits until fewer than `bytes` are unsent. Resolves to false when the peer takes nothing for `limitMs`, or has left. */
	async room(bytes: number, limitMs: number): Promise<boolean> {
		for (let quiet = 0, before = ''; !this.#closed && quiet < limitMs; quiet += LOOK_MS) {
			if (this.unsent < bytes) return true;
			if (this.#writer.progress !== before) quiet = 0;
			before = this.#writer.progress;
			await sleep(LOOK_MS);
		}
		return false;
	}
}
