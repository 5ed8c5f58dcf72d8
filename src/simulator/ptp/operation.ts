/** What an operation of the camera is: a function from a request (and data that came with it) to an answer. */
import type { Incoming } from './incoming.ts';

export interface IncomingRequest {
	code: number;
	transactionId: number;
	params: readonly number[];
	/** The n-th parameter, 1-based as in the standard; 0 when it was not sent. */
	param(n: number): number;
}

/** Data for the initiator that is read while it is sent, so that no object is ever whole in memory. */
export interface Stream {
	/** Bytes in all. */
	size: number;
	/** Fills `into` from byte `at` on; the number of bytes read, 0 when the source ends too early. */
	read(into: Uint8Array, at: number): Promise<number>;
	close(): Promise<void>;
}

export interface OperationResult {
	/** One of `RESPONSE`. */
	response: number;
	params?: readonly number[];
	/** Data phase to the initiator; only with `ok` (and CHDK's refusals, which carry a dummy byte). */
	data?: Uint8Array | Stream;
	/** Done after the response has been handed to the network. */
	after?: () => void;
}

/** An operation. `D` is what it works on. */
export interface Operation<D> {
	/** May be sent before OpenSession. */
	withoutSession?: boolean;
	/** Whether data follows the request. The request's data phase field says nothing: chdkptp always sends 0. */
	dataOut?: (request: IncomingRequest) => boolean;
	run(request: IncomingRequest, on: D, data: Incoming | undefined): OperationResult | Promise<OperationResult>;
}

/** The camera's operations by code. */
export type OperationTable<D> = ReadonlyMap<number, Operation<D>>;
