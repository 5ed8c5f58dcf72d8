/**
 * A camera for real clients to talk to, with bytes laid out by hand (CIPA DC-X005, PIMA 15740), not by our codec:
 * just enough for gphoto2 to connect, list and fetch, and to go wrong on request.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (...parts: readonly (ArrayLike<number> | Bytes)[]): Bytes => {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
};
const u16 = (v: number): Bytes => bytes([v & 255, v >> 8]);
const u32 = (v: number): Bytes => bytes([v & 255, (v >>> 8) & 255, (v >>> 16) & 255, v >>> 24]);
const ascii = (s: string): Bytes => bytes(Array.from(s, (c) => c.charCodeAt(0)));
const utf16z = (s: string): Bytes => bytes(...Array.from(`${s}\0`, (c) => u16(c.charCodeAt(0))));
const text = (s: string): Bytes => (s === '' ? bytes([0]) : bytes([s.length + 1], utf16z(s)));
const u16s = (list: readonly number[]): Bytes => bytes(u32(list.length), ...list.map(u16));
const u32s = (list: readonly number[]): Bytes => bytes(u32(list.length), ...list.map(u32));
const packet = (type: number, ...body: Bytes[]): Bytes => {
	const all = bytes(...body);
	return bytes(u32(all.length + 8), u32(type), all);
};

const OK = 0x2001;
const FOLDER = 0x10;
const FILE = 0x20;
const STORAGE = 0x10001;

export interface CameraFaults {
	/** Init Fail with this reason instead of an Ack. */
	initFail?: number;
	/** The Ack comes after so many milliseconds. */
	ackAfterMs?: number;
	/** Hang up when this operation arrives: `fin` in good order, `rst` without; `silent` answers nothing any more. */
	at?: { operation: number; how: 'fin' | 'rst' | 'silent' | 'halfReset' };
	chdk?: boolean;
}

export interface HandmadeCamera extends AsyncDisposable {
	readonly port: number;
	/** Operation codes in the order in which they came. */
	readonly operations: number[];
	/** GUIDs of the Init Command Requests, hex. */
	readonly guids: string[];
	/** Bytes of its one picture, DCIM/100CANON is left out: it lies in /DCIM. */
	readonly picture: Uint8Array;
	faults: CameraFaults;
}

function deviceInfo(chdk: boolean): Bytes {
	return bytes(
		u16(100),
		u32(0x0b),
		u16(100),
		text(''),
		u16(0),
		u16s([0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1007, 0x1008, 0x1009, 0x100a, 0x101b, ...(chdk ? [0x9999] : [])]),
		u16s([0x4002, 0x4003]),
		u16s([]),
		u16s([]),
		u16s([0x3001, 0x3801]),
		text('Canon Inc.'),
		text('Canon PowerShot ELPH 130 IS'),
		text('1-1.00'),
		text('C0FFEE000042'),
	);
}

function objectInfo(handle: number, size: number): Bytes {
	const folder = handle === FOLDER;
	return bytes(
		u32(STORAGE),
		u16(folder ? 0x3001 : 0x3801),
		u16(0),
		u32(folder ? 0 : size),
		u16(0),
		...Array.from({ length: 6 }, () => u32(0)),
		u32(folder ? 0 : FOLDER),
		u16(folder ? 1 : 0),
		u32(0),
		u32(0),
		text(folder ? 'DCIM' : 'IMG_0001.JPG'),
		text('20260101T120000'),
		text('20260101T120000'),
		text(''),
	);
}

const storageInfo = bytes(u16(4), u16(3), u16(0), u32(0), u32(4), u32(0), u32(2), u32(0xffffffff), text(''), text('SD'));

