/**
 * A data phase from the initiator: Start Data, any number of Data, End Data. Pure: it takes frames and says what each one
 * means. It does not compare transaction ids, because chdkptp sends 0 in its Data packets and cameras accept that.
 */
import type { Frame } from '../framing.ts';
import { UNKNOWN_TOTAL } from '../packet.ts';

/** A piece of the payload, a packet around it, or a frame that does not belong to the data phase. */
export type FrameRole = 'piece' | 'framing' | 'foreign';

/** Tracks one data phase. */
export class DataPhase {
	/** Bytes announced by Start Data; `undefined` if the length was unknown. */
	readonly total: number | undefined;
	/** Bytes so far. */
	received = 0;
	#last = false;
	#ended: boolean;

	/** @param total Start Data's field. If it is 0, libgphoto2 sends nothing more. */
	constructor(total: bigint) {
		this.total = total === UNKNOWN_TOTAL ? undefined : Number(total);
		this.#ended = total === 0n;
	}

	/** End Data was read completely. */
	get ended(): boolean {
		return this.#ended;
	}

	/** More bytes arrived than were announced. */
	get tooLong(): boolean {
		return this.total !== undefined && this.received > this.total;
	}

	/** Fewer bytes arrived than were announced, so far. */
	get tooShort(): boolean {
		return this.total !== undefined && this.received < this.total;
	}

	/** Takes the next frame. A `foreign` frame changes nothing. */
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
