/** The answer to one operation of a client: data as it comes from the camera, framed anew, then the response. */

import type { OperationResponse, Sink } from '#protocol/ptpip/initiator/transact.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import type { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';

export class Reply implements Sink {
	/** Bytes of data so far. */
	received = 0;
	readonly #out: GatheringWriter;
	readonly #transactionId: number;
	readonly #waits: () => () => void;
	#total: number | undefined;
	#phase: 'none' | 'begun' | 'ended' = 'none';
	#stopWaiting: (() => void) | undefined;

	/** @param waits called when the client is waited for for the first time; what comes back is called at the end */
	constructor(out: GatheringWriter, transactionId: number, waits: () => () => void) {
		this.#out = out;
		this.#transactionId = transactionId;
		this.#waits = waits;
	}

	begin(total: number | undefined): void {
		this.#total = total;
		this.#phase = 'begun';
		this.#out.sendLater({
			kind: 'startData',
			transactionId: this.#transactionId,
			total: total === undefined ? UNKNOWN_TOTAL : BigInt(total),
		});
	}

	/** As Canon does it: the last piece is End Data (airnef). Until the client has taken it, the camera is not read. */
	piece(bytes: Uint8Array): Promise<void> | undefined {
		this.received += bytes.length;
		const last = this.received === this.#total;
		if (last) this.#phase = 'ended';
		const taken = this.#out.sendData(last ? 'endData' : 'data', this.#transactionId, bytes);
		if (taken !== undefined) this.#stopWaiting ??= this.#waits();
		return taken;
	}

	/** Ends the data phase, if there was one, and answers. */
	end({ code, params }: Pick<OperationResponse, 'code' | 'params'>): void {
		if (this.#phase === 'begun') void this.#out.sendData('endData', this.#transactionId, new Uint8Array(0));
		this.#phase = 'ended';
		this.#out.sendLater({ kind: 'operationResponse', code, transactionId: this.#transactionId, params });
		this.#out.flush();
	}

	/** To be called when the operation is over, whether it was answered or not. */
	over(): void {
		this.#stopWaiting?.();
	}
}
