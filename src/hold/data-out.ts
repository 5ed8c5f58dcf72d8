/** A data phase from a client: Start Data, any number of Data, End Data. Strict and unusual clients are both understood. */

import type { Outgoing } from '#protocol/ptpip/initiator/transact.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import { DataPhase } from '#protocol/ptpip/responder/data-phase.ts';
import type { ClientSocket } from './client-socket.ts';

/** The client broke the rules, stalled or left in the middle; it must be cut off. */
export class ClientBroke extends Error {
	override readonly name = 'ClientBroke';
}

/** The client sent Cancel. */
export class ClientCancelled extends Error {
	override readonly name = 'ClientCancelled';
}

/** How long the client may send nothing. The limit is read again and again; the signal is aborted when its data is no longer needed. */
export interface ReadTimeout {
	limitMs(): number;
	signal?: AbortSignal | undefined;
}

/**
 * ObjectInfo.size is 32 bits, so a larger Start Data is bogus. If the client stops early, the rest may have to be padded with
 * zeros.
 */
const MOST_BYTES = 2n ** 32n;
/** How often the time limit is checked, in milliseconds. */
const CHECK_MS = 250;

/** Reads the next frame; Probe Requests are answered on the way. Throws `ClientBroke` when none comes in time. */
async function nextFrame(client: ClientSocket, timeout: ReadTimeout) {
	for (let quiet = 0; ; ) {
		const next = await client.next(CHECK_MS, timeout.signal);
		timeout.signal?.throwIfAborted();
		if (next === undefined) throw new ClientBroke(client.why);
		if (next === 'late') {
			quiet += CHECK_MS;
			if (quiet >= timeout.limitMs()) throw new ClientBroke(`it sent no more data for ${quiet / 1000} s`);
		} else if (next.type === 'packet' && next.packet.kind === 'probeRequest') client.out.send({ kind: 'probeResponse' });
		else return next;
	}
}

/** Waits for Start Data. Throws `ClientBroke` and `ClientCancelled`. */
export async function dataOut(client: ClientSocket, timeout: ReadTimeout): Promise<Outgoing> {
	for (;;) {
		const next = await nextFrame(client, timeout);
		if (next.type === 'payload') continue; // cannot happen: payload is read with its packet
		const { packet, payloadBytes } = next;
		if (packet.kind === 'startData') return announced(client, packet.total, timeout);
		if (packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		// A strict client sends this after Start Data with 0 bytes.
		if (packet.kind === 'endData' && payloadBytes === 0) continue;
		throw new ClientBroke(`it sent ${packet.kind} instead of the data that the operation takes`);
	}
}

/** The data phase whose Start Data has been read. With a total of 0 nothing need follow: libgphoto2 sends Start Data alone. */
export function announced(client: ClientSocket, total: bigint, timeout: ReadTimeout): Outgoing {
	if (total === 0n) return { total: 0, pieces: [] };
	if (total > MOST_BYTES && total !== UNKNOWN_TOTAL) throw new ClientBroke(`it announced ${total} bytes`);
	const phase = new DataPhase(total);
	return { total: phase.total, pieces: pieces(client, phase, timeout) };
}

/** Yields the pieces up to End Data. */
async function* pieces(client: ClientSocket, phase: DataPhase, timeout: ReadTimeout): AsyncGenerator<Uint8Array, void, undefined> {
	while (!phase.ended) {
		const next = await nextFrame(client, timeout);
		const role = phase.take(next);
		if (phase.tooLong) throw new ClientBroke(`it sent more than the ${phase.total} bytes that it announced`);
		if (next.type === 'payload') yield next.bytes;
		else if (next.packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		else if (role === 'foreign') throw new ClientBroke(`it sent ${next.packet.kind} in the middle of its data`);
	}
	if (phase.tooShort) throw new ClientBroke(`it sent ${phase.received} of the ${phase.total} bytes that it announced`);
}

/** Collects a short data phase, so that the camera gets it only when it is complete. A long one is returned as it is. */
export async function wholeIfShort({ total, pieces: source }: Outgoing, atMost: number): Promise<Outgoing> {
	if (total === undefined || total > atMost || total === 0) return { total, pieces: source };
	const whole = new Uint8Array(total);
	let at = 0;
	for await (const piece of source) {
		whole.set(piece, at);
		at += piece.length;
	}
	return { total, pieces: [whole] };
}
