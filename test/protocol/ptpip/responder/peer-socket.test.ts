import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type Frame, Framing } from '#protocol/ptpip/framing.ts';
import { encodePacket } from '#protocol/ptpip/packet.ts';
import { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';
import { PeerSocket } from '#protocol/ptpip/responder/peer-socket.ts';

const LIMITS = { unreadBytes: 64 * 1024, unreadFrames: 256, lingerMs: 1000 };

type Peer = PeerSocket<GatheringWriter>;

/** The responder's end of a connection, and the initiator at the other end. */
async function connected(work: (peer: Peer, client: Socket) => Promise<void>): Promise<void> {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const { port } = server.address() as { port: number };
	const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
	client.on('error', () => {});
	const [socket] = (await accepted) as [Socket];
	const peer = new PeerSocket(socket, new GatheringWriter(socket), LIMITS);
	try {
		await work(peer, client);
	} finally {
		peer.destroy('the test is over');
		client.destroy();
		server.close();
	}
}

test('small and large pieces arrive in the order in which they were sent, whatever is put together', () =>
	connected(async (peer, client) => {
		const sizes = [1, 20_000, 0, 300, 16 * 1024, 100_000, 5];
		const sent = async () => {
			peer.out.send({ kind: 'startData', transactionId: 7, total: 1n });
			for (const [n, size] of sizes.entries()) await peer.out.sendData('data', n, new Uint8Array(size).fill(n + 1));
			peer.out.send({ kind: 'operationResponse', code: 0x2001, transactionId: 7, params: [] });
			peer.end('done');
		};
		const framing = new Framing();
		const got: Frame[] = [];
		const reading = (async () => {
			for await (const bytes of client) got.push(...framing.push(bytes as Uint8Array));
		})();
		await sent();
		await reading;
		const packets = got.filter((frame) => frame.type === 'packet').map(({ packet }) => packet);
		expect(packets.map(({ kind }) => kind)).toEqual(['startData', ...sizes.map(() => 'data'), 'operationResponse']);
		const payload = Buffer.concat(got.flatMap((frame) => (frame.type === 'payload' ? [frame.bytes] : [])));
		const expected = Buffer.concat(sizes.map((size, n) => new Uint8Array(size).fill(n + 1)));
		expect(payload.equals(expected)).toBe(true);
	}));

test('a piece is copied: its bytes may be used again at once', () =>
	connected(async (peer, client) => {
		const piece = Uint8Array.of(1, 2, 3, 4);
		expect(peer.out.sendData('endData', 1, piece)).toBeUndefined();
		piece.fill(9);
		const [bytes] = (await once(client, 'data')) as [Buffer];
		expect([...bytes.subarray(12)]).toEqual([1, 2, 3, 4]);
	}));

test('an answer leaves in one write, although its packets come from the camera one by one', () =>
	connected(async (peer, client) => {
		const writes: number[] = [];
		client.on('data', (bytes) => writes.push(bytes.length));
		peer.out.sendLater({ kind: 'startData', transactionId: 1, total: 4n });
		await setImmediate();
		peer.out.sendData('endData', 1, new Uint8Array(4));
		await setImmediate();
		peer.out.sendLater({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		peer.out.flush();
		peer.end('done');
		await once(client, 'end');
		client.end();
		expect(writes).toEqual([20 + 16 + 14]);
	}));

test('many small pieces for a client that does not read wait like one large piece', () =>
	connected(async (peer, client) => {
		client.pause();
		let sent = 0;
		while (peer.out.sendData('data', 1, new Uint8Array(1000)) === undefined) sent++;
		// At the least what waits here is limited; the system's own buffers are on top of it.
		expect(sent).toBeLessThan(10_000);
		expect(peer.out.unsent).toBeLessThan(1024 * 1024);
	}));

test('a client that takes little by little is not stalled; one that takes nothing is', () =>
	connected(async (peer, client) => {
		let stalled = 0;
		const stop = peer.out.watchWriting(
			() => 500,
			() => stalled++,
		);
		client.pause();
		const taken = peer.out.sendData('data', 1, new Uint8Array(64 * 1024 * 1024));
		for (let n = 0; n < 30; n++) {
			for (let bytes = 0; bytes < 1024 * 1024; ) {
				const piece = client.read() as Buffer | null;
				if (piece === null) await once(client, 'readable');
				else bytes += piece.length;
			}
			await sleep(50);
		}
		expect(stalled).toBe(0);
		await vi.waitUntil(() => stalled > 0, 3000);
		stop();
		peer.destroy('it takes nothing');
		await taken;
	}));

test('a client that does not leave after the goodbye is cut off', () =>
	connected(async (peer, client) => {
		const gone = new Promise((resolve) => client.once('close', resolve));
		peer.end('done');
		client.resume();
		await once(client, 'end');
		// It may still talk, until the other side is closed; then that is answered with a reset.
		const talking = setInterval(() => client.write('x'), 50);
		await gone;
		clearInterval(talking);
	}));

test('a client that sends ahead is not read on, however small its packets are', () =>
	connected(async (peer, client) => {
		const probes = Buffer.alloc(24 * 1024 * 1024, encodePacket({ kind: 'probeRequest' }));
		client.write(probes);
		for (let before = -1; before !== client.bytesWritten - client.writableLength; await sleep(250))
			before = client.bytesWritten - client.writableLength;
		const unread = vi.spyOn(Framing.prototype, 'push');
		await sleep(250);
		// It is not read now, and what lies in the system's buffers is read only when these are taken.
		expect(unread).not.toHaveBeenCalled();
		unread.mockRestore();
		expect(client.writableLength).toBeGreaterThan(0);
		for (let n = 0; n < 1000; n++) expect(await peer.next()).toMatchObject({ packet: { kind: 'probeRequest' } });
	}));
