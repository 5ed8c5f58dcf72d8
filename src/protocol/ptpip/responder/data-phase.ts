/**
 * A data phase from the initiator: Start Data, any number of Data, End Data. Pure: frames in, and what each one means
 * out. Transaction ids inside are not compared: chdkptp sends 0 in its Data packets, and cameras accept that.
 */
import type { Frame } from '../framing.ts';
import { UNKNOWN_TOTAL } from '../packet.ts';

/** What a frame is to the data phase: a piece of the payload, a packet around it, or something that does not belong. */
export type FrameRole = 'piece' | 'framing' | 'foreign';

export class DataPhase {
	/** What Start Data announced, in bytes; nothing when the length was not known. */
	readonly total: number | undefined;
	/** Bytes so far. */
	received = 0;
	#last = false;
	#ended: boolean;

	/** @param total the field of Start Data. libgphoto2 sends nothing more when it is 0. */
	constructor(total: bigint) {
		this.total = total === UNKNOWN_TOTAL ? undefined : Number(total);
		this.#ended = total === 0n;
	}

	/** End Data has been read to its end. */
	get ended(): boolean {
		return this.#ended;
	}

	/** More has arrived than was announced. */
	get tooLong(): boolean {
		return this.total !== undefined && this.received > this.total;
	}

	/** Less has arrived than was announced. */
	get tooShort(): boolean {
		return this.total !== undefined && this.received < this.total;
	}

	/** Takes the next frame. One that is `foreign` changes nothing. */
	take(frame: Frame): FrameRole {
		if (frame.type === 'payload') {
			this.received += frame.bytes.length;
			if (this.#last && frame.left === 0) this.#ended = true;
			return 'piece';
		}
		const { kind } = frame.packet;
		if (kind !== 'data' && kind !== 'endData') return 'foreign';
		if (kind === 'endData') {
			this.#last = true;
			if (frame.payloadBytes === 0) this.#ended = true;
		}
		return 'framing';
	}
}
