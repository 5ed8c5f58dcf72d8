/** Sends packets to the initiator: payloads at a limited rate, and with the requested faults. */
import type { Socket } from 'node:net';
import { joinBytes } from '#base/bytes.ts';
import { encodePacket, NO_TRANSACTION, type Packet } from '#protocol/ptpip/packet.ts';
import type { PacketWriter } from '#protocol/ptpip/responder/peer-socket.ts';
import type { SimulatorClock } from '../clock.ts';
import type { Cut, FaultPlan } from '../faults/plan.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Decides about bytes before they are sent. */
export type FaultHook = Pick<FaultPlan, 'cut'>;

/** A limited rate and its clock. */
export interface Throttle {
	limiter: RateLimiter;
	clock: SimulatorClock;
}

/** Most bytes of events that an initiator may leave unread. */
const MOST_UNREAD_EVENT_BYTES = 64 * 1024;

/** Sends RST without FIN. `resetAndDestroy` alone ends the stream first, which sends FIN. */
function reset(socket: Socket): void {
	Object.assign(socket, { resetAndClosing: true });
	socket.destroy();
}

/** The camera's packet writer. */
export class CameraWriter implements PacketWriter {
	/** A fault has ended the connection. */
	faulty = false;
	readonly #socket: Socket;
	readonly #throttle: Throttle | undefined;
	readonly #broken: (how: 'reset' | 'drop') => void;
	/** Nothing more is sent, as by a camera that hangs, or before the connection is cut off. */
	#silent = false;
	/** With a limited rate each write begins when the one before it is done. */
	#turn: Promise<void> = Promise.resolve();
	#over = false;
	/** Wakes everyone who waits for the rate, for the system, or for the end of the connection. */
	readonly #waiting = new Set<() => void>();
	/** When set, decides about everything that is sent from then on. */
	faultHook: FaultHook | undefined;

	/** @param broken called when a fault has ended the connection, after everything written before it was sent */
	constructor(socket: Socket, throttle: Throttle | undefined, broken: (how: 'reset' | 'drop') => void) {
		this.#socket = socket;
		this.#throttle = throttle;
		this.#broken = broken;
	}

	get unsent(): number {
		return this.#socket.writableLength;
	}

	/** Ends the stream after everything that the rate holds back was written. */
	end(): Promise<void> | undefined {
		if (this.#throttle !== undefined) return this.#turn.then(() => void this.#socket.end());
		this.#socket.end();
		return undefined;
	}

	/** Releases everyone who waits, because the connection is over. */
	close(): void {
		this.#over = true;
		for (const wake of this.#waiting) wake();
		this.#waiting.clear();
	}

	/** Sends an event, or drops it if the initiator has left too many unread. chdkptp never reads its event connection. */
	sendEvent(code: number, params: readonly number[]): void {
		if (this.unsent > MOST_UNREAD_EVENT_BYTES) return;
		void this.send({ kind: 'event', code, transactionId: NO_TRANSACTION, params: [...params] });
	}

	/**
	 * Sends a packet. Resolves when the system has taken it. Answers wait for that, so that an initiator that sends requests
	 * and never reads is slowed down.
	 */
	send(packet: Packet): Promise<void> {
		const bytes = encodePacket(packet);
		return this.#throttle === undefined ? this.#write(bytes) : this.#inTurn(() => this.#write(bytes));
	}

	/** Sends a Data or End Data packet. Resolves when the payload's memory may be reused. */
	sendPayload(kind: 'data' | 'endData', transactionId: number, payload: Uint8Array): Promise<void> {
		const header = encodePacket({ kind, transactionId }, payload.length);
		if (this.#throttle === undefined) return this.#write(header, payload);
		const { slice } = this.#throttle.limiter;
		return this.#inTurn(async () => {
			void this.#write(header);
			for (let at = 0; at < payload.length && !this.#over; at += slice) {
				const piece = payload.subarray(at, at + slice);
				await this.slow(piece.length);
				await this.#write(piece);
			}
		});
	}

	/** Sends raw bytes. Only for faults. */
	sendRaw(bytes: Uint8Array): void {
		void this.#write(bytes);
	}

	/** Performs a fault: FIN or RST after everything written so far, or silence from now on. */
	breakOff(how: Cut['how']): void {
		this.#silent = true;
		if (how === 'freeze') return;
		// Everything written so far is still sent. Then the round is over, and the socket with it.
		this.#socket.write(new Uint8Array(0), () => {
			this.faulty = true;
			if (how === 'reset') reset(this.#socket);
			this.#broken(how);
		});
	}

	/** Waits as long as the rate requires for this many bytes, or until the connection is over. */
	async slow(bytes: number): Promise<void> {
		if (this.#throttle === undefined) return;
		const { limiter, clock } = this.#throttle;
		const ms = limiter.delay(bytes, clock.now());
		if (ms < 1) return;
		let stop = (): void => {};
		await this.#wait((wake) => {
			stop = clock.after(ms, wake);
		});
		stop();
	}

	#wait(begin: (wake: () => void) => void): Promise<void> {
		return new Promise((resolve) => {
			if (this.#over) return resolve();
			const wake = (): void => {
				this.#waiting.delete(wake);
				resolve();
			};
			this.#waiting.add(wake);
			begin(wake);
		});
	}

	#inTurn(task: () => Promise<void>): Promise<void> {
		this.#turn = this.#turn.then(task);
		return this.#turn;
	}

	/** Resolves when the system has taken all bytes, or at the end of the connection. */
	#write(first: Uint8Array, second?: Uint8Array): Promise<void> {
		if (this.#socket.destroyed || this.#socket.writableEnded) return Promise.resolve();
		if (this.#silent) return this.#wait(() => {});
		const cut = this.faultHook?.cut(first.length + (second?.length ?? 0));
		if (cut !== undefined) {
			if (cut.keep > 0) this.#socket.write((second === undefined ? first : joinBytes([first, second])).subarray(0, cut.keep));
			this.breakOff(cut.how);
			return this.#wait(() => {});
		}
		return this.#wait((through) => {
			if (second === undefined || second.length === 0) return void this.#socket.write(first, through);
			this.#socket.cork();
			this.#socket.write(first);
			this.#socket.write(second, through);
			this.#socket.uncork();
		});
	}
}
