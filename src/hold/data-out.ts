/** A data phase from a client: Start Data, any number of Data, End Data, as the strict and the peculiar send it. */

import type { Outgoing } from '#protocol/ptpip/initiator/transact.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import type { Line } from './line.ts';

/** The client broke the rules, stopped or left in the middle; it is to be cut off. */
export class ClientBroke extends Error {
	override readonly name = 'ClientBroke';
}

/** The client sent Cancel. */
export class ClientCancelled extends Error {
	override readonly name = 'ClientCancelled';
}

/** How long the client may send nothing, asked anew all the time; aborted: nobody waits for its data any more. */
export interface Patience {
	limitMs(): number;
	signal?: AbortSignal | undefined;
}

/** An ObjectInfo has 32 bits for a size. More is a lie, and what a client leaves of it may have to be made up for with zeros. */
const MOST_BYTES = 2n ** 32n;
/** How often patience is looked at, in milliseconds. */
const LOOK_MS = 250;

/** The next frame; Probe Requests are answered on the way. Throws `ClientBroke` when none comes in time. */
async function frame(line: Line, patience: Patience) {
	for (let quiet = 0; ; ) {
		const next = await line.next(LOOK_MS, patience.signal);
		patience.signal?.throwIfAborted();
		if (next === undefined) throw new ClientBroke(line.why);
		if (next === 'late') {
			quiet += LOOK_MS;
			if (quiet >= patience.limitMs()) throw new ClientBroke(`it sent no more data for ${quiet / 1000} s`);
		} else if (next.type === 'packet' && next.packet.kind === 'probeRequest') line.send({ kind: 'probeResponse' });
		else return next;
	}
}

/** Waits for Start Data. Throws `ClientBroke` and `ClientCancelled`. */
export async function dataOut(line: Line, patience: Patience): Promise<Outgoing> {
	for (;;) {
		const next = await frame(line, patience);
		if (next.type === 'payload') continue; // cannot be: payload is read with its packet
		const { packet, payloadBytes } = next;
		if (packet.kind === 'startData') return announced(line, packet.total, patience);
		if (packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		// What a strict client sends after Start Data with 0 bytes.
		if (packet.kind === 'endData' && payloadBytes === 0) continue;
		throw new ClientBroke(`it sent ${packet.kind} instead of the data that the operation takes`);
	}
}

/** The data phase whose Start Data has been read. Of no bytes nothing need follow: libgphoto2 sends Start Data alone. */
export function announced(line: Line, total: bigint, patience: Patience): Outgoing {
	if (total === 0n) return { total: 0, pieces: [] };
	if (total === UNKNOWN_TOTAL) return { total: undefined, pieces: pieces(line, undefined, patience) };
	if (total > MOST_BYTES) throw new ClientBroke(`it announced ${total} bytes`);
	return { total: Number(total), pieces: pieces(line, Number(total), patience) };
}

/** The pieces up to End Data. Transaction ids inside are not looked at: chdkptp sends 0 in its Data packets. */
async function* pieces(line: Line, total: number | undefined, patience: Patience): AsyncGenerator<Uint8Array, void, undefined> {
	let received = 0;
	let last = false;
	for (;;) {
		const next = await frame(line, patience);
		if (next.type === 'payload') {
			received += next.bytes.length;
			if (total !== undefined && received > total) throw new ClientBroke(`it sent more than the ${total} bytes that it announced`);
			yield next.bytes;
			if (last && next.left === 0) break;
			continue;
		}
		const { packet, payloadBytes } = next;
		if (packet.kind === 'cancel') throw new ClientCancelled('cancelled');
		if (packet.kind !== 'data' && packet.kind !== 'endData') throw new ClientBroke(`it sent ${packet.kind} in the middle of its data`);
		last = packet.kind === 'endData';
		if (last && payloadBytes === 0) break;
	}
	if (total !== undefined && received < total) throw new ClientBroke(`it sent ${received} of the ${total} bytes that it announced`);
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
