/** Sends data phases to the initiator, split into packets as Canon does: Data packets, and the last piece in End Data (airnef). */
import type { CameraConnection } from '../ptpip/connection.ts';
import type { Stream } from './operation.ts';

/** Bytes of payload in one Data packet, and in one read from the card. */
export const PIECE_BYTES = 512 * 1024;

/** The number of bytes sent; `cancelled`: the initiator cancelled; `broken`: the source or the connection ended early. */
export type Sent = number | 'cancelled' | 'broken';

/** Sends a data phase from Start Data to End Data. `isCancelled` says whether the initiator has sent Cancel. */
export async function sendData(
	connection: CameraConnection,
	transactionId: number,
	data: Uint8Array | Stream,
	isCancelled: () => boolean,
): Promise<Sent> {
	const size = data instanceof Uint8Array ? data.length : data.size;
	void connection.out.send({ kind: 'startData', transactionId, total: BigInt(size) });
	try {
		return data instanceof Uint8Array
			? await sendBytes(connection, transactionId, data, isCancelled)
			: await sendStream(connection, transactionId, data, isCancelled);
	} finally {
		if (!(data instanceof Uint8Array)) await data.close();
	}
}

async function sendBytes(
	connection: CameraConnection,
	transactionId: number,
	bytes: Uint8Array,
	isCancelled: () => boolean,
): Promise<Sent> {
	let at = 0;
	for (; bytes.length - at > PIECE_BYTES; at += PIECE_BYTES) {
		if (isCancelled()) return endEarly(connection, transactionId, 'cancelled');
		await connection.out.sendPayload('data', transactionId, bytes.subarray(at, at + PIECE_BYTES));
		if (connection.gone) return 'broken';
	}
	await connection.out.sendPayload('endData', transactionId, bytes.subarray(at));
	return bytes.length;
}

/** Reads one piece while the previous one is being sent. Uses two buffers, whatever the size of the object. */
async function sendStream(connection: CameraConnection, transactionId: number, stream: Stream, isCancelled: () => boolean): Promise<Sent> {
	const room = Math.min(stream.size, PIECE_BYTES);
	const buffers = [new Uint8Array(room), new Uint8Array(room)] as const;
	const onTheWay: [Promise<void>, Promise<void>] = [Promise.resolve(), Promise.resolve()];
	let at = 0;
	for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
		await onTheWay[turn];
		if (connection.gone) return 'broken';
		if (isCancelled()) return endEarly(connection, transactionId, 'cancelled');
		const wanted = Math.min(PIECE_BYTES, stream.size - at);
		const piece = buffers[turn].subarray(0, wanted);
		if (!(await fill(stream, piece, at))) return endEarly(connection, transactionId, 'broken');
		at += wanted;
		const last = at === stream.size;
		onTheWay[turn] = connection.out.sendPayload(last ? 'endData' : 'data', transactionId, piece);
		if (last) return at;
	}
}

async function fill(stream: Stream, piece: Uint8Array, at: number): Promise<boolean> {
	let have = 0;
	while (have < piece.length) {
		// A file that shrank ends early, and a file on a failing card cannot be read.
		const read = await stream.read(piece.subarray(have), at + have).catch(() => 0);
		if (read === 0) return false;
		have += read;
	}
	return true;
}

async function endEarly<W extends 'cancelled' | 'broken'>(connection: CameraConnection, transactionId: number, why: W): Promise<W> {
	await connection.out.sendPayload('endData', transactionId, new Uint8Array(0));
	return why;
}
