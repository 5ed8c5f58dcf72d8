/** One transaction under way: from its request to the camera's answer, or to its end by the rules when it is given up. */
import { deferred } from '#base/deferred.ts';
import type { Timers } from '#base/timers.ts';
import type { Frame } from '../framing.ts';
import { DATA_PHASE, type Packet, type PacketOf } from '../packet.ts';
import { asked, type TransactionEffect, type TransactionState, transaction } from '../transaction.ts';
import type { Channel } from './channel.ts';
import { DataOut } from './data-out.ts';
import type { Timeouts } from './timeouts.ts';
import {
	ConnectionLost,
	type OperationRequest,
	type OperationResponse,
	type Outgoing,
	type Sink,
	type TransactOptions,
} from './transact.ts';

/** With no more than this left to come, a cancelled transfer is read to its end instead of being cancelled on the wire. */
const NOT_WORTH_CANCELLING = 1024 * 1024;
/**
 * A camera that waits for data and has not listened to Cancel by then knows none, in milliseconds: others of its clients wait
 * meanwhile, and libgphoto2 gives each answer 2.5 s.
 */
const PAD_AFTER_MS = 1500;

/** What a transaction needs of its connection. */
export interface Wire {
	readonly command: Channel;
	readonly event: Channel;
	readonly timeouts: Timeouts;
	readonly timers: Timers;
	/** The camera cannot be followed any more: ends the connection, and with it this transaction by `fail`. */
	lose(lost: ConnectionLost): void;
}

/** An effect that concerns the connection, not this transaction. */
export type OutOfBand = Extract<TransactionEffect, { do: 'answerProbe' | 'event' }>;

export class Exchange {
	readonly #wire: Wire;
	readonly #request: OperationRequest;
	readonly #options: TransactOptions;
	#state: TransactionState;
	/** The payload that comes is ours. */
	#taking = false;
	/** The sink's last promise, so that the answer comes after all data is taken. */
	#pending: Promise<void> | undefined;
	/** Why it was given up, once it is: the answer is awaited, but this is what the caller gets. */
	#cancelled: { reason: unknown } | undefined;
	#cancelSent = false;
	#out: DataOut | undefined;
	/** When it last came on. */
	#progressAt: number;
	readonly #response = deferred<PacketOf<'operationResponse'>>();
	#lost = false;
	#over = false;
	/** Data that might have turned up is not waited for any more. */
	#givenUp = () => {};
	#stopSilenceTimer = () => {};
	#stopCancelTimer = () => {};
	#stopDeadline = () => {};

	constructor(wire: Wire, transactionId: number, request: OperationRequest, options: TransactOptions) {
		this.#wire = wire;
		this.#request = request;
		this.#options = options;
		this.#state = asked(transactionId);
		this.#progressAt = wire.timers.now();
	}