export async function handmadeCamera(faults: CameraFaults = {}, pictureBytes = 100_000): Promise<HandmadeCamera> {
	const sockets = new Set<Socket>();
	const operations: number[] = [];
	const guids: string[] = [];
	const picture = bytes(
		[0xff, 0xd8, 0xff, 0xe0, 0, 0x10],
		ascii("JFIF\0\n\r*** Error (-7: 'I/O problem') ***\n"),
		new Uint8Array(pictureBytes).map((_, i) => (i * 7919) >> 3),
		[0xff, 0xd9],
	);
	const camera = { port: 0, operations, guids, picture, faults } as unknown as { -readonly [K in keyof HandmadeCamera]: HandmadeCamera[K] };

	const respond = (to: Socket, id: number, code: number, data?: Bytes): void => {
		if (data !== undefined) {
			to.write(packet(9, u32(id), u32(data.length), u32(0)));
			to.write(packet(12, u32(id), data));
		}
		to.write(packet(7, u16(code), u32(id)));
	};

	function operation(on: Socket, code: number, id: number, params: number[]): void {
		operations.push(code);
		const { at, chdk } = camera.faults;
		if (at?.operation === code) {
			if (at.how === 'rst') on.resetAndDestroy();
			else if (at.how === 'fin') on.end();
			else if (at.how === 'halfReset') {
				on.write(packet(9, u32(id), u32(picture.length), u32(0)));
				on.write(bytes(u32(picture.length + 12), u32(12), u32(id), picture.slice(0, 5000)), () => on.resetAndDestroy());
			}
			return;
		}
		const [first = 0, second = 0, third = 0] = params;
		if (code === 0x1001) respond(on, id, OK, deviceInfo(chdk ?? false));
		else if (code === 0x1002 || code === 0x1003) respond(on, id, OK);
		else if (code === 0x1004) respond(on, id, OK, u32s([STORAGE]));
		else if (code === 0x1005) respond(on, id, OK, storageInfo);
		else if (code === 0x1007) respond(on, id, OK, u32s(third === FOLDER ? [FILE] : third === 0 ? [FOLDER, FILE] : [FOLDER]));
		else if (code === 0x1008) respond(on, id, OK, objectInfo(first, picture.length));
		else if (code === 0x1009) respond(on, id, OK, picture);
		else if (code === 0x100a) respond(on, id, 0x2010);
		else if (code === 0x101b) respond(on, id, OK, picture.slice(second, second + third));
		else respond(on, id, 0x2005);
	}

	function greet(on: Socket, guid: Bytes): void {
		guids.push(Array.from(guid, (byte) => byte.toString(16).padStart(2, '0')).join(''));
		const { initFail, ackAfterMs } = camera.faults;
		if (initFail !== undefined) {
			on.end(packet(5, u32(initFail)));
			return;
		}
		const ack = packet(2, u32(1), new Uint8Array(16).fill(7), utf16z('CAM'), u32(0x10000));
		if (ackAfterMs === undefined) on.write(ack);
		else setTimeout(() => on.writable && on.write(ack), ackAfterMs).unref();
	}

	const server = createServer({ noDelay: true }, (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => {});
		let begun = bytes();
		socket.on('data', (chunk: Uint8Array) => {
			begun = bytes(begun, Array.from(chunk));
			for (;;) {
				const view = new DataView(begun.buffer);
				if (begun.length < 8 || begun.length < view.getUint32(0, true)) return;
				const length = view.getUint32(0, true);
				const type = view.getUint32(4, true);
				const params: number[] = [];
				for (let at = 18; at < length; at += 4) params.push(view.getUint32(at, true));
				if (type === 6) operation(socket, view.getUint16(12, true), view.getUint32(14, true), params);
				if (type === 3) socket.write(packet(4));
				if (type === 1) greet(socket, begun.slice(8, 24));
				begun = begun.slice(length);
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	camera.port = (server.address() as AddressInfo).port;
	camera[Symbol.asyncDispose] = async () => {
		for (const socket of sockets) socket.destroy();
		server.close();
		await once(server, 'close');
	};
	return camera;
}
