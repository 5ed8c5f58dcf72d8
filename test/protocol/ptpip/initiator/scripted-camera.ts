/** A camera that follows a script, packet by packet: for what no software camera with manners would do. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Framing } from '#protocol/ptpip/framing.ts';
import { encodePacket, type Packet, type PacketKind, type PacketOf } from '#protocol/ptpip/packet.ts';

export interface Line {
	/** The next packet, with its payload if it has one; rejects when the line is closed first. */
	packet(): Promise<Packet & { payload: Uint8Array }>;
	/** The next packet, which must be of this kind. */
	expect<K extends PacketKind>(kind: K): Promise<PacketOf<K> & { payload: Uint8Array }>;
	send(packet: Packet, payload?: Uint8Array): void;
	/** Bytes as they are. */
	raw(bytes: Uint8Array): void;
	/** Sends and waits until it has left. */
	flush(bytes: Uint8Array): Promise<void>;
	/** Stops reading, as a camera that hangs. */
	stop(): void;
	end(): void;
	reset(): void;
	/** Resolves when the other side closed. */
	closed: Promise<void>;
}

export interface ScriptedCamera {
	port: number;
	/** Resolves when the script ran to its end; rejects with what failed in it. */
	finished: Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

export type Script = (camera: { nextLine(): Promise<Line>; close(): void }) => Promise<void>;

/** @param options `allowHalfOpen`: the camera does not close when the other side does */
export async function scriptedCamera(script: Script, { allowHalfOpen = false } = {}): Promise<ScriptedCamera> {
	const waiting: Socket[] = [];
	const wanting: ((socket: Socket) => void)[] = [];
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true, allowHalfOpen }, (socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		const want = wanting.shift();
		if (want === undefined) waiting.push(socket);
		else want(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const nextLine = async (): Promise<Line> => {
		const socket = waiting.shift() ?? (await new Promise<Socket>((resolve) => wanting.push(resolve)));
		return lineOn(socket);
	};
	const finished = script({ nextLine, close: () => void server.close() });
	finished.catch(() => {});
	const { port } = server.address() as { port: number };
	return {
		port,
		finished,
		async [Symbol.asyncDispose]() {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
}

function lineOn(socket: Socket): Line {
	const framing = new Framing();
	const packets: (Packet & { payload: Uint8Array })[] = [];
	let wake = () => {};
	let begun: { packet: Packet; payload: Uint8Array[] } | undefined;
	let over = false;
	socket.on('data', (chunk: Uint8Array) => {
		for (const frame of framing.push(chunk)) {
			if (frame.type === 'packet' && frame.payloadBytes > 0) begun = { packet: frame.packet, payload: [] };
			else if (frame.type === 'packet') packets.push({ ...frame.packet, payload: new Uint8Array(0) });
			else {
				begun?.payload.push(frame.bytes.slice());
				if (frame.left === 0 && begun !== undefined)
					packets.push({ ...begun.packet, payload: Uint8Array.from(Buffer.concat(begun.payload)) });
			}
		}
		wake();
	});
	const closed = new Promise<void>((resolve) =>
		socket.on('close', () => {
			over = true;
			wake();
			resolve();
		}),
	);
	const packet = async () => {
		for (;;) {
			const next = packets.shift();
			if (next !== undefined) return next;
			if (over) throw new Error('the line was closed before the next packet');
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
	};
	return {
		packet,
		async expect(kind) {
			const next = await packet();
			if (next.kind !== kind) throw new Error(`${next.kind} instead of ${kind}`);
			return next as never;
		},
		send: (sent, payload = new Uint8Array(0)) =>
			void socket.write(Uint8Array.from(Buffer.concat([encodePacket(sent, payload.length), payload]))),
		raw: (bytes) => void socket.write(bytes),
		flush: (bytes) => new Promise((resolve) => void socket.write(bytes, () => resolve())),
		stop: () => void socket.pause(),
		end: () => void socket.end(),
		reset: () => void socket.resetAndDestroy(),
		closed,
	};
}

/** The handshake as every camera does it: both lines, ready for transactions. */
export async function shakeHands(camera: { nextLine(): Promise<Line> }): Promise<{ command: Line; event: Line }> {
	const command = await camera.nextLine();
	await command.expect('initCommandRequest');
	command.send({ kind: 'initCommandAck', connectionNumber: 1, guid: new Uint8Array(16), friendlyName: 'CAM', version: 0x10000 });
	const event = await camera.nextLine();
	await event.expect('initEventRequest');
	event.send({ kind: 'initEventAck' });
	return { command, event };
}

/** Answers OpenSession or any operation without data. */
export async function answer(command: Line, code = 0x2001, params: readonly number[] = []): Promise<PacketOf<'operationRequest'>> {
	const request = await command.expect('operationRequest');
	command.send({ kind: 'operationResponse', code, transactionId: request.transactionId, params });
	return request;
}
