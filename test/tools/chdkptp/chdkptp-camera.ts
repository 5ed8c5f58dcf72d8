/**
 * A camera with CHDK for chdkptp to talk to, bytes laid out by hand (CIPA DC-X005, PIMA 15740, CHDK core/ptp.h), not by
 * our codec. It notes what the firmware would go through, and goes wrong on request.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (...parts: readonly ArrayLike<number>[]): Bytes => {
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
const u16s = (list: readonly number[]): Bytes => bytes(u32(list.length), ...list.map(u16));
const ascii = (s: string): Bytes => bytes(Array.from(s, (c) => c.charCodeAt(0)));
const utf16z = (s: string): Bytes => bytes(...Array.from(`${s}\0`, (c) => u16(c.charCodeAt(0))));
const text = (s: string): Bytes => (s === '' ? bytes([0]) : bytes([s.length + 1], utf16z(s)));
const packet = (type: number, ...body: readonly Bytes[]): Bytes => {
	const all = bytes(...body);
	return bytes(u32(all.length + 8), u32(type), all);
};
const at16 = (from: Bytes, at: number): number => new DataView(from.buffer).getUint16(from.byteOffset + at, true);
const at32 = (from: Bytes, at: number): number => new DataView(from.buffer).getUint32(from.byteOffset + at, true);

export interface Nature {
	chdk?: boolean;
	os?: 'dryos' | 'vxworks';
	model?: string;
	/** 0x9801 is listed; `refused`: but answered with DeviceBusy. */
	propsSupported?: boolean | 'refused';
	/** Answers to Init Command Requests, one after the other; then it accepts. */
	greetings?: readonly ('initFail' | 'close' | 'reset' | 'silent')[];
	/** Hangs up when this operation arrives for the nth time (1: the first). */
	hangUp?: { operation: number; nth: number };
	/** Says nothing any more from when this operation arrives for the nth time (1: the first). */
	goSilent?: { operation: number; nth: number };
	/** CHDK does not answer for its version. */
	versionFails?: boolean;
	/** Scripts end with an error that says this. */
	scriptFails?: string;
}

/** What happened: operations as hex, `levent N` and `script` for what scripts did. */
export interface ChdkCamera extends AsyncDisposable {
	readonly port: number;
	readonly log: string[];
	/** Sessions that were closed with CloseSession. */
	closedInOrder: number;
	/** Connections that are open now. */
	readonly open: () => number;
}

