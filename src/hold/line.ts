/**
 * One TCP connection of a client: packets in, one after the other, packets out. What a client sends ahead is kept up to
 * a limit and then left in the network; what it does not take holds up whoever writes to it.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '#base/deferred.ts';
import { type Frame, Framing } from '#protocol/ptpip/framing.ts';
import { encodePacket, type Packet } from '#protocol/ptpip/packet.ts';
import { PieceWriter } from '#protocol/ptpip/responder/piece-writer.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';

/** Unread packets of one client, after which it is not read on. */
const UNREAD_FRAMES = 256;
/** After our goodbye a client may stay this long, in milliseconds. */
const LINGER_MS = 1000;
/** What may wait for what follows waits no longer than this, in milliseconds: clients have time-outs. */
const LATER_MS = 20;
/** How often a client that takes data is looked at, in milliseconds. */
const LOOK_MS = 100;
/** A piece up to this size is copied and leaves together with what is around it... */
const SMALL_BYTES = 16 * 1024;
/** ...as long as no more than this waits: many small ones are no smaller than a large one. */
const UNSENT_BYTES = 256 * 1024;

export class Line {
	/** Called for Cancel packets at once, ahead of what was not read yet. */
	onCancel: ((transactionId: number) => void) | undefined;
	/** Settles when the connection is over. */
	readonly over: Promise<void>;
	readonly #socket: Socket;
	readonly #writer: PieceWriter;
	readonly #framing = new Framing();
	readonly #unreadLimit: number;
	#frames: Frame[] = [];
	#unread = 0;
	readonly #waiting = new Set<() => void>();
	#gone = false;
	#cut = false;
	#why = 'it left';
	/** What leaves together. */
	#gathered: Uint8Array[] = [];
	#gatheredBytes = 0;
	#flushing = false;
	#soon: NodeJS.Timeout | undefined;
	readonly #over = deferred<void>();

