/**
 * One TCP connection of a PTP-IP session. Data is read into a few large buffers that are reused in turn. A reader that
 * needs bytes after its call returns a promise, and the buffer is not reused until that promise settles. When no buffer
 * is free, the socket is not read. This keeps transfers fast and their memory independent of their size.
 */
import { connect, type Socket } from 'node:net';
import { type Frame, Framing } from '../framing.ts';
import { DATA_HEADER_BYTES, encodePacket, type Packet } from '../packet.ts';

/** Why a channel ended. `refused` and `unreachable` only occur before it was open. */
export interface ChannelEnd {
	kind: 'refused' | 'unreachable' | 'closed' | 'malformed';
	/** Part of a sentence for people. */
	why: string;
}

/** Receives what happens on a channel. */
export interface ChannelReader {
	opened(): void;
	/** Takes a frame. If it returns a promise, the frame's bytes stay valid until that settles; it must not reject. */
	frame(frame: Frame): Promise<void> | undefined;
	/** Reading resumed after the reader had held all buffers. */
	resumed?(): void;
	/** Called exactly once, also after `destroy`. */
	ended(end: ChannelEnd): void;
}

export interface ChannelOptions {
	host: string;
	port: number;
	/** Address of this computer to connect from. */
	localAddress?: string | undefined;
	/** Bytes of one read buffer. */
	bufferBytes: number;
	/** Number of read buffers, at least 2. */
	buffers: number;
}

/** TCP keep-alive starts after this many milliseconds without a byte, so a dead peer is noticed between transactions too. */
const KEEP_ALIVE_MS = 20_000;

/** A TCP connection that speaks PTP-IP packets. */
export class Channel {
	/** May be replaced at any time, even from within one of its calls. */
	reader: ChannelReader;
	readonly #socket: Socket;
	readonly #framing = new Framing();
	readonly #free: Uint8Array[];
	#buffer: Uint8Array;
	#open = false;
	#paused = false;
	#end: ChannelEnd | undefined;
	#ended = false;

	constructor(options: ChannelOptions, reader: ChannelReader) {
		this.reader = reader;
		this.#buffer = new Uint8Array(options.bufferBytes);
		this.#free = Array.from({ length: Math.max(1, options.buffers - 1) }, () => new Uint8Array(options.bufferBytes));
		this.#socket = connect({
			host: options.host,
			port: options.port,
			localAddress: options.localAddress,
			// PTP-IP wants small packets to leave at once (CIPA DC-X005: TCP_NODELAY).
			noDelay: true,
			keepAlive: true,
			keepAliveInitialDelay: KEEP_ALIVE_MS,
			onread: { buffer: () => this.#buffer, callback: (count, buffer) => this.#read(buffer.subarray(0, count)) },
		});
		this.#socket.on('connect', () => {
			this.#open = true;
			this.reader.opened();
		});
		this.#socket.on('end', () => {
			this.#end ??= {
				kind: 'closed',
				why: this.#framing.atPacketBoundary
					? 'the camera closed the connection'
					: 'the camera closed the connection in the middle of a packet',
			};
		});
		this.#socket.on('error', (error: NodeJS.ErrnoException) => {
			this.#end ??= describe(error, this.#open);
		});
		this.#socket.on('close', () => {
			if (this.#ended) return;
			this.#ended = true;
			this.reader.ended(this.#end ?? { kind: 'closed', why: 'the connection was closed' });
		});
	}

	/** True while the reader holds all buffers. The camera may be sending then, and we are not reading. */
	get paused(): boolean {
		return this.#paused;
	}

	/** Bytes not yet handed to the system. */
	get unsent(): number {
		return this.#socket.writableLength;
	}

	/** Sends a packet. For Data and End Data use `sendData`. */
	send(packet: Packet): void {
		if (!this.#socket.destroyed) this.#socket.write(encodePacket(packet));
	}

	/** Sends a Data or End Data packet. Resolves when `payload` may be reused; never rejects, because an error ends the channel. */
	sendData(packet: Packet & { kind: 'data' | 'endData' }, payload: Uint8Array): Promise<void> {
		if (this.#socket.destroyed) return Promise.resolve();
		return new Promise((resolve) => {
			const sent = () => resolve();
			this.#socket.cork();
			const header = encodePacket(packet, payload.length);
			if (header.length !== DATA_HEADER_BYTES) throw new TypeError('not a data packet');
			if (payload.length === 0) this.#socket.write(header, sent);
			else {
				this.#socket.write(header);
				this.#socket.write(payload, sent);
			}
			this.#socket.uncork();
		});
	}

	/** Ends the stream (FIN); `ended` follows when the other side has done the same. */
	finish(): void {
		this.#end ??= { kind: 'closed', why: 'the connection was closed' };
		this.#socket.end();
		this.#socket.resume();
	}

	/** Closes at once; `ended` follows. */
	destroy(end: ChannelEnd = { kind: 'closed', why: 'the connection was closed' }): void {
		this.#end ??= end;
		this.#socket.destroy();
	}

	#read(bytes: Uint8Array): boolean {
		const held: Promise<void>[] = [];
		try {
			for (const frame of this.#framing.push(bytes)) {
				const pending = this.reader.frame(frame);
				if (pending !== undefined) held.push(pending);
			}
		} catch (error) {
			this.destroy({ kind: 'malformed', why: error instanceof Error ? error.message : String(error) });
			return false;
		}
		if (held.length === 0) return true;
		const used = this.#buffer;
		// There is always a free buffer, because reading stops as soon as the last one is taken.
		this.#buffer = this.#free.pop() as Uint8Array;
		void Promise.all(held).then(() => this.#release(used));
		this.#paused = this.#free.length === 0;
		return !this.#paused;
	}

	#release(buffer: Uint8Array): void {
		this.#free.push(buffer);
		if (!this.#paused) return;
		this.#paused = false;
		this.reader.resumed?.();
		this.#socket.resume();
	}
}

function describe(error: NodeJS.ErrnoException, open: boolean): ChannelEnd {
	switch (error.code) {
		case 'ECONNREFUSED':
			return { kind: 'refused', why: 'the connection was refused' };
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'EHOSTDOWN':
			return open
				? { kind: 'closed', why: 'the camera cannot be reached any more' }
				: { kind: 'unreachable', why: 'the camera cannot be reached' };
		case 'ETIMEDOUT':
			return open
				? { kind: 'closed', why: 'the camera does not answer any more' }
				: { kind: 'unreachable', why: 'no answer to opening the connection' };
		case 'ECONNRESET':
		case 'EPIPE':
			return { kind: 'closed', why: 'the camera reset the connection' };
		default:
			return { kind: open ? 'closed' : 'refused', why: error.message };
	}
}
