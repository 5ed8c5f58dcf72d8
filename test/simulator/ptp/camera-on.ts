/** A camera that is paired and waits, on a card of the test's own, and an initiator made of bytes. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type SoftwareCamera, startCamera } from '#simulator/camera.ts';
import { realClock } from '#simulator/clock.ts';
import type { SimulatorEvent } from '#simulator/events.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import type { CameraOptions } from '#simulator/options.ts';
import { http } from '../modes/eos/client.ts';
import { flat, HOST, INIT_COMMAND, startComputer } from '../world.ts';

export interface CameraOn {
	camera: SoftwareCamera;
	/** The card; its pictures are in DCIM/100CANON. */
	card: string;
	/** A path on the card, below DCIM/100CANON. */
	picture(name: string): string;
	/** A folder that goes away with the camera. */
	scratch: string;
	events: SimulatorEvent[];
	event<T extends SimulatorEvent['type']>(
		type: T,
		is?: (event: Extract<SimulatorEvent, { type: T }>) => boolean,
	): Promise<Extract<SimulatorEvent, { type: T }>>;
	/** Both connections and an open session. */
	open(): Promise<Initiator>;
	/** Runs the real gphoto2 on it in `scratch`, with settings of its own. */
	gphoto2(args: readonly string[], input?: string, limitMs?: number): Promise<{ code: number; stdout: string; stderr: string }>;
	[Symbol.asyncDispose](): Promise<void>;
}

