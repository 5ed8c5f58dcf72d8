/**
 * From a TCP stream to packets, however the stream was cut. Small packets come out whole; the payload of Data and
 * End Data packets comes out in the pieces in which it arrived, as views on the bytes that were pushed in.
 */
import { MalformedBytes } from '../wire/bytes.ts';
import { DATA_HEADER_BYTES, decodePacket, HEADER_BYTES, type Packet, packetKind } from './packet.ts';

/**
 * Longest packet without payload that is believed. The largest real one is an Init Command Ack with a long name,
 * well under 1 KiB; anything above this is a broken or hostile peer.
 */
export const LONGEST_PLAIN_PACKET = 4096;

/** What comes out of the stream. `payload` pieces belong to the `data` or `endData` packet before them. */
export type Frame =
	/** A packet. For `data` and `endData`, `payloadBytes` of payload follow as pieces. */
	| { type: 'packet'; packet: Packet; payloadBytes: number }
	/** Part of a payload: a view on pushed bytes. `left` bytes of the same payload are still to come. */
	| { type: 'payload'; bytes: Uint8Array; left: number };

/** Splits a stream into frames. Not reusable after it has thrown `MalformedBytes`. */
export class Framing {
	/** The begun header or plain packet; grows to `#want`. */
	#begun = new Uint8Array(LONGEST_PLAIN_PACKET);
	#have = 0;
	#want = HEADER_BYTES;
	#length = 0;
	#payloadLeft = 0;

	/** True between two packets: nothing is begun, so the peer may leave here in good order. */
	get atPacketBoundary(): boolean {
		return this.#have === 0 && this.#payloadLeft === 0;
	}

	/** Frames in `bytes`, in order. Throws `MalformedBytes` for lengths and types that cannot be. */
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
		// A copy: fields such as a GUID must outlive the buffer, which the next packet overwrites.
		const packet = decodePacket(this.#begun.slice(0, this.#want));
		const payloadBytes = packet.kind === 'data' || packet.kind === 'endData' ? this.#length - DATA_HEADER_BYTES : 0;
		this.#payloadLeft = payloadBytes;
		this.#have = 0;
		this.#length = 0;
		this.#want = HEADER_BYTES;
		return { type: 'packet', packet, payloadBytes };
	}
}
