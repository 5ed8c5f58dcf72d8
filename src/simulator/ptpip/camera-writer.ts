/** What goes to the initiator: whole packets, payloads at their rate, and the faults that were asked for. */
import type { Socket } from 'node:net';
import { joinBytes } from '#base/bytes.ts';
import { encodePacket, NO_TRANSACTION, type Packet } from '#protocol/ptpip/packet.ts';
import type { PacketWriter } from '#protocol/ptpip/responder/peer-socket.ts';
import type { SimulatorClock } from '../clock.ts';
import type { Cut, FaultPlan } from '../faults/plan.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Looks at what is sent, before it is. */
export type FaultHook = Pick<FaultPlan, 'cut'>;

/** A limited rate, and the clock that it goes by. */
export interface Throttle {
	limiter: RateLimiter;
	clock: SimulatorClock;
}

/** Bytes of events that an initiator may leave unread. */
const MOST_UNREAD_EVENT_BYTES = 64 * 1024;

/** RST and nothing before it: `resetAndDestroy` by itself ends the stream first, which sends FIN. */
function reset(socket: Socket): void {
	Object.assign(socket, { resetAndClosing: true });
	socket.destroy();
}

export class CameraWriter implements PacketWriter {
	/** A fault has ended the connection. */
	faulty = false;
	readonly #socket: Socket;
	readonly #throttle: Throttle | undefined;
	readonly #broken: (how: 'reset' | 'drop') => void;
	/** Nothing is sent any more, as by a camera that hangs; or it is about to be cut off. */
	#silent = false;
	/** With a rate, writes last: each begins when the one before it is through. */
	#turn: Promise<void> = Promise.resolve();
	#over = false;
	/** Whoever waits for the rate, for the system, or for an end in silence. */
	readonly #waiting = new Set<() => void>();
	/** Lets faults look at everything that is sent from here on. */
	faultHook: FaultHook | undefined;

	/** @param broken a fault has cut the connection off, after everything that was written before it */
	constructor(socket: Socket, throttle: Throttle | undefined, broken: (how: 'reset' | 'drop') => void) {
		this.#socket = socket;
		this.#throttle = throttle;
		this.#broken = broken;
	}

	get unsent(): number {
		return this.#socket.writableLength;
	}

	/** Ends the stream when what the rate holds back has been written. */
	end(): Promise<void> | undefined {
		if (this.#throttle !== undefined) return this.#turn.then(() => void this.#socket.end());
		this.#socket.end();
		return undefined;
	}

	/** The connection is over: nobody waits any longer. */
	close(): void {
		this.#over = true;
		for (const wake of this.#waiting) wake();
		this.#waiting.clear();
	}

	/** Sends an event, or drops it when the initiator has left too many unread: chdkptp never reads its event connection. */
	sendEvent(code: number, params: readonly number[]): void {
		if (this.unsent > MOST_UNREAD_EVENT_BYTES) return;
		void this.send({ kind: 'event', code, transactionId: NO_TRANSACTION, params: [...params] });
	}

	/**
	 * Resolves when the system has taken it: whoever answers waits for that, so that an initiator that asks and never reads
	 * is held back.
	 */
	send(packet: Packet): Promise<void> {
		const bytes = encodePacket(packet);
		return this.#throttle === undefined ? this.#write(bytes) : this.#inTurn(() => this.#write(bytes));
	}

	/** Sends a Data or End Data packet; resolves when the payload's memory may be used again. */
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

	/** Sends raw bytes: for faults only. */
	sendRaw(bytes: Uint8Array): void {
		void this.#write(bytes);
	}

	/** A fault: FIN or RST after what was written, or silence from here on. */
	breakOff(how: Cut['how']): void {
		this.#silent = true;
		if (how === 'freeze') return;
		// What was written still goes out. Then the round is over, and the socket with it.
		this.#socket.write(new Uint8Array(0), () => {
			this.faulty = true;
			if (how === 'reset') reset(this.#socket);
			this.#broken(how);
		});
	}

	/** Waits as long as the rate wants it for so many bytes, or until the connection is over. */
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

	/** Resolves when the system has taken all of it, or at the end of the connection. */
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
