/** What the software camera meets in tests: a computer that answers it, a clock in our hands, an initiator made of bytes. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { SoftwareCamera } from '#simulator/camera.ts';
import { startCamera } from '#simulator/camera.ts';
import type { SimulatorClock } from '#simulator/clock.ts';
import type { SimulatorEvent } from '#simulator/events.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import type { CameraOptions } from '#simulator/options.ts';

export const HOST = '127.0.0.1';
export const UUID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

/** A clock that stands still until it is turned. */
export class HandClock implements SimulatorClock {
	#now = 0;
	readonly #alarms = new Set<{ at: number; then: () => void }>();

	now(): number {
		return this.#now;
	}

	date(): Date {
		return new Date(Date.UTC(2024, 5, 21, 12) + this.#now);
	}

	after(ms: number, then: () => void): () => void {
		const alarm = { at: this.#now + ms, then };
		this.#alarms.add(alarm);
		return () => void this.#alarms.delete(alarm);
	}

	advance(ms: number): void {
		const end = this.#now + ms;
		for (;;) {
			const [next] = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
			if (next === undefined) break;
			this.#alarms.delete(next);
			this.#now = next.at;
			next.then();
		}
		this.#now = end;
	}
}

export interface Computer {
	readonly ssdpPort: number;
	/** Requests for the description so far. */
	fetched: { headers: Record<string, unknown>; from: string | undefined }[];
	[Symbol.asyncDispose](): Promise<void>;
}

/** Answers searches as the known helper does, on an SSDP port of its own. `server`: what it calls itself. */
export async function startComputer({
	uuid = UUID,
	name = 'LIVINGROOM',
	server = 'Microsoft-Windows/10.0 UPnP/1.0',
} = {}): Promise<Computer> {
	const fetched: Computer['fetched'] = [];
	const http = createServer((request, response) => {
		fetched.push({ headers: request.headers, from: request.socket.remoteAddress });
		response.setHeader('Content-Type', 'text/xml; charset="utf-8"');
		response.end(`<?xml version="1.0"?><root><device><friendlyName>${name}: x:</friendlyName><UDN>uuid:${uuid}</UDN></device></root>`);
	});
	http.listen(0, HOST);
	await once(http, 'listening');
	const location = `http://${HOST}:${(http.address() as AddressInfo).port}/desc.xml`;
	const udp = createSocket({ type: 'udp4', reuseAddr: true });
	udp.bind(0);
	await once(udp, 'listening');
	udp.addMembership('239.255.255.250', HOST);
	const reply = [
		'HTTP/1.1 200 OK',
		'ST: upnp:rootdevice',
		`USN: uuid:${uuid}::upnp:rootdevice`,
		`LOCATION: ${location}`,
		`Server:${server}`,
		'Ext: ',
		'',
		'',
	].join('\r\n');
	udp.on('message', (_bytes: Uint8Array, from: RemoteInfo) => udp.send(reply, from.port, from.address));
	return {
		ssdpPort: udp.address().port,
		fetched,
		async [Symbol.asyncDispose]() {
			const closed = [once(udp, 'close'), once(http, 'close')];
			udp.close();
			http.closeAllConnections();
			http.close();
			await Promise.all(closed);
		},
	};
}

export interface Stage {
	camera: SoftwareCamera;
	clock: HandClock;
	events: SimulatorEvent[];
	/** The first event of this type, past or to come, for which `is` holds. */
	event<T extends SimulatorEvent['type']>(
		type: T,
		is?: (event: Extract<SimulatorEvent, { type: T }>) => boolean,
	): Promise<Extract<SimulatorEvent, { type: T }>>;
	/** Presses SET on LIVINGROOM when it is listed and waits for "Connected to device". */
	pair(): Promise<void>;
	[Symbol.asyncDispose](): Promise<void>;
}

/** A camera with a clock of ours, searching for `computer`. */
export async function startStage(computer: Pick<Computer, 'ssdpPort'>, options: Partial<CameraOptions> = {}): Promise<Stage> {
	const clock = new HandClock();
	const events: SimulatorEvent[] = [];
	const waiting = new Set<() => void>();
	const camera = await startCamera(
		{ address: HOST, model: elph340hs, ssdpPort: computer.ssdpPort, ptpipPort: 0, ...options },
		{
			clock,
			emit: (event) => {
				events.push(event);
				for (const wake of waiting) wake();
			},
		},
	);
	const event: Stage['event'] = (type, is = () => true) =>
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
	return {
		camera,
		clock,
		events,
		event,
		async pair() {
			await event('listed');
			camera.select('LIVINGROOM');
			await event('connected');
		},
		[Symbol.asyncDispose]: () => camera.close(),
	};
}

const toBytes = (hex: string): Uint8Array =>
	Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** One TCP connection of an initiator that speaks in hexadecimal. */
export class Line {
	readonly socket: Socket;
	#have = '';
	#wake = (): void => {};
	/** Hexadecimal of each chunk as it came. */
	readonly chunks: string[] = [];
	readonly closed: Promise<void>;

	private constructor(socket: Socket) {
		this.socket = socket;
		this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
		socket.on('error', () => {});
		socket.on('data', (bytes: Uint8Array) => {
			const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
			this.chunks.push(hex);
			this.#have += hex;
			this.#wake();
		});
		socket.on('close', () => this.#wake());
	}

	/** @param from the address to connect from */
	static async open(port: number, from?: string): Promise<Line> {
		const socket = connect({ host: HOST, port, ...(from === undefined ? {} : { localAddress: from }) });
		await once(socket, 'connect');
		return new Line(socket);
	}

	send(hex: string): void {
		this.socket.write(toBytes(hex));
	}

	/** The next packet: `length type rest`, in lower-case hexadecimal without blanks. Rejects when the camera hangs up before. */
	async packet(): Promise<string> {
		for (;;) {
			if (this.#have.length >= 8) {
				const size = Buffer.from(this.#have.slice(0, 8), 'hex').readUInt32LE(0) * 2;
				if (this.#have.length >= size) {
					const packet = this.#have.slice(0, size);
					this.#have = this.#have.slice(size);
					return packet;
				}
			}
			if (this.socket.destroyed || this.socket.readableEnded) throw new Error(`the camera hung up; left over: ${this.#have}`);
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}

	close(): void {
		this.socket.destroy();
	}
}

export const flat = (hex: string): string => hex.replace(/\s/g, '').toLowerCase();

/** chdkptp's Init Command Request, as in its packets. */
export const INIT_COMMAND = '26000000 01000000 0000000000000000 DEADBEEF12345678 7700680065006500 0000 00000100';

/** Both connections of an initiator that the camera took. */
export async function shakeHands(camera: Pick<SoftwareCamera, 'ptpipPort'>): Promise<{ command: Line; event: Line }> {
	const command = await Line.open(camera.ptpipPort);
	command.send(INIT_COMMAND);
	const ack = await command.packet();
	const event = await Line.open(camera.ptpipPort);
	event.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
	await event.packet();
	return { command, event };
}

/** The same with an open session: OpenSession(1) in transaction 0. */
export async function openSession(camera: Pick<SoftwareCamera, 'ptpipPort'>): Promise<{ command: Line; event: Line }> {
	const lines = await shakeHands(camera);
	lines.command.send('16000000 06000000 00000000 0210 00000000 01000000');
	await lines.command.packet();
	return lines;
}
