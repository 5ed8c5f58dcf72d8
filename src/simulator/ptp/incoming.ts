/** Reads a data phase from the initiator, piece by piece. */

import { joinBytes } from '#base/bytes.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Frame } from '#protocol/ptpip/framing.ts';
import { DataPhase } from '#protocol/ptpip/responder/data-phase.ts';
import type { CameraConnection } from '../ptpip/connection.ts';

/** Thrown when a data phase cannot be used. `response` is the response code for it. */
export class DataPhaseFailed extends Error {
	override readonly name = 'DataPhaseFailed';
	readonly response: number;
	constructor(response: number, why: string) {
		super(why);
		this.response = response;
	}
}

/** The data phase of one operation. It decides what a camera does when the phase breaks the rules. */
export class Incoming {
	readonly #connection: CameraConnection;
	readonly #transactionId: number;
	readonly #phase: DataPhase;
	/** Nothing more is read, because something came that ends the phase early. */
	#over = false;
	#failed: DataPhaseFailed | undefined;

	private constructor(connection: CameraConnection, transactionId: number, total: bigint) {
		this.#connection = connection;
		this.#transactionId = transactionId;
		this.#phase = new DataPhase(total);
	}

	/** Bytes announced by Start Data; `undefined` if the length was unknown. */
	get total(): number | undefined {
		return this.#phase.total;
	}

	/** Bytes received so far. */
	get received(): number {
		return this.#phase.received;
	}

	/** Waits for Start Data. Rejects with `DataPhaseFailed` if something else comes. */
	static async begin(connection: CameraConnection, transactionId: number): Promise<Incoming> {
		const frame = await connection.next();
		if (frame?.type === 'packet' && frame.packet.kind === 'startData') return new Incoming(connection, transactionId, frame.packet.total);
		if (frame?.type === 'packet' && frame.packet.kind === 'cancel' && frame.packet.transactionId === transactionId)
			throw new DataPhaseFailed(RESPONSE.transactionCanceled, 'cancelled before Start Data');
		if (frame !== undefined) connection.unread(frame);
		throw new DataPhaseFailed(RESPONSE.invalidParameter, 'no Start Data');
	}

	/** Yields the pieces as they arrive. Iteration can stop and continue later. Throws `DataPhaseFailed` if the length differs from the announced one. */
	async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
		while (!this.#over && !this.#phase.ended) {
			const frame = await this.#connection.next();
			if (frame === undefined) {
				this.#fail(RESPONSE.incompleteTransfer, 'the connection ended');
				break;
			}
			const role = this.#phase.take(frame);
			if (this.#phase.tooLong) this.#failed ??= new DataPhaseFailed(RESPONSE.incompleteTransfer, 'more data than announced');
			if (frame.type === 'payload') {
				if (this.#failed === undefined) yield frame.bytes;
			} else if (role === 'foreign') this.#interrupted(frame);
		}
		if (this.#phase.tooShort) this.#failed ??= new DataPhaseFailed(RESPONSE.incompleteTransfer, 'less data than announced');
		if (this.#failed !== undefined) throw this.#failed;
	}

	/** Ignores packets that do not belong here, except a Cancel of this transaction and the next request. */
	#interrupted(frame: Frame & { type: 'packet' }): void {
		const { packet } = frame;
		if (packet.kind === 'cancel' && packet.transactionId === this.#transactionId) this.#fail(RESPONSE.transactionCanceled, 'cancelled');
		else if (packet.kind === 'operationRequest') {
			this.#connection.unread(frame);
			this.#fail(RESPONSE.incompleteTransfer, 'the next request came before End Data');
		}
	}

	#fail(response: number, why: string): void {
		this.#failed ??= new DataPhaseFailed(response, why);
		this.#over = true;
	}

	/** Reads everything. Rejects with `DataPhaseFailed`, also if it is longer than `limit` bytes (after reading it to the end). */
	async collect(limit: number): Promise<Uint8Array> {
		const pieces: Uint8Array[] = [];
		for await (const piece of this.pieces()) {
			if (this.received <= limit) pieces.push(piece);
		}
		if (this.received > limit) throw new DataPhaseFailed(RESPONSE.generalError, `longer than ${limit} bytes`);
		return joinBytes(pieces);
	}

	/** Reads and discards the rest. Never rejects with `DataPhaseFailed`. */
	async swallow(): Promise<void> {
		try {
			for await (const _ of this.pieces());
		} catch (error) {
			if (!(error instanceof DataPhaseFailed)) throw error;
		}
	}
}
