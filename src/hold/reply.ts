/** The reply to one operation of a client: the camera's data in new frames, then the response. */

import type { OperationResponse, Sink } from '#protocol/ptpip/initiator/transact.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import type { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';

/** Passes the camera's data and response on to the client. */
export class Reply implements Sink {
	/** Bytes of data so far. */
	received = 0;
	readonly #out: GatheringWriter;
	readonly #transactionId: number;
	readonly #waits: () => () => void;
	#total: number | undefined;
	#phase: 'none' | 'begun' | 'ended' = 'none';
	#stopWaiting: (() => void) | undefined;

	/** @param waits called when we first wait for the client; the function it returns is called at the end */
	constructor(out: GatheringWriter, transactionId: number, waits: () => () => void) {
		this.#out = out;
		this.#transactionId = transactionId;
		this.#waits = waits;
	}

	/** Starts the data phase. @param total bytes, if the camera gave a number */
	begin(total: number | undefined): void {
		this.#total = total;
		this.#phase = 'begun';
		this.#out.sendLater({
			kind: 'startData',
			transactionId: this.#transactionId,
			total: total === undefined ? UNKNOWN_TOTAL : BigInt(total),
		});
	}

	/** Sends one piece. The last one is End Data, as Canon does it (airnef). The camera is not read until the client has taken it. */
	piece(bytes: Uint8Array): Promise<void> | undefined {
		this.received += bytes.length;
		const last = this.received === this.#total;
		if (last) this.#phase = 'ended';
		const taken = this.#out.sendData(last ? 'endData' : 'data', this.#transactionId, bytes);
		if (taken !== undefined) this.#stopWaiting ??= this.#waits();
		return taken;
	}

	/** Ends the data phase, if there was one, and sends the response. */
	end({ code, params }: Pick<OperationResponse, 'code' | 'params'>): void {
		if (this.#phase === 'begun') void this.#out.sendData('endData', this.#transactionId, new Uint8Array(0));
		this.#phase = 'ended';
		this.#out.sendLater({ kind: 'operationResponse', code, transactionId: this.#transactionId, params });
		this.#out.flush();
	}

	/** Must be called when the operation is over, whether it was answered or not. */
	over(): void {
		this.#stopWaiting?.();
	}
}
