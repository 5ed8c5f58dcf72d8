/** One TCP connection of an initiator: packets in, packets out, with back-pressure both ways. */
import type { Socket } from 'node:net';
import { type Frame, Framing } from '#protocol/ptpip/framing.ts';
import type { Packet } from '#protocol/ptpip/packet.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { Cut } from '../faults/plan.ts';
import { type Flow, Outlet, type Valve } from './outlet.ts';

/** Bytes that may wait unread before the sender is held back. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** Packets that may wait unread before the sender is held back. */
const MOST_WAITING_FRAMES = 1024;
/** A refused initiator may stay this long. */
const LINGER_MS = 2000;

/** Bytes of events that an initiator may leave unread: some never read their event connection (chdkptp). */
const MOST_UNREAD_EVENT_BYTES = 64 * 1024;
/** Transaction id of events that belong to none (ISO 15740). */
const NO_TRANSACTION = 0xffff_ffff;

export class Connection {
	readonly #socket: Socket;
	readonly #framing = new Framing();
	#frames: Frame[] = [];
	#waitingBytes = 0;
	#wake: (() => void) | undefined;
	#over = false;
	#broken: string | undefined;
	/** Called for Cancel packets at once, ahead of the queue. */
	onCancel: ((transactionId: number) => void) | undefined;
	/** Called once, when nothing more will come or can be sent. */
	onClose: (() => void) | undefined;
	/** A fault has ended it. */
	faulty = false;
	readonly #outlet: Outlet;

	/** `flow`: a limit on payloads, both ways. */
	constructor(socket: Socket, flow?: Flow) {
		this.#socket = socket;
		this.#outlet = new Outlet(socket, flow, () => {
			this.faulty = true;
			this.#end();
		});
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

	get closed(): boolean {
		return this.#over;
	}

	/** Why the stream cannot be read on, if what came was not PTP-IP. */
	get broken(): string | undefined {
		return this.#broken;
	}

	#receive(bytes: Uint8Array): void {
		if (this.#over) return;
		try {
			for (const frame of this.#framing.push(bytes)) {
				if (frame.type === 'payload') this.#waitingBytes += frame.bytes.length;
				else if (frame.packet.kind === 'cancel') this.onCancel?.(frame.packet.transactionId);
				this.#frames.push(frame);
			}
		} catch (error) {
			if (!(error instanceof MalformedBytes)) throw error;
			this.#broken = error.message;
			this.#end();
			this.#socket.destroy();
			return;
		}
		if (this.#waitingBytes > MOST_WAITING_BYTES || this.#frames.length > MOST_WAITING_FRAMES) this.#socket.pause();
		this.#wake?.();
	}

	#end(): void {
		if (this.#over) return;
		this.#over = true;
		this.#wake?.();
		this.#outlet.close();
		this.onClose?.();
	}

	/** The next frame; nothing when the connection is over. Only one caller may wait at a time. */
	async next(): Promise<Frame | undefined> {
		for (;;) {
			const frame = this.#frames.shift();
			if (frame !== undefined) {
				if (frame.type === 'payload') {
					this.#waitingBytes -= frame.bytes.length;
					await this.#outlet.slow(frame.bytes.length);
				}
				if (this.#socket.isPaused() && this.#waitingBytes <= MOST_WAITING_BYTES / 2 && this.#frames.length <= MOST_WAITING_FRAMES / 2)
					this.#socket.resume();
				return frame;
			}
			if (this.#over) return undefined;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
			this.#wake = undefined;
		}
	}

	/** Puts frames back in front, to be read again. */
	unread(frame: Frame): void {
		if (frame.type === 'payload') this.#waitingBytes += frame.bytes.length;
		this.#frames.unshift(frame);
		this.#wake?.();
	}

	/**
	 * Sends a packet in one write: chdkptp reads each Ack with a single `recv`. Resolves when the system has taken it: who
	 * answers waits for that, so that an initiator that asks and never reads is held back.
	 */
	send(packet: Packet): Promise<void> {
		return this.#outlet.send(packet);
	}

	/** Sends an event; drops it when the initiator has not read so many before it. */
	sendEvent(code: number, params: readonly number[]): void {
		if (this.#outlet.unsent > MOST_UNREAD_EVENT_BYTES) return;
		void this.send({ kind: 'event', code, transactionId: NO_TRANSACTION, params: [...params] });
	}

	/** Sends a Data or End Data packet with its payload; resolves when the payload's memory may be used again. */
	sendPayload(kind: 'data' | 'endData', transactionId: number, payload: Uint8Array): Promise<void> {
		return this.#outlet.sendPayload(kind, transactionId, payload);
	}

	/** Sends raw bytes: for faults only. */
	sendRaw(bytes: Uint8Array): void {
		this.#outlet.sendRaw(bytes);
	}

	/** A fault: FIN or RST after what was written, or silence from here on. */
	breakOff(how: Cut['how']): void {
		this.#outlet.breakOff(how);
	}

	/** Lets faults look at what is sent from here on. */
	watchedBy(valve: Valve | undefined): void {
		this.#outlet.valve = valve;
	}

	/** Sends FIN after what was written; a peer that does not leave then is cut off. */
	end(): void {
		this.#socket.end();
		this.#socket.setTimeout(LINGER_MS, () => this.#socket.destroy());
	}

	/** Ends at once, dropping what was not sent yet. */
	destroy(): void {
		this.#end();
		this.#socket.destroy();
	}
}