	/** To be called once. Resolves with any answer; rejects with `ConnectionLost`, or with the reason why it was given up. */
	async run(): Promise<OperationResponse> {
		const { code, params = [], send, lateData, receive } = this.#request;
		const { signal, began } = this.#options;
		const onAbort = () => this.#cancel(signal?.reason);
		// While data goes out nobody waits for the answer yet; a loss in that time is thrown below.
		this.#response.promise.catch(() => {});
		this.#watchSilence();
		signal?.addEventListener('abort', onAbort, { once: true });
		try {
			const dataPhase = send === undefined ? DATA_PHASE.inOrNone : DATA_PHASE.out;
			this.#wire.command.send({ kind: 'operationRequest', dataPhase, code, transactionId: this.#state.id, params });
			began?.(this.#state.id);
			const outgoing = send ?? (lateData && (await this.#unlessOver(lateData)));
			if (outgoing !== undefined) await this.#send(outgoing);
			const response = await this.#response.promise;
			if (receive?.detached !== true) await this.#pending;
			if (this.#cancelled !== undefined) throw this.#cancelled.reason;
			const { total, received } = this.#state;
			return { code: response.code, params: response.params, total, received };
		} catch (error) {
			throw this.#cancelled === undefined ? error : this.#cancelled.reason;
		} finally {
			this.#over = true;
			this.#out?.close();
			this.#stopSilenceTimer();
			this.#stopCancelTimer();
			this.#stopDeadline();
			signal?.removeEventListener('abort', onAbort);
		}
	}

	/** A frame of the command connection. A promise that comes back keeps its bytes in use until it settles. */
	frame(frame: Frame, aside: (effect: OutOfBand) => void): Promise<void> | undefined {
		if (frame.type === 'payload') {
			if (!this.#taking) return undefined;
			this.progressed();
			return this.#deliver(frame.bytes);
		}
		this.#packet(frame.packet, frame.payloadBytes, aside);
		return undefined;
	}

	/** The camera gave a sign that counts, or it was we who did not listen. */
	progressed(): void {
		this.#progressAt = this.#wire.timers.now();
	}

	/** It is doubted that the camera is there: it is lost if nothing comes of this within `ms`, whatever its own limit is. */
	setDeadline(ms: number): void {
		const { timers, command } = this.#wire;
		const asked = timers.now();
		this.#stopDeadline();
		this.#stopDeadline = timers.after(ms, () => {
			if (!command.paused && this.#progressAt <= asked) this.#loseSilent(ms);
		});
	}

	/** The connection is over. */
	fail(lost: ConnectionLost): void {
		this.#lost = true;
		this.#response.reject(lost);
		this.#out?.stop();
	}

	#packet(packet: Packet, payloadBytes: number, aside: (effect: OutOfBand) => void): void {
		const [state, effect] = transaction(this.#state, { packet, payloadBytes });
		this.#state = state;
		this.#taking = effect?.do === 'take';
		switch (effect?.do) {
			case 'begin':
				if (this.#cancelled === undefined) this.#guarded((sink) => sink.begin?.(effect.total));
				else if (this.#options.keepSession === true && !this.#cancelSent) this.#sendCancel();
				break;
			case 'complete':
				this.#response.resolve(effect.response);
				break;
			case 'break':
				this.#wire.lose(new ConnectionLost('broken', effect.why));
				break;
			case 'answerProbe':
			case 'event':
				aside(effect);
		}
	}

	#deliver(bytes: Uint8Array): Promise<void> | undefined {
		if (this.#cancelled !== undefined) return undefined;
		const taken = this.#guarded((sink) => sink.piece(bytes))?.catch((error: unknown) => this.#cancel(error));
		if (taken !== undefined) this.#pending = taken;
		return taken;
	}

	/** A sink's error cancels the transaction instead of reaching the socket. */
	#guarded<T>(use: (sink: Sink) => T): T | undefined {
		const { receive } = this.#request;
		if (receive === undefined) return undefined;
		try {
			return use(receive);
		} catch (error) {
			this.#cancel(error);
			return undefined;
		}
	}

	/** Data that turns up while the answer is out; nothing when the transaction is over before. */
	#unlessOver(later: Promise<Outgoing>): Promise<Outgoing | undefined> {
		return new Promise((resolve, reject) => {
			const over = () => resolve(undefined);
			later.then(resolve, reject);
			this.#response.promise.then(over, over);
			this.#givenUp = over;
		});
	}

	async #send(outgoing: Outgoing): Promise<void> {
		this.#out = new DataOut(this.#wire.command, this.#state.id, outgoing, () => this.progressed());
		// It may have been lost or given up while it was not known yet that data goes out.
		if (this.#cancelled !== undefined || this.#lost) this.#out.stop();
		try {
			await this.#out.run();
		} catch (error) {
			if (this.#lost) return;
			if (this.#out.ended) throw error;
			this.#cancel(error);
		}
	}

	/** Gives the transaction up: the connection goes on if the camera comes to its end in time. */
	#cancel(reason: unknown): void {
		if (this.#cancelled !== undefined || this.#over) return;
		this.#cancelled = { reason };
		this.#givenUp();
		this.#out?.stop();
		if (this.#state.at === 'done') return;
		this.#sendCancel();
		this.#limitCancelled();
	}

	/** CIPA DC-X005: Cancel goes over the event connection; one over the command connection ends an outgoing data phase. */
	#sendCancel(): void {
		const { id: transactionId, at, total, received } = this.#state;
		// With all of its data a camera is at its answer: a Cancel behind that would be out of turn.
		const sending = this.#out?.isDue === true;
		if (!sending) {
			if (total !== undefined && total - received <= NOT_WORTH_CANCELLING) return;
			// Nothing is announced yet, or all of it came: the answer is on its way.
			if (this.#options.keepSession === true && at !== 'dataIn') return;
		}
		this.#cancelSent = true;
		if (sending) this.#wire.command.send({ kind: 'cancel', transactionId });
		this.#wire.event.send({ kind: 'cancel', transactionId });
	}

	/** Loses the connection when the cancelled transaction does not end. */
	#limitCancelled(): void {
		const { timers, timeouts } = this.#wire;
		const { cancelMs } = timeouts;
		const keepSession = this.#options.keepSession === true;
		let padded = false;
		const lookAfter = (ms: number) => {
			this.#stopCancelTimer = timers.after(ms, look);
		};
		const padAfterMs = Math.min(PAD_AFTER_MS, cancelMs);
		const look = () => {
			const mustPad = keepSession && !padded && this.#out?.isDue === true;
			const left = (mustPad ? padAfterMs : cancelMs) - (timers.now() - this.#progressAt);
			if (keepSession && left > 0) lookAfter(left);
			else if (mustPad) {
				padded = true;
				void this.#out?.padWithZeros();
				lookAfter(cancelMs);
			} else this.#wire.lose(new ConnectionLost('silent', 'the camera did not end a cancelled transfer'));
		};
		lookAfter(keepSession ? padAfterMs : cancelMs);
	}

	/**
	 * Loses the connection when the transaction does not come on; not while it is we who do not read.
	 * Events, Probes, empty packets and begun ones are no progress: a camera can send those for ever.
	 */
	#watchSilence(): void {
		const { timers, timeouts, command } = this.#wire;
		const { silenceMs = timeouts.silenceMs } = this.#options;
		const lookAfter = (ms: number) => {
			this.#stopSilenceTimer = timers.after(ms, look);
		};
		const look = () => {
			const quiet = command.paused ? 0 : timers.now() - this.#progressAt;
			if (quiet >= silenceMs) this.#loseSilent(silenceMs);
			else lookAfter(Math.max(silenceMs - quiet, 1));
		};
		lookAfter(silenceMs);
	}

	#loseSilent(ms: number): void {
		this.#wire.lose(new ConnectionLost('silent', `no answer for ${seconds(ms)}`));
	}
}

const seconds = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`);
