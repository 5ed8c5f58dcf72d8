/** What is asked of a connection and what comes back: one transaction in words. */

/** Thrown by every transaction once the connection is over. `message` is a sentence part for people. */
export class ConnectionLost extends Error {
	override readonly name = 'ConnectionLost';
	/** `silent`: no answer and none of its data for too long. `closed`: TCP ended. `broken`: what came was no PTP-IP. */
	readonly kind: 'silent' | 'closed' | 'broken';
	constructor(kind: 'silent' | 'closed' | 'broken', why: string) {
		super(why);
		this.kind = kind;
	}
}

/** Data for the camera. `total` in bytes, `undefined` when not known beforehand. */
export interface Outgoing {
	total: number | undefined;
	pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Where the data of an operation goes. */
export interface Sink {
	/** Called before the first piece: how many bytes will come, `undefined` when the camera does not know. */
	begin?(total: number | undefined): void;
	/**
	 * A piece, valid until this returns or its promise settles; promises settle in order. While many are open the
	 * camera is not read. Throwing or rejecting cancels the transaction.
	 */
	piece(bytes: Uint8Array): Promise<void> | void;
	/** The answer need not wait for the last promises: whoever made the sink does, and hears of their errors. */
	readonly detached?: boolean;
}

export interface OperationRequest {
	code: number;
	/** At most five. */
	params?: readonly number[];
	send?: Outgoing | undefined;
	/** For an operation of which nobody knows whether data goes out: settles with it when it does, before the answer came. */
	lateData?: Promise<Outgoing> | undefined;
	/** Takes data from the camera; without it data is thrown away. */
	receive?: Sink | undefined;
}

/** The camera's answer, whatever its code. `total` is absent when no data was announced. */
export interface OperationResponse {
	code: number;
	params: readonly number[];
	total: number | undefined;
	received: number;
}

export interface TransactOptions {
	signal?: AbortSignal | undefined;
	/** Instead of the connection's own limit, in milliseconds. */
	silenceMs?: number | undefined;
	/**
	 * An aborted transaction must not cost the session: it may take as long as its data comes, Cancel is sent only for data that
	 * was announced and is long, and data for the camera is filled up with zeros if it does not listen to Cancel.
	 */
	keepSession?: boolean | undefined;
	/** Told the transaction's id when the request goes out. */
	began?: ((transactionId: number) => void) | undefined;
}