export async function chdkCamera(nature: Nature = {}): Promise<ChdkCamera> {
	const { chdk = true, os = 'dryos', propsSupported = false } = nature;
	const greetings = [...(nature.greetings ?? [])];
	const sockets = new Set<Socket>();
	const log: string[] = [];
	const counts = new Map<number, number>();
	let scripts = 0;
	let gone = false;
	let messages: { type: number; subtype: number; data: Bytes }[] = [];
	const camera = { port: 0, log, closedInOrder: 0, open: () => sockets.size } as unknown as ChdkCamera & { port: number };

	const operations = [0x1001, 0x1002, 0x1003, 0x1004, 0x1007, ...(propsSupported ? [0x9801] : []), ...(chdk ? [0x9999] : [])];
	const deviceInfo = bytes(
		bytes(u16(100), u32(0x0b), u16(100), text(''), u16(0)),
		bytes(u16s(operations), u16s([0x4002]), u16s([0xd402]), u16s([]), u16s([0x3801, 0xb101])),
		bytes(text('Canon Inc.'), text(nature.model ?? 'Canon PowerShot ELPH 130 IS'), text('1-8.0.1.0'), text('C0FFEE000042')),
	);

	/** The two things that a script can do here, found in its text as the camera's Lua would come to them. */
	function script(source: string): void {
		scripts++;
		if (nature.scriptFails !== undefined) {
			log.push('script');
			messages.push({ type: 1, subtype: 2, data: ascii(nature.scriptFails) });
		} else if (source.startsWith('return get_buildinfo().os')) {
			log.push('script os');
			messages.push({ type: 2, subtype: 4, data: ascii(os) });
		} else {
			const levents = source.match(/44\d\d/g) ?? [];
			// A script that names both asks the camera's own system.
			const levent = levents.length === 1 ? levents[0] : levents.find((one) => one === (os === 'dryos' ? '4482' : '4418'));
			log.push(levent === undefined ? 'script' : `levent ${levent}`);
		}
	}

	function chdkOperation(on: Socket, id: number, [command = 0]: number[], data: Bytes): void {
		const answer = (...params: number[]) => on.write(packet(7, u16(0x2001), u32(id), ...params.map(u32)));
		if (command === 0 && nature.versionFails) on.write(packet(7, u16(0x2002), u32(id)));
		else if (command === 0) answer(2, 9);
		else if (command === 7) {
			messages = [];
			script(String.fromCharCode(...data).replace(/\0$/, ''));
			answer(scripts, 0);
		} else if (command === 8) answer(messages.length > 0 ? 2 : 0);
		else if (command === 10) {
			const { type, subtype, data: said } = messages.shift() ?? { type: 0, subtype: 0, data: bytes() };
			on.write(packet(9, u32(id), u32(Math.max(1, said.length)), u32(0)));
			on.write(packet(12, u32(id), said.length > 0 ? said : bytes([0])));
			answer(type, subtype, scripts, said.length);
		} else on.write(packet(7, u16(0x2006), u32(id)));
	}

	function operate(on: Socket, code: number, id: number, params: number[], data: Bytes): void {
		const nth = (counts.get(code) ?? 0) + 1;
		counts.set(code, nth);
		if (code !== 0x9999) log.push(code.toString(16));
		if (nature.hangUp?.operation === code && nature.hangUp.nth === nth) {
			on.destroy();
			return;
		}
		gone ||= nature.goSilent?.operation === code && nature.goSilent.nth === nth;
		if (gone) return;
		const respond = (result: number, body?: Bytes) => {
			if (body !== undefined) {
				on.write(packet(9, u32(id), u32(body.length), u32(0)));
				on.write(packet(12, u32(id), body));
			}
			on.write(packet(7, u16(result), u32(id)));
		};
		if (code === 0x1001) respond(0x2001, deviceInfo);
		else if (code === 0x1002) respond(0x2001);
		else if (code === 0x1003) {
			camera.closedInOrder++;
			respond(0x2001);
		} else if (code === 0x1007) respond(0x2001, bytes(u32(2), u32(0x91900001), u32(0x91900002)));
		else if (code === 0x9801 && propsSupported === true) respond(0x2001, bytes(u32(1), u16(0xdc01)));
		else if (code === 0x9801 && propsSupported === 'refused') respond(0x2019);
		else if (code === 0x9999 && chdk) chdkOperation(on, id, params, data);
		else respond(0x2005);
	}

	function greet(on: Socket): void {
		const greeting = greetings.shift();
		if (greeting === 'initFail') on.end(packet(5, u32(1)));
		else if (greeting === 'close') on.end();
		else if (greeting === 'reset') on.resetAndDestroy();
		else if (greeting === undefined) on.write(packet(2, u32(1), new Uint8Array(16).fill(7), utf16z('CAM'), u32(0x10000)));
	}

	const server = createServer({ noDelay: true }, (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket)).on('error', () => {});
		let begun = bytes();
		let asked: { code: number; id: number; params: number[] } | undefined;
		let dataOut: Bytes[] | undefined;
		const take = (type: number, body: Bytes): void => {
			if (type === 1) greet(socket);
			if (type === 3) socket.write(packet(4));
			if (type === 6) {
				const params = Array.from({ length: (body.length - 10) / 4 }, (_, i) => at32(body, 10 + i * 4));
				asked = { code: at16(body, 4), id: at32(body, 6), params };
				dataOut = undefined;
				// Only ExecuteScript sends data here.
				if (asked.code !== 0x9999 || params[0] !== 7) operate(socket, asked.code, asked.id, params, bytes());
			}
			if (type === 9) dataOut = [];
			if (type === 10 || type === 12) dataOut?.push(body.slice(4));
			if (type === 12 && asked !== undefined) operate(socket, asked.code, asked.id, asked.params, bytes(...(dataOut ?? [])));
		};
		socket.on('data', (chunk: Uint8Array) => {
			begun = bytes(begun, chunk);
			while (begun.length >= 8 && begun.length >= at32(begun, 0)) {
				const length = at32(begun, 0);
				take(at32(begun, 4), begun.slice(8, length));
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
