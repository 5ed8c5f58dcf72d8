/**
 * One TCP connection from an initiator, seen by the responder. Frames are read one after the other, with back-pressure.
 * The writer decides how packets are sent: hold gathers small ones, the simulated camera limits its rate and adds faults.
 */
import type { Socket } from 'node:net';
import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import { MalformedBytes } from '../../wire/bytes.ts';
import { type Frame, Framing } from '../framing.ts';
import type { Packet } from '../packet.ts';

/** Sends packets over one connection. Never throws and never rejects; after the connection has ended it does nothing. */
export interface PacketWriter {
	/** Bytes not yet handed to the system. */
	readonly unsent: number;
	/** Sends a packet in one write (chdkptp reads each Ack with a single `recv`). */
	send(packet: Packet): Promise<void> | undefined;
	/** Ends the stream (FIN) after everything sent so far. Returns a promise if that takes time. */
	end(): Promise<void> | undefined;
	/** Releases everyone who waits for a write, because the connection is over. */
	close(): void;
}

export interface PeerOptions {
	/** The socket is paused above this many unread payload bytes, and resumed at half of it. */
	unreadBytes: number;
	/** The same for the number of unread frames. */
	unreadFrames: number;
	/** How long the peer may keep the connection open after `end`, in milliseconds. */
	lingerMs: number;
	/** Waits before a payload of this many bytes is read, to imitate the rate of a slow camera. */
	pace?: ((bytes: number) => Promise<void>) | undefined;
	timers?: Timers | undefined;
}

/** The responder's end of one connection. */
export class PeerSocket<W extends PacketWriter = PacketWriter> {
	/** Called at once for each Cancel packet, ahead of frames that have not been read yet. */
	onCancel: ((transactionId: number) => void) | undefined;
	/** Resolves when nothing more will arrive or can be sent. */
	readonly over: Promise<void>;
	readonly out: W;
	readonly #socket: Socket;
	readonly #options: PeerOptions;
	readonly #timers: Timers;
	readonly #framing = new Framing();
	#frames: Frame[] = [];
	#unreadBytes = 0;
	readonly #waiting = new Set<() => void>();
	#gone = false;
	#cut = false;
	#broken = false;
	#why = 'it left';
	readonly #over = withResolvers<void>();

	constructor(socket: Socket, out: W, options: PeerOptions) {
		this.out = out;
		this.#socket = socket;
		this.#options = options;
		this.#timers = options.timers ?? REAL_TIMERS;
		this.over = this.#over.promise;
		socket.setNoDelay(true); // CIPA DC-X005 asks for it
		socket.on('data', (bytes: Uint8Array) => this.#receive(bytes));
		socket.on('error', () => {}); // 'close' follows
		socket.on('end', () => this.#end());
		socket.on('close', () => this.#end());
	}

	/** The initiator's IPv4 address. */
	get from(): string {
		return this.#socket.remoteAddress ?? '';
	}

	get gone(): boolean {
		return this.#gone;
	}

	/** Why the connection is over, as part of a sentence whose subject is the initiator. */
	get why(): string {
		return this.#why;
	}

	/** We closed the connection by `destroy`, not the initiator. */
	get wasCut(): boolean {
		return this.#cut;
	}

	/** The initiator sent something other than PTP-IP. */
	get broken(): boolean {
		return this.#broken;
	}

	#receive(bytes: Uint8Array): void {
		if (this.#gone) return;
		try {
			for (const frame of this.#framing.push(bytes)) {
				if (frame.type === 'payload') this.#unreadBytes += frame.bytes.length;
				else if (frame.packet.kind === 'cancel') this.onCancel?.(frame.packet.transactionId);
				this.#frames.push(frame);
			}
		} catch (error) {
			if (!(error instanceof MalformedBytes)) throw error;
			this.#broken = true;
			this.destroy(`it sent no PTP-IP: ${error.message}`);
			return;
		}
		if (this.#unreadBytes > this.#options.unreadBytes || this.#frames.length > this.#options.unreadFrames) this.#socket.pause();
		this.#wake();
	}

	#wake(): void {
		for (const wake of [...this.#waiting]) wake();
	}

	#end(): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#wake();
		this.out.close();
		this.#over.resolve();
	}

	/**
	 * Takes the next frame.
	 * @returns `undefined` if the connection is over, `late` after `limitMs` or when the signal is aborted
	 */
	next(): Promise<Frame | undefined>;
	next(limitMs: number | undefined, signal?: AbortSignal): Promise<Frame | 'late' | undefined>;
	async next(limitMs?: number, signal?: AbortSignal): Promise<Frame | 'late' | undefined> {
		const frame = await this.peek(limitMs, signal);
		if (frame === undefined || frame === 'late') return frame;
		this.#frames.shift();
		if (frame.type === 'payload') {
			this.#unreadBytes -= frame.bytes.length;
			if (this.#options.pace !== undefined) await this.#options.pace(frame.bytes.length);
		}
		const { unreadBytes, unreadFrames } = this.#options;
		if (this.#socket.isPaused() && this.#unreadBytes <= unreadBytes / 2 && this.#frames.length <= unreadFrames / 2) this.#socket.resume();
		return frame;
	}

	/** Waits for the next frame and leaves it in place. */
	async peek(limitMs?: number, signal?: AbortSignal): Promise<Frame | 'late' | undefined> {
		let late = false;
		for (let stop: (() => void) | undefined; ; stop?.()) {
			if (signal?.aborted === true) return 'late';
			const frame = this.#frames[0];
			if (frame !== undefined || this.#gone) return frame;
			if (late) return 'late';
			await new Promise<void>((resolve) => {
				const wake = () => {
					this.#waiting.delete(wake);
					signal?.removeEventListener('abort', wake);
					resolve();
				};
				this.#waiting.add(wake);
				signal?.addEventListener('abort', wake, { once: true });
				if (limitMs === undefined) return;
				stop = this.#timers.after(limitMs, () => {
					late = true;
					wake();
				});
			});
		}
	}

	/** Puts a frame back in front, to be read again. */
	unread(frame: Frame): void {
		if (frame.type === 'payload') this.#unreadBytes += frame.bytes.length;
		this.#frames.unshift(frame);
		this.#wake();
	}

	/** Closes the connection after everything sent so far. A peer that stays longer than `lingerMs` is cut off. */
	end(why: string): void {
		if (!this.#gone) this.#why = why;
		const ending = this.out.end();
		if (ending === undefined) this.#finish();
		else void ending.then(() => this.#finish());
	}

	#finish(): void {
		this.#socket.resume();
		this.#end();
		const stop = this.#timers.after(this.#options.lingerMs, () => this.#socket.destroy());
		this.#socket.once('close', stop);
	}

	/** Closes the connection at once and drops unsent bytes. */
	destroy(why: string): void {
		if (!this.#gone) {
			this.#why = why;
			this.#cut = true;
		}
		this.#end();
		this.#socket.destroy();
	}
}
