/** A data phase from the initiator, read piece by piece. */

import { joinBytes } from '#base/bytes.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Frame } from '#protocol/ptpip/framing.ts';
import { DataPhase } from '#protocol/ptpip/responder/data-phase.ts';
import type { CameraConnection } from '../ptpip/connection.ts';

/** Thrown when a data phase cannot be used; `response` is the answer to it. */
export class DataPhaseFailed extends Error {
	override readonly name = 'DataPhaseFailed';
	readonly response: number;
	constructor(response: number, why: string) {
		super(why);
		this.response = response;
	}
}

/** The data phase of one operation, with what a camera makes of one that breaks the rules. */
export class Incoming {
	readonly #connection: CameraConnection;
	readonly #transactionId: number;
	readonly #phase: DataPhase;
	/** Nothing more is read: End Data was, or something else came in its place. */
	#over = false;
	#failed: DataPhaseFailed | undefined;

	private constructor(connection: CameraConnection, transactionId: number, total: bigint) {
		this.#connection = connection;
		this.#transactionId = transactionId;
		this.#phase = new DataPhase(total);
	}

	/** What Start Data announced, in bytes; nothing when it was not known. */
	get total(): number | undefined {
		return this.#phase.total;
	}

	/** Bytes so far. */
	get received(): number {
		return this.#phase.received;
	}

	/** Waits for Start Data. Throws `DataPhaseFailed` when something else comes. */
	static async begin(connection: CameraConnection, transactionId: number): Promise<Incoming> {
		const frame = await connection.next();
		if (frame?.type === 'packet' && frame.packet.kind === 'startData') return new Incoming(connection, transactionId, frame.packet.total);
		if (frame?.type === 'packet' && frame.packet.kind === 'cancel' && frame.packet.transactionId === transactionId)
			throw new DataPhaseFailed(RESPONSE.transactionCanceled, 'cancelled before Start Data');
		if (frame !== undefined) connection.unread(frame);
		throw new DataPhaseFailed(RESPONSE.invalidParameter, 'no Start Data');
	}

	/** The pieces as they come; who leaves early can go on later. Throws `DataPhaseFailed` when they do not add up to what was announced. */
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

	/** What does not belong here is passed over, except a Cancel of this transaction and the next request. */
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
