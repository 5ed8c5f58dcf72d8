/**
 * One PTP transaction seen by the initiator: which packets may follow the request, in which order, and how much data.
 * A pure reducer over the frames of the command connection; payload bytes never pass through it.
 */
import type { Packet, PacketOf } from './packet.ts';
import { UNKNOWN_TOTAL } from './packet.ts';

/** How many packets of older transactions are skipped before the connection counts as broken. */
export const STALE_LIMIT = 1000;

/** Where a transaction stands. */
export interface TransactionState {
	id: number;
	/**
	 * `asked`: the request was sent. `dataIn`: Start Data came. `foreign`: data of an older transaction is arriving.
	 * `dataOver`: all data came, the response is due. `done`, `broken`: the transaction is over.
	 */
	at: 'asked' | 'dataIn' | 'foreign' | 'dataOver' | 'done' | 'broken';
	/** Announced bytes; `undefined` if the camera does not know the number beforehand, or if there is no data. */
	total: number | undefined;
	/** Bytes received so far. */
	received: number;
	/** Packets of older transactions so far. */
	stale: number;
}

export type TransactionInput =
	/** A packet of the command connection. After Data and End Data, `payloadBytes` bytes of payload follow. */
	{ packet: Packet; payloadBytes: number };

export type TransactionEffect =
	/** Data begins. `total` is in bytes; `undefined` if it is unknown. */
	| { do: 'begin'; total: number | undefined }
	/** The payload of this packet belongs to the transaction; any other payload is discarded. */
	| { do: 'take' }
	| { do: 'complete'; response: PacketOf<'operationResponse'> }
	| { do: 'answerProbe' }
	| { do: 'event'; event: PacketOf<'event'> }
	/** The peer broke the protocol: the connection is over. */
	| { do: 'break'; why: string };

/** Returns the state right after an Operation Request with this id. */
export function asked(id: number): TransactionState {
	return { id, at: 'asked', total: undefined, received: 0, stale: 0 };
}

/** Returns the next transaction id. 0 belongs to OpenSession; 0 and 0xFFFFFFFF are never used inside a session (ISO 15740). */
export function nextTransactionId(id: number): number {
	return id >= 0xffff_fffe ? 1 : id + 1;
}

/** Whether `id` comes before `current` in a sequence that wraps around. */
function isOlder(id: number, current: number): boolean {
	const behind = (current - id) >>> 0;
	return behind !== 0 && behind < 0x8000_0000;
}

const broken = (state: TransactionState, why: string): [TransactionState, TransactionEffect] => [
	{ ...state, at: 'broken' },
	{ do: 'break', why },
];

/** Returns the next state, and what to do about a packet, if anything. */
export function transaction(state: TransactionState, { packet, payloadBytes }: TransactionInput): [TransactionState, TransactionEffect?] {
	switch (packet.kind) {
		case 'probeRequest':
			return [state, { do: 'answerProbe' }];
		case 'probeResponse':
			return [state];
		case 'event':
			return [state, { do: 'event', event: packet }];
		case 'startData':
			return dataBegins(state, packet);
		case 'data':
		case 'endData':
			return dataComes(state, packet.kind === 'endData', payloadBytes);
		case 'operationResponse':
			return responseComes(state, packet);
		case 'cancel':
			// The responder aborts its data phase. The response that says so follows.
			return state.at === 'dataIn' || state.at === 'foreign' ? [{ ...state, at: state.at === 'foreign' ? 'asked' : 'dataOver' }] : [state];
		default:
			return broken(state, `${packet.kind} in the middle of a session`);
	}
}

function dataBegins(state: TransactionState, packet: PacketOf<'startData'>): [TransactionState, TransactionEffect?] {
	if (packet.transactionId !== state.id) {
		if (isOlder(packet.transactionId, state.id)) return stale(state, 'foreign');
		return broken(state, `data of transaction ${packet.transactionId}, which was not asked for`);
	}
	if (state.at === 'dataIn' || state.at === 'dataOver') return broken(state, 'a second Start Data');
	if (packet.total === UNKNOWN_TOTAL)
		return [
			{ ...state, at: 'dataIn' },
			{ do: 'begin', total: undefined },
		];
	if (packet.total > Number.MAX_SAFE_INTEGER) return broken(state, `${packet.total} bytes announced`);
	const total = Number(packet.total);
	return [
		{ ...state, at: 'dataIn', total },
		{ do: 'begin', total },
	];
}

// A Data packet belongs to the transaction of the Start Data before it. Its own id field is not reliable (chdkptp sends 0
// there), and TCP keeps the order.
function dataComes(state: TransactionState, last: boolean, payloadBytes: number): [TransactionState, TransactionEffect?] {
	if (state.at === 'foreign') return stale(state, last ? 'asked' : 'foreign');
	// libgphoto2 skips End Data packets between the data and the response. So do we, if they are empty.
	if (state.at !== 'dataIn') return payloadBytes === 0 ? stale(state, state.at) : broken(state, 'data without Start Data');
	const received = state.received + payloadBytes;
	if (state.total !== undefined && received > state.total) return broken(state, `more than the ${state.total} bytes announced`);
	return [{ ...state, received, at: last ? 'dataOver' : 'dataIn' }, { do: 'take' }];
}

function responseComes(state: TransactionState, packet: PacketOf<'operationResponse'>): [TransactionState, TransactionEffect?] {
	if (packet.transactionId !== state.id) {
		if (isOlder(packet.transactionId, state.id)) return stale(state, state.at === 'foreign' ? 'asked' : state.at);
		return broken(state, `an answer to transaction ${packet.transactionId}, which was not asked for`);
	}
	return [
		{ ...state, at: 'done' },
		{ do: 'complete', response: packet },
	];
}

function stale(state: TransactionState, at: TransactionState['at']): [TransactionState, TransactionEffect?] {
	if (state.stale >= STALE_LIMIT) return broken(state, 'no end of answers to older transactions');
	return [{ ...state, at, stale: state.stale + 1 }];
}
