/** The type of the camera's operations: functions from a request and its data to a result. */
import type { Incoming } from './incoming.ts';

/** A request from the initiator. */
export interface IncomingRequest {
	code: number;
	transactionId: number;
	params: readonly number[];
	/** Returns the n-th parameter, 1-based as in the standard; 0 if it was not sent. */
	param(n: number): number;
}

/** Data for the initiator that is read while it is sent, so that no object is ever held in memory as a whole. */
export interface Stream {
	/** Total number of bytes. */
	size: number;
	/** Fills `into`, starting at byte `at` of the source. Resolves to the number of bytes read; 0 if the source ends too early. */
	read(into: Uint8Array, at: number): Promise<number>;
	close(): Promise<void>;
}

/** The camera's answer. */
export interface OperationResult {
	/** One of `RESPONSE`. */
	response: number;
	params?: readonly number[] | undefined;
	/** Data phase to the initiator; only with `ok`, and with CHDK's refusals, which carry a dummy byte. */
	data?: Uint8Array | Stream | undefined;
	/** Called after the response was handed to the network. */
	after?: (() => void) | undefined;
}

/** An operation. `D` is the state that it works on. */
export interface Operation<D> {
	/** It may be sent before OpenSession. */
	withoutSession?: boolean | undefined;
	/** Whether data follows the request. The request's data phase field is no use, because chdkptp always sends 0. */
	dataOut?: ((request: IncomingRequest) => boolean) | undefined;
	run(request: IncomingRequest, on: D, data: Incoming | undefined): OperationResult | Promise<OperationResult>;
}

/** The camera's operations by code. */
export type OperationTable<D> = ReadonlyMap<number, Operation<D>>;
