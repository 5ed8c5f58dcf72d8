/** One transaction under way: from its request to the camera's response, or to the end of its cancellation. */

import type { Timers } from '#base/timers.ts';
import { withResolvers } from '#base/with-resolvers.ts';
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

/** If at most this many bytes remain, a cancelled transfer is drained instead of sending Cancel. */
const NOT_WORTH_CANCELLING = 1024 * 1024;
/**
 * A camera that still waits for data this many milliseconds after Cancel ignores it, so the data is padded with zeros.
 * The camera's other clients wait meanwhile, and libgphoto2 gives each answer 2.5 s.
 */
const PAD_AFTER_MS = 1500;

/** What a transaction needs from its connection. */
export interface Wire {
	readonly command: Channel;
	readonly event: Channel;
	readonly timeouts: Timeouts;
	readonly timers: Timers;
	/** Ends the connection, and with it this transaction through `fail`. */
	lose(lost: ConnectionLost): void;
}

/** An effect that concerns the connection and not this transaction. */
export type OutOfBand = Extract<TransactionEffect, { do: 'answerProbe' | 'event' }>;

/** Runs one transaction on an open connection. */
export class Exchange {
	readonly #wire: Wire;
	readonly #request: OperationRequest;
	readonly #options: TransactOptions;
	#state: TransactionState;
	/** The payload that arrives belongs to this transaction. */
	#taking = false;
	/** The sink's last promise. The response is delivered after it. */
	#pending: Promise<void> | undefined;
	/** Set once the transaction is cancelled. The response is still awaited, but the caller gets this reason. */
	#cancelled: { reason: unknown } | undefined;
	#cancelSent = false;
	#out: DataOut | undefined;
	/** When the transaction last made progress. */
	#progressAt: number;
	readonly #response = withResolvers<PacketOf<'operationResponse'>>();
	#lost = false;
	#over = false;
	/** Stops waiting for late data. */
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

	/** Call once. Resolves with any response; rejects with `ConnectionLost`, or with the reason of the cancellation. */
	async run(): Promise<OperationResponse> {
		const { code, params = [], send, lateData, receive } = this.#request;
		const { signal, began } = this.#options;
		const onAbort = () => this.#cancel(signal?.reason);
		// Nobody awaits the response while data goes out. A loss during that time is thrown below.
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

	/** Takes a frame of the command connection. A returned promise keeps the frame's bytes in use until it settles. */
	frame(frame: Frame, aside: (effect: OutOfBand) => void): Promise<void> | undefined {
		if (frame.type === 'payload') {
			if (!this.#taking) return undefined;
			this.progressed();
			return this.#deliver(frame.bytes);
		}
		this.#packet(frame.packet, frame.payloadBytes, aside);
		return undefined;
	}

	/** Notes progress: the camera sent something that counts, or we were not reading. */
	progressed(): void {
		this.#progressAt = this.#wire.timers.now();
	}

	/** Loses the connection if this transaction makes no progress within `ms`, whatever its own time limit is. */
	setDeadline(ms: number): void {
		const { timers, command } = this.#wire;
		const asked = timers.now();
		this.#stopDeadline();
		this.#stopDeadline = timers.after(ms, () => {
			if (!command.paused && this.#progressAt <= asked) this.#loseSilent(ms);
		});
	}

	/** Ends the transaction because the connection is over. */
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

	/** Resolves with data that turns up before the response; with `undefined` if the transaction ends first. */
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
		// It may have been lost or cancelled before anybody knew that data goes out.
		if (this.#cancelled !== undefined || this.#lost) this.#out.stop();
		try {
			await this.#out.run();
		} catch (error) {
			if (this.#lost) return;
			if (this.#out.ended) throw error;
			this.#cancel(error);
		}
	}

	/** Cancels the transaction. The connection survives if the camera ends the transaction in time. */
	#cancel(reason: unknown): void {
		if (this.#cancelled !== undefined || this.#over) return;
		this.#cancelled = { reason };
		this.#givenUp();
		this.#out?.stop();
		if (this.#state.at === 'done') return;
		this.#sendCancel();
		this.#limitCancelled();
	}

	/** CIPA DC-X005: Cancel goes over the event connection, and also over the command connection to end an outgoing data phase. */
	#sendCancel(): void {
		const { id: transactionId, at, total, received } = this.#state;
		// A camera that has all of its data is already answering, and a Cancel after that would be out of turn.
		const sending = this.#out?.isDue === true;
		if (!sending) {
			if (total !== undefined && total - received <= NOT_WORTH_CANCELLING) return;
			// No data is announced yet, or all of it came: the response is on its way.
			if (this.#options.keepSession === true && at !== 'dataIn') return;
		}
		this.#cancelSent = true;
		if (sending) this.#wire.command.send({ kind: 'cancel', transactionId });
		this.#wire.event.send({ kind: 'cancel', transactionId });
	}

	/** Loses the connection if the cancelled transaction does not end in time. */
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
	 * Loses the connection when the transaction makes no progress, unless we are the ones not reading. Events, Probes,
	 * empty packets and incomplete ones do not count as progress, because a camera could send them indefinitely.
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