	constructor(socket: Socket, unreadLimit: number) {
		this.#socket = socket;
		this.#writer = new PieceWriter(socket);
		this.#unreadLimit = unreadLimit;
		this.over = this.#over.promise;
		socket.setNoDelay(true);
		socket.setKeepAlive(true, 20_000);
		socket.on('data', (bytes: Uint8Array) => this.#take(bytes));
		socket.on('error', () => {}); // 'close' follows
		socket.on('end', () => this.#end());
		socket.on('close', () => this.#end());
	}

	/** The client's address. */
	readonly from = (): string => this.#socket.remoteAddress ?? '';

	get gone(): boolean {
		return this.#gone;
	}

	/** Why it is over, for people. */
	get why(): string {
		return this.#why;
	}

	/** It did not leave by itself: it was cut off for what it did. */
	get wasCut(): boolean {
		return this.#cut;
	}

	/** Bytes that wait to be sent. */
	get unsent(): number {
		return this.#gatheredBytes + this.#writer.unsent;
	}

	#take(bytes: Uint8Array): void {
		if (this.#gone) return;
		try {
			for (const frame of this.#framing.push(bytes)) {
				if (frame.type === 'payload') this.#unread += frame.bytes.length;
				else if (frame.packet.kind === 'cancel') this.onCancel?.(frame.packet.transactionId);
				this.#frames.push(frame);
			}
		} catch (error) {
			if (!(error instanceof MalformedBytes)) throw error;
			this.destroy(`it sent no PTP-IP: ${error.message}`);
			return;
		}
		if (this.#unread > this.#unreadLimit || this.#frames.length > UNREAD_FRAMES) this.#socket.pause();
		this.#wake();
	}

	#wake(): void {
		for (const wake of [...this.#waiting]) wake();
	}

	#end(): void {
		if (this.#gone) return;
		this.#gone = true;
		this.#wake();
		this.#over.resolve();
	}

	/** The next frame; `undefined` when the connection is over, `late` after `limitMs` or when the signal is aborted. */
	async next(limitMs?: number, signal?: AbortSignal): Promise<Frame | 'late' | undefined> {
		const frame = await this.peek(limitMs, signal);
		if (frame === undefined || frame === 'late') return frame;
		this.#frames.shift();
		if (frame.type === 'payload') this.#unread -= frame.bytes.length;
		if (this.#socket.isPaused() && this.#unread <= this.#unreadLimit / 2 && this.#frames.length <= UNREAD_FRAMES / 2) this.#socket.resume();
		return frame;
	}

	/** The same without taking it away. */
	async peek(limitMs?: number, signal?: AbortSignal): Promise<Frame | 'late' | undefined> {
		let late = false;
		for (let timer: NodeJS.Timeout | undefined; ; clearTimeout(timer)) {
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
				timer = setTimeout(() => {
					late = true;
					wake();
				}, limitMs);
			});
		}
	}

	/** Sends a packet, in one write with what else is sent in this turn of the event loop: chdkptp reads each Ack by one `recv`. */
	send(packet: Packet): void {
		this.#gather(encodePacket(packet));
		if (this.#flushing) return;
		this.#flushing = true;
		setImmediate(() => {
			this.#flushing = false;
			this.flush();
		});
	}

	/** As `send`, but may wait a little for what follows. */
	sendLater(packet: Packet): void {
		this.#gather(encodePacket(packet));
		this.#flushSoon();
	}

	/**
	 * Sends Data or End Data; resolves when `payload` may be used again. Small ones are copied and need no waiting, unless much
	 * waits, and may wait a little for what follows, so that a short answer of three packets costs one write.
	 */
	sendData(kind: 'data' | 'endData', transactionId: number, payload: Uint8Array): Promise<void> | undefined {
		if (this.#socket.destroyed) return undefined;
		this.#gather(encodePacket({ kind, transactionId }, payload.length));
		if (payload.length <= SMALL_BYTES && this.unsent < UNSENT_BYTES) {
			this.#gather(payload.slice());
			if (this.#gatheredBytes > SMALL_BYTES) this.flush();
			else this.#flushSoon();
			return undefined;
		}
		return new Promise((resolve) => {
			this.#writer.write([...this.#takeGathered(), payload], resolve);
		});
	}

	#gather(bytes: Uint8Array): void {
		if (this.#socket.destroyed || this.#socket.writableEnded) return;
		this.#gathered.push(bytes);
		this.#gatheredBytes += bytes.length;
	}

	/** One timer for all that is sent meanwhile: it is not worth one of its own. */
	#flushSoon(): void {
		this.#soon ??= setTimeout(() => {
			this.#soon = undefined;
			this.flush();
		}, LATER_MS);
	}

	/** Nothing more comes for now: what was gathered leaves. */
	flush(): void {
		this.#writer.write(this.#takeGathered());
	}

	/** What was gathered, in one piece. */
	#takeGathered(): Uint8Array[] {
		const gathered = this.#gathered;
		if (gathered.length === 0) return [];
		const bytes = this.#gatheredBytes;
		this.#gathered = [];
		this.#gatheredBytes = 0;
		return gathered.length === 1 ? gathered : [Buffer.concat(gathered, bytes)];
	}

	/** Calls `stalled` when the client takes nothing of what waits for it for `limitMs()`, which is looked at anew each time. */
	watchWriting(limitMs: () => number, stalled: () => void): () => void {
		let before = this.#writer.progress;
		let quiet = 0;
		const timer = setInterval(() => {
			const now = this.#writer.progress;
			quiet = this.#writer.unsent === 0 || now !== before ? 0 : quiet + LOOK_MS;
			before = now;
			if (quiet > 0 && quiet >= limitMs()) stalled();
		}, LOOK_MS);
		return () => clearInterval(timer);
	}

	/** Waits until fewer than `bytes` are unsent; false when the client takes nothing for `limitMs`, or has gone. */
	async room(bytes: number, limitMs: number): Promise<boolean> {
		for (let quiet = 0, before = ''; !this.#gone && quiet < limitMs; quiet += LOOK_MS) {
			if (this.unsent < bytes) return true;
			if (this.#writer.progress !== before) quiet = 0;
			before = this.#writer.progress;
			await sleep(LOOK_MS);
		}
		return false;
	}

	/** Says goodbye after all that was sent; a client that does not leave then is cut off. */
	end(why: string): void {
		if (!this.#gone) this.#why = why;
		this.flush();
		this.#writer.end();
		this.#socket.resume();
		this.#end();
		const limit = setTimeout(() => this.#socket.destroy(), LINGER_MS);
		this.#socket.once('close', () => clearTimeout(limit));
	}

	/** Cuts it off. */
	destroy(why: string): void {
		if (!this.#gone) {
			this.#why = why;
			this.#cut = true;
		}
		this.#end();
		this.#socket.destroy();
	}
}
