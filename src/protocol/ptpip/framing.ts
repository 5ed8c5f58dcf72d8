/**
 * Splits a TCP stream into packets, wherever TCP cut it. Small packets come out whole. The payload of Data and End Data
 * comes out in the pieces in which it arrived, as views on the pushed bytes.
 */
import { MalformedBytes } from '../wire/bytes.ts';
import { DATA_HEADER_BYTES, decodePacket, HEADER_BYTES, type Packet, packetKind } from './packet.ts';

/**
 * Longest accepted packet without payload. The largest real one is an Init Command Ack with a long name, well under
 * 1 KiB; anything longer than this comes from a broken or hostile peer.
 */
export const LONGEST_PLAIN_PACKET = 4096;

/** A packet, or a piece of the payload of the `data` or `endData` packet before it. */
export type Frame =
	/** For `data` and `endData`, `payloadBytes` bytes of payload follow as pieces. */
	| { type: 'packet'; packet: Packet; payloadBytes: number }
	/** A view on pushed bytes. `left` bytes of the same payload are still to come. */
	| { type: 'payload'; bytes: Uint8Array; left: number };

/** Splits a stream into frames. Must not be used again after it has thrown `MalformedBytes`. */
export class Framing {
	/** The header or plain packet under way: `#have` of its `#want` bytes. */
	#begun = new Uint8Array(LONGEST_PLAIN_PACKET);
	#have = 0;
	#want = HEADER_BYTES;
	#length = 0;
	#payloadLeft = 0;

	/** True between two packets, where the peer may end the stream in good order. */
	get atPacketBoundary(): boolean {
		return this.#have === 0 && this.#payloadLeft === 0;
	}

	/** Yields the frames that `bytes` complete, in order. Throws `MalformedBytes` for impossible lengths and types. */
	*push(bytes: Uint8Array): Generator<Frame, void, undefined> {
		let at = 0;
		while (at < bytes.length) {
			if (this.#payloadLeft > 0) {
				const size = Math.min(this.#payloadLeft, bytes.length - at);
				this.#payloadLeft -= size;
				yield { type: 'payload', bytes: bytes.subarray(at, at + size), left: this.#payloadLeft };
				at += size;
				continue;
			}
			const size = Math.min(this.#want - this.#have, bytes.length - at);
			this.#begun.set(bytes.subarray(at, at + size), this.#have);
			this.#have += size;
			at += size;
			if (this.#have < this.#want) return;
			if (this.#length === 0) this.#readHeader();
			if (this.#have === this.#want) yield this.#finish();
		}
	}

	#readHeader(): void {
		const view = new DataView(this.#begun.buffer);
		const length = view.getUint32(0, true);
		const type = view.getUint32(4, true);
		const kind = packetKind(type);
		if (kind === undefined) throw new MalformedBytes(`packet type ${type} does not exist`);
		if (kind === 'data' || kind === 'endData') {
			if (length < DATA_HEADER_BYTES) throw new MalformedBytes(`a ${kind} packet of ${length} bytes`);
			this.#want = DATA_HEADER_BYTES;
		} else {
			if (length < HEADER_BYTES || length > LONGEST_PLAIN_PACKET) throw new MalformedBytes(`a ${kind} packet of ${length} bytes`);
			this.#want = length;
		}
		this.#length = length;
	}

	#finish(): Frame {
		// Copied, because fields such as a GUID must outlive the buffer, which the next packet overwrites.
		const packet = decodePacket(this.#begun.slice(0, this.#want));
		const payloadBytes = packet.kind === 'data' || packet.kind === 'endData' ? this.#length - DATA_HEADER_BYTES : 0;
		this.#payloadLeft = payloadBytes;
		this.#have = 0;
		this.#length = 0;
		this.#want = HEADER_BYTES;
		return { type: 'packet', packet, payloadBytes };
	}
}
