/** A data phase from the initiator, read piece by piece. */

import { joinBytes } from '#base/bytes.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import type { Connection } from '../ptpip/connection.ts';

/** Thrown when a data phase cannot be used; `response` is the answer to it. */
export class DataPhaseFailed extends Error {
	override readonly name = 'DataPhaseFailed';
	readonly response: number;
	constructor(response: number, why: string) {
		super(why);
		this.response = response;
	}
}

/**
 * Start Data, any number of Data, End Data. Transaction ids inside are not looked at, but for Cancel: chdkptp sends 0 in its
 * Data packets, and cameras take it. libgphoto2 sends nothing after Start Data when the total is 0.
 */
export class Incoming {
	readonly #connection: Connection;
	readonly #transactionId: number;
	/** What Start Data announced; nothing when it was not known. */
	readonly total: number | undefined;
	/** Bytes so far. */
	received = 0;
	/** End Data has begun: its payload is the last. */
	#last = false;
	#ended: boolean;
	#failed: DataPhaseFailed | undefined;

	private constructor(connection: Connection, transactionId: number, total: bigint) {
		this.#connection = connection;
		this.#transactionId = transactionId;
		this.total = total === UNKNOWN_TOTAL ? undefined : Number(total);
		this.#ended = total === 0n;
	}

	/** Waits for Start Data. Throws `DataPhaseFailed` when something else comes. */
	static async begin(connection: Connection, transactionId: number): Promise<Incoming> {
		const frame = await connection.next();
		if (frame?.type === 'packet' && frame.packet.kind === 'startData') return new Incoming(connection, transactionId, frame.packet.total);
		if (frame?.type === 'packet' && frame.packet.kind === 'cancel' && frame.packet.transactionId === transactionId)
			throw new DataPhaseFailed(RESPONSE.transactionCanceled, 'cancelled before Start Data');
		if (frame !== undefined) connection.unread(frame);
		throw new DataPhaseFailed(RESPONSE.invalidParameter, 'no Start Data');
	}

	/** The pieces as they come; who leaves early can go on later. Throws `DataPhaseFailed` when they do not add up to what was announced. */
	async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
		while (!this.#ended) {
			const frame = await this.#connection.next();
			if (frame === undefined) this.#fail(RESPONSE.incompleteTransfer, 'the connection ended');
			else if (frame.type === 'payload') {
				this.received += frame.bytes.length;
				if (this.#last && frame.left === 0) this.#ended = true;
				if (this.total !== undefined && this.received > this.total) this.#failed ??= tooMuch();
				if (this.#failed === undefined) yield frame.bytes;
			} else if (frame.packet.kind === 'endData') {
				this.#last = true;
				if (frame.payloadBytes === 0) this.#ended = true;
			} else if (frame.packet.kind === 'cancel' && frame.packet.transactionId === this.#transactionId) {
				this.#fail(RESPONSE.transactionCanceled, 'cancelled');
			} else if (frame.packet.kind === 'operationRequest') {
				this.#connection.unread(frame);
				this.#fail(RESPONSE.incompleteTransfer, 'the next request came before End Data');
			}
		}
		if (this.total !== undefined && this.received < this.total)
			this.#failed ??= new DataPhaseFailed(RESPONSE.incompleteTransfer, 'less data than announced');
		if (this.#failed !== undefined) throw this.#failed;
	}

	#fail(response: number, why: string): void {
		this.#failed ??= new DataPhaseFailed(response, why);
		this.#ended = true;
	}

	/** All of it. Throws `DataPhaseFailed`, also when it is longer than `limit` bytes (after swallowing it). */
	async collect(limit: number): Promise<Uint8Array> {
		const pieces: Uint8Array[] = [];
		for await (const piece of this.pieces()) {
			if (this.received <= limit) pieces.push(piece);
		}
		if (this.received > limit) throw new DataPhaseFailed(RESPONSE.generalError, `longer than ${limit} bytes`);
		return joinBytes(pieces);
	}

	/** Reads what nobody wanted. Never throws. */
	async swallow(): Promise<void> {
		try {
			for await (const _ of this.pieces());
		} catch (error) {
			if (!(error instanceof DataPhaseFailed)) throw error;
		}
	}
}

function tooMuch(): DataPhaseFailed {
	return new DataPhaseFailed(RESPONSE.incompleteTransfer, 'more data than announced');
}
