/** The types of one transaction: request, data, response and errors. */

/** Thrown by every transaction once the connection is over. `message` is part of a sentence for people. */
export class ConnectionLost extends Error {
	override readonly name = 'ConnectionLost';
	/** `silent`: neither response nor data for too long. `closed`: TCP ended. `broken`: the peer did not speak PTP-IP. */
	readonly kind: 'silent' | 'closed' | 'broken';
	constructor(kind: 'silent' | 'closed' | 'broken', why: string) {
		super(why);
		this.kind = kind;
	}
}

/** Data for the camera. `total` is in bytes; `undefined` if it is not known beforehand. */
export interface Outgoing {
	total: number | undefined;
	pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Receives the data of an operation. */
export interface Sink {
	/** Called before the first piece. `total` is in bytes; `undefined` if the camera does not know it. */
	begin?(total: number | undefined): void;
	/**
	 * Takes a piece. Its bytes are valid until this returns or its promise settles; promises must settle in order. While
	 * many promises are pending the camera is not read. Throwing or rejecting cancels the transaction.
	 */
	piece(bytes: Uint8Array): Promise<void> | void;
	/** The response does not wait for the last promises. The sink's owner awaits them and handles their errors. */
	readonly detached?: boolean;
}

/** An operation to run. */
export interface OperationRequest {
	code: number;
	/** At most five. */
	params?: readonly number[] | undefined;
	send?: Outgoing | undefined;
	/** For an unknown operation, which may or may not send data: resolves if data turns up before the response. */
	lateData?: Promise<Outgoing> | undefined;
	/** Takes data from the camera. Without it data is discarded. */
	receive?: Sink | undefined;
}

/** The camera's response, whatever its code. `total` is the announced number of bytes; `undefined` if none was announced. */
export interface OperationResponse {
	code: number;
	params: readonly number[];
	total: number | undefined;
	received: number;
}

export interface TransactOptions {
	signal?: AbortSignal | undefined;
	/** Replaces the connection's own time limit, in milliseconds. */
	silenceMs?: number | undefined;
	/**
	 * Aborting must not cost the session. The transaction may then take as long as data keeps coming, Cancel is sent only
	 * for long data that was announced, and data for the camera is padded with zeros if the camera ignores Cancel.
	 */
	keepSession?: boolean | undefined;
	/** Called with the transaction's id when the request is sent. */
	began?: ((transactionId: number) => void) | undefined;
}
