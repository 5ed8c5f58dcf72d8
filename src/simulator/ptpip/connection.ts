/** One TCP connection of an initiator: packets in, packets out, with back-pressure both ways. */
import type { Socket } from 'node:net';
import { type Frame, Framing } from '../../core/ptpip/framing.ts';
import { encodePacket, type Packet } from '../../core/ptpip/packet.ts';
import { MalformedBytes } from '../../core/wire/bytes.ts';
import { joinBytes } from '../bytes.ts';
import type { SimulatorClock } from '../clock.ts';
import type { Cut, FaultPlan } from '../faults/plan.ts';
import type { Pace } from './pace.ts';

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

/** RST and nothing else: `resetAndDestroy` by itself sends FIN before it. */
function reset(socket: Socket): void {
	Object.assign(socket, { resetAndClosing: true });
	socket.destroy();
}

/** Looks at what is sent, before it is. */
export type Valve = Pick<FaultPlan, 'cut'>;

/** A limited rate, and the clock that it goes by. */
export interface Flow {
	pace: Pace;
	clock: SimulatorClock;
}

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
	/** Where faults look at what is sent. */
	valve: Valve | undefined;
	readonly #flow: Flow | undefined;
	/** Nothing is sent any more, as by a camera that hangs; or it is about to be cut off. */
	#silent = false;
	#turn: Promise<void> = Promise.resolve();
	readonly #gone: Promise<void>;
	#tellGone = (): void => {};

	/** `flow`: a limit on payloads, both ways. */
	constructor(socket: Socket, flow?: Flow) {
		this.#socket = socket;
		this.#flow = flow;
		this.#gone = new Promise((resolve) => {
			this.#tellGone = resolve;
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

	/** True once a packet or a part of one has come. */
	get hasSpoken(): boolean {
		return this.#socket.bytesRead > 0;
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
		this.#tellGone();
		this.onClose?.();
	}

	/** The next frame; nothing when the connection is over. Only one caller may wait at a time. */
	async next(): Promise<Frame | undefined> {
		for (;;) {
			const frame = this.#frames.shift();
			if (frame !== undefined) {
				if (frame.type === 'payload') {
					this.#waitingBytes -= frame.bytes.length;
					await this.#slow(frame.bytes.length);
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

	/** Sends a packet in one write: chdkptp reads each Ack with a single `recv`. */
	send(packet: Packet): void {
		const bytes = encodePacket(packet);
		if (this.#flow === undefined) void this.#write(bytes);
		else void this.#inTurn(() => this.#write(bytes));
	}

	/** With a rate, writes last: each begins when the one before it is through. */
	#inTurn(task: () => Promise<void>): Promise<void> {
		this.#turn = this.#turn.then(task);
		return this.#turn;
	}

	/** Sends an event; drops it when the initiator has not read so many before it. */
	sendEvent(code: number, params: readonly number[]): void {
		if (this.#socket.writableLength > MOST_UNREAD_EVENT_BYTES) return;
		this.send({ kind: 'event', code, transactionId: NO_TRANSACTION, params: [...params] });
	}

	/** Sends a Data or End Data packet with its payload; resolves when the payload's memory may be used again. */
	sendPayload(kind: 'data' | 'endData', transactionId: number, payload: Uint8Array): Promise<void> {
		const header = encodePacket({ kind, transactionId }, payload.length);
		if (this.#flow === undefined) return this.#write(header, payload);
		const { slice } = this.#flow.pace;
		return this.#inTurn(async () => {
			void this.#write(header);
			for (let at = 0; at < payload.length && !this.#over; at += slice) {
				const piece = payload.subarray(at, at + slice);
				await this.#slow(piece.length);
				await this.#write(piece);
			}
		});
	}

	/** Waits as long as the rate wants it, or until the connection is over. */
	async #slow(bytes: number): Promise<void> {
		if (this.#flow === undefined) return;
		const { pace, clock } = this.#flow;
		const ms = pace.delay(bytes, clock.now());
		if (ms < 1) return;
		let stop = (): void => {};
		const waited = new Promise<void>((resolve) => {
			stop = clock.after(ms, resolve);
		});
		await Promise.race([waited, this.#gone]);
		stop();
	}

	/** Resolves when the system has taken all of it; when nothing more is sent, at the end of the connection. */
	#write(first: Uint8Array, second?: Uint8Array): Promise<void> {
		if (this.#socket.destroyed || this.#socket.writableEnded) return Promise.resolve();
		if (this.#silent) return this.#gone;
		const size = first.length + (second?.length ?? 0);
		const cut = this.valve?.cut(size);
		if (cut !== undefined) {
			if (cut.keep > 0) this.#socket.write((second === undefined ? first : joinBytes([first, second])).subarray(0, cut.keep));
			this.breakOff(cut.how);
			return this.#gone;
		}
		return new Promise((resolve) => {
			if (second === undefined || second.length === 0) return void this.#socket.write(first, () => resolve());
			this.#socket.cork();
			this.#socket.write(first);
			this.#socket.write(second, () => resolve());
			this.#socket.uncork();
		});
	}

	/** Sends raw bytes: for faults only. */
	sendRaw(bytes: Uint8Array): void {
		void this.#write(bytes);
	}

	/** A fault: FIN or RST after what was written, or silence from here on. */
	breakOff(how: Cut['how']): void {
		this.#silent = true;
		if (how === 'freeze') return;
		this.faulty = true;
		// What was written still goes out. Then the round is over, and the socket with it.
		this.#socket.write(new Uint8Array(0), () => {
			if (how === 'reset') reset(this.#socket);
			else this.#socket.end();
			this.#end();
		});
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
