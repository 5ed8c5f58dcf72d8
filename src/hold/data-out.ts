/** A data phase from a client: Start Data, any number of Data, End Data, as the strict and the peculiar send it. */

import type { Outgoing } from '#protocol/ptpip/initiator/transact.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import { DataPhase } from '#protocol/ptpip/responder/data-phase.ts';
import type { ClientSocket } from './client-socket.ts';

/** The client broke the rules, stopped or left in the middle; it is to be cut off. */
export class ClientBroke extends Error {
	override readonly name = 'ClientBroke';
}

/** The client sent Cancel. */
export class ClientCancelled extends Error {
	override readonly name = 'ClientCancelled';
}

/** How long the client may send nothing, asked anew all the time; aborted: nobody waits for its data any more. */
export interface ReadTimeout {
	limitMs(): number;
	signal?: AbortSignal | undefined;
}

/** An ObjectInfo has 32 bits for a size. More is a lie, and what a client leaves of it may have to be made up for with zeros. */
const MOST_BYTES = 2n ** 32n;
/** How often patience is looked at, in milliseconds. */
const LOOK_MS = 250;

/** The next frame; Probe Requests are answered on the way. Throws `ClientBroke` when none comes in time. */
async function frame(client: ClientSocket, patience: ReadTimeout) {
	for (let quiet = 0; ; ) {
		const next = await client.next(LOOK_MS, patience.signal);
		patience.signal?.throwIfAborted();
		if (next === undefined) throw new ClientBroke(client.why);
		if (next === 'late') {
			quiet += LOOK_MS;
			if (quiet >= patience.limitMs()) throw new ClientBroke(`it sent no more data for ${quiet / 1000} s`);
		} else if (next.type === 'packet' && next.packet.kind === 'probeRequest') client.out.send({ kind: 'probeResponse' });
		else return next;
	}
}

/** Waits for Start Data. Throws `ClientBroke` and `ClientCancelled`. */
export async function dataOut(client: ClientSocket, patience: ReadTimeout): Promise<Outgoing> {
	for (;;) {
		const next = await frame(client, patience);
		if (next.type === 'payload') continue; // cannot be: payload is read with its packet
		const { packet, payloadBytes } = next;
		if (packet.kind === 'startData') return announced(client, packet.total, patience);
		if (packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		// What a strict client sends after Start Data with 0 bytes.
		if (packet.kind === 'endData' && payloadBytes === 0) continue;
		throw new ClientBroke(`it sent ${packet.kind} instead of the data that the operation takes`);
	}
}

/** The data phase whose Start Data has been read. Of no bytes nothing need follow: libgphoto2 sends Start Data alone. */
export function announced(client: ClientSocket, total: bigint, patience: ReadTimeout): Outgoing {
	if (total === 0n) return { total: 0, pieces: [] };
	if (total > MOST_BYTES && total !== UNKNOWN_TOTAL) throw new ClientBroke(`it announced ${total} bytes`);
	const phase = new DataPhase(total);
	return { total: phase.total, pieces: pieces(client, phase, patience) };
}

/** The pieces up to End Data. */
async function* pieces(client: ClientSocket, phase: DataPhase, patience: ReadTimeout): AsyncGenerator<Uint8Array, void, undefined> {
	while (!phase.ended) {
		const next = await frame(client, patience);
		const role = phase.take(next);
		if (phase.tooLong) throw new ClientBroke(`it sent more than the ${phase.total} bytes that it announced`);
		if (next.type === 'payload') yield next.bytes;
		else if (next.packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		else if (role === 'foreign') throw new ClientBroke(`it sent ${next.packet.kind} in the middle of its data`);
	}
	if (phase.tooShort) throw new ClientBroke(`it sent ${phase.received} of the ${phase.total} bytes that it announced`);
}

/** All of a short data phase, so that the camera hears of it only when it is complete; a long one as it is. */
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