/** Switches it on with these files on its card, by their path below DCIM/100CANON. */
export async function cameraOn(
	files: Readonly<Record<string, string | Uint8Array>> = {},
	options: Partial<CameraOptions> = {},
): Promise<CameraOn> {
	const scratch = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const card = join(scratch, 'card');
	const picture = (name: string): string => join(card, 'DCIM', '100CANON', name);
	await mkdir(picture(''), { recursive: true });
	for (const [name, content] of Object.entries(files)) {
		await mkdir(dirname(picture(name)), { recursive: true });
		await writeFile(picture(name), content);
	}
	const computer = await startComputer();
	const events: SimulatorEvent[] = [];
	const waiting = new Set<() => void>();
	const camera = await startCamera(
		{
			address: HOST,
			model: elph340hs,
			media: card,
			ssdpPort: computer.ssdpPort,
			ptpipPort: 0,
			autoSet: { afterMs: 0 },
			confirmAfterMs: 0,
			descriptionPort: 0,
			...options,
		},
		{
			clock: realClock,
			emit: (event) => {
				events.push(event);
				for (const wake of waiting) wake();
			},
		},
	);
	const event: CameraOn['event'] = (type, is = () => true) =>
		new Promise((resolve) => {
			const look = (): void => {
				const found = events.find((one) => one.type === type && is(one as never));
				if (found === undefined) return;
				waiting.delete(look);
				resolve(found as never);
			};
			waiting.add(look);
			look();
		});
	if (options.model?.eos === undefined) await event('connected');
	else {
		await http((await event('announcing')).location, { 'User-Agent': 'Microsoft-Windows/10.0 UPnP/1.0' }); // as EOS Utility does
		await event('portOpened');
	}
	return {
		camera,
		card,
		picture,
		scratch,
		events,
		event,
		open: async () => {
			const initiator = await Initiator.connect(camera.ptpipPort);
			await initiator.ask(0x1002, [1]);
			return initiator;
		},
		gphoto2: (args, input = '', limitMs = 25_000) =>
			new Promise((resolve) => {
				const port = `ptpip:${HOST}:${camera.ptpipPort}:${camera.ptpipPort}`; // command and event port
				const env = { ...process.env, LC_ALL: 'C.UTF-8', HOME: scratch, XDG_CONFIG_HOME: scratch };
				const child = execFile(
					'gphoto2',
					['--port', port, ...args],
					{ cwd: scratch, env, timeout: limitMs, maxBuffer: 2 ** 26 },
					(error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
				);
				child.stdin?.end(input);
			}),
		async [Symbol.asyncDispose]() {
			await camera.close();
			await computer[Symbol.asyncDispose]();
			await rm(scratch, { recursive: true, force: true });
		},
	};
}

export interface Answered {
	code: number;
	params: number[];
	data: Buffer;
	/** Type of each packet of the answer. */
	types: number[];
}

/** Packets of one connection. */
class Packets {
	readonly socket: Socket;
	#have: Buffer = Buffer.alloc(0);
	#wake = (): void => {};

	constructor(socket: Socket) {
		this.socket = socket;
		socket.on('data', (bytes: Buffer) => {
			this.#have = Buffer.concat([this.#have, bytes]);
			this.#wake();
		});
		socket.on('error', () => {});
		socket.on('close', () => this.#wake());
		socket.on('end', () => this.#wake());
	}

	/** The next packet, header and all. Rejects when the camera hung up. */
	async next(): Promise<Buffer> {
		for (;;) {
			const size = this.#have.length >= 8 ? this.#have.readUInt32LE(0) : Number.POSITIVE_INFINITY;
			if (this.#have.length >= size) {
				const packet = this.#have.subarray(0, size);
				this.#have = this.#have.subarray(size);
				return packet;
			}
			if (this.socket.destroyed || this.socket.readableEnded)
				throw new Error(`the camera hung up; ${this.#have.length} bytes left over: ${this.#have.toString('hex', 0, 64)}`);
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}

const u32 = (...values: number[]): Buffer => {
	const bytes = Buffer.alloc(4 * values.length);
	for (const [n, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * n);
	return bytes;
};

export class Initiator {
	readonly command: Packets;
	readonly event: Packets;
	/** Id of the last transaction. */
	transaction = -1;

	private constructor(command: Packets, event: Packets) {
		this.command = command;
		this.event = event;
	}

	static async connect(port: number): Promise<Initiator> {
		const line = async (): Promise<Packets> => {
			const socket = connect({ host: HOST, port, noDelay: true });
			await once(socket, 'connect');
			return new Packets(socket);
		};
		const command = await line();
		command.socket.write(Buffer.from(flat(INIT_COMMAND), 'hex'));
		const ack = await command.next();
		if (ack.readUInt32LE(4) !== 2) throw new Error(`no Ack: ${ack.toString('hex')}`);
		const event = await line();
		event.socket.write(Buffer.concat([u32(12, 3), ack.subarray(8, 12)]));
		await event.next();
		return new Initiator(command, event);
	}

	/** Sends a request, and nothing else. */
	request(code: number, params: readonly number[] = [], phase = 1): void {
		this.transaction++;
		const head = Buffer.concat([u32(18 + 4 * params.length, 6, phase), Buffer.alloc(2), u32(this.transaction), u32(...params)]);
		head.writeUInt16LE(code, 12);
		this.command.socket.write(head);
	}

	/** Announces data of this length for the transaction at work. */
	startData(total: number): void {
		this.command.socket.write(u32(20, 9, this.transaction, total % 2 ** 32, Math.floor(total / 2 ** 32)));
	}

	sendData(bytes: Uint8Array, last: boolean): void {
		this.command.socket.write(Buffer.concat([u32(12 + bytes.length, last ? 12 : 10, this.transaction), bytes]));
	}

	/** Cancel on the event connection, as CIPA DC-X005 has it. */
	cancel(): void {
		this.event.socket.write(u32(12, 11, this.transaction));
	}

	/** Everything up to the response. */
	async answer(): Promise<Answered> {
		const data: Buffer[] = [];
		const types: number[] = [];
		for (;;) {
			const packet = await this.command.next();
			const type = packet.readUInt32LE(4);
			types.push(type);
			if (type === 10 || type === 12) data.push(packet.subarray(12));
			if (type !== 7) continue;
			const params = Array.from({ length: (packet.length - 14) / 4 }, (_, n) => packet.readUInt32LE(14 + 4 * n));
			return { code: packet.readUInt16LE(8), params, data: Buffer.concat(data), types };
		}
	}

	/** A whole transaction. */
	ask(code: number, params: readonly number[] = [], data?: Uint8Array): Promise<Answered> {
		this.request(code, params, data === undefined ? 1 : 2);
		if (data !== undefined) {
			this.startData(data.length);
			this.sendData(data, true);
		}
		return this.answer();
	}

	/** The next event: code and parameters. */
	async nextEvent(): Promise<[number, ...number[]]> {
		const packet = await this.event.next();
		if (packet.readUInt32LE(4) !== 8) throw new Error(`no event: ${packet.toString('hex')}`);
		return [packet.readUInt16LE(8), ...Array.from({ length: (packet.length - 14) / 4 }, (_, n) => packet.readUInt32LE(14 + 4 * n))];
	}

	/** The handle of a file by its name, as GetObjectInfo tells it. */
	async handleOf(name: string): Promise<number> {
		const { data } = await this.ask(0x1007, [0xffff_ffff, 0, 0]);
		for (let n = 0; n < data.readUInt32LE(0); n++) {
			const handle = data.readUInt32LE(4 + 4 * n);
			const info = await this.ask(0x1008, [handle]);
			if (info.code === 0x2001 && nameIn(info.data) === name) return handle;
		}
		throw new Error(`there is no ${name}`);
	}

	close(): void {
		this.command.socket.destroy();
		this.event.socket.destroy();
	}
}

/** The file name in an ObjectInfo. */
export function nameIn(info: Buffer): string {
	const units = info.readUInt8(52);
	return info.subarray(53, 53 + 2 * Math.max(0, units - 1)).toString('utf16le');
}

/** A PTP string. */
export function ptpText(text: string): Buffer {
	return text === '' ? Buffer.from([0]) : Buffer.concat([Buffer.from([text.length + 1]), Buffer.from(`${text}\0`, 'utf16le')]);
}

/** An ObjectInfo as an initiator writes it for SendObjectInfo. */
export function infoFor(name: string, size: number, format = 0x3000): Buffer {
	const fixed = Buffer.alloc(52);
	fixed.writeUInt16LE(format, 4);
	fixed.writeUInt32LE(size, 8);
	if (format === 0x3001) fixed.writeUInt16LE(1, 42);
	return Buffer.concat([fixed, ptpText(name), ptpText(''), ptpText('20240621T051207.0'), ptpText('')]);
}
