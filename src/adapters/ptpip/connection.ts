/**
 * An open PTP-IP connection: transactions, one after the other, with data streamed both ways. It knows no operation's
 * meaning except that OpenSession begins the count of transactions, so a proxy can use it as well as a client.
 */
import { OPERATION } from '../../core/ptp/operations.ts';
import type { Frame } from '../../core/ptpip/framing.ts';
import type { Acknowledged } from '../../core/ptpip/handshake.ts';
import { DATA_PHASE, type PacketOf, UNKNOWN_TOTAL } from '../../core/ptpip/packet.ts';
import { asked, nextTransactionId, type TransactionState, transaction } from '../../core/ptpip/transaction.ts';
import type { Channel, ChannelReader } from './channel.ts';
import type { Limits } from './limits.ts';
import { REAL_TIMERS, type Timers } from './timers.ts';
import { Turns } from './turns.ts';

/** With no more than this left to come, a cancelled transfer is read to its end instead of being cancelled on the wire. */
const NOT_WORTH_CANCELLING = 1024 * 1024;
/** Bytes of one piece of zeros. */
const PADDING_BYTES = 64 * 1024;
/** Answers to Probe Requests stop while this many bytes wait: a peer that asks and never reads must not fill memory. */
const UNSENT_LIMIT = 64 * 1024;

/** Thrown by every transaction once the connection is over. `message` is a sentence part for people. */
export class ConnectionLost extends Error {
	override readonly name = 'ConnectionLost';
	/** `silent`: no answer and none of its data for too long. `closed`: TCP ended. `broken`: what came was no PTP-IP. */
	readonly kind: 'silent' | 'closed' | 'broken';
	constructor(kind: 'silent' | 'closed' | 'broken', why: string) {
		super(why);
		this.kind = kind;
	}
}

/** Data for the camera. `total` in bytes, `undefined` when not known beforehand. */
export interface Outgoing {
	total: number | undefined;
	pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Where the data of an operation goes. */
export interface Sink {
	/** Called before the first piece: how many bytes will come, `undefined` when the camera does not know. */
	begin?(total: number | undefined): void;
	/**
	 * A piece, valid until this returns or its promise settles; promises settle in order. While many are open the
	 * camera is not read. Throwing or rejecting cancels the transaction.
	 */
	piece(bytes: Uint8Array): Promise<void> | void;
	/** The answer need not wait for the last promises: whoever made the sink does, and hears of their errors. */
	readonly ownPace?: boolean;
}

export interface Request {
	code: number;
	/** At most five. */
	params?: readonly number[];
	send?: Outgoing | undefined;
	/** For an operation of which nobody knows whether data goes out: settles with it when it does, before the answer came. */
	later?: Promise<Outgoing> | undefined;
	/** Takes data from the camera; without it data is thrown away. */
	receive?: Sink | undefined;
}

/** The camera's answer, whatever its code. `total` is absent when no data was announced. */
export interface Answer {
	code: number;
	params: readonly number[];
	total: number | undefined;
	received: number;
}

export interface TransactOptions {
	signal?: AbortSignal | undefined;
	/** Instead of the connection's own limit, in milliseconds. */
	silenceMs?: number | undefined;
	/**
	 * An aborted transaction must not cost the session: it may take as long as its data comes, Cancel is sent only for data that
	 * was announced and is long, and data for the camera is filled up with zeros if it does not listen to Cancel.
	 */
	gently?: boolean | undefined;
	/** Told the transaction's id when the request goes out. */
	began?: ((transactionId: number) => void) | undefined;
}

export type EventListener = (event: PacketOf<'event'>) => void;

interface Running {
	state: TransactionState;
	sink: Sink | undefined;
	taking: boolean;
	/** The sink's last promise, so that the answer comes after all data is taken. */
	pending: Promise<void>;
	/** Why it was given up, once it is: the answer is awaited, but this is what the caller gets. */
	cancelled: { reason: unknown } | undefined;
	gently: boolean;
	/** Cancel has been sent. */
	cancelSent: boolean;
	/** Data is going out; `unsent` bytes of it when it was given up. */
	sending: boolean;
	unsent: number;
	/** Settles when it was given up or the connection is over: nothing more is to be sent. */
	stopped: Promise<void>;
	answered(answer: PacketOf<'operationResponse'>): void;
	failed(error: unknown): void;
}

export class Connection {
	/** What the camera said of itself in its Init Command Ack. */
	readonly camera: Acknowledged;
	/** Settles when the connection is over: with the reason, or with nothing when `close` was called. */
	readonly over: Promise<ConnectionLost | undefined>;
	readonly #command: Channel;
	readonly #event: Channel;
	readonly #limits: Limits;
	readonly #timers: Timers;
	readonly #turns = new Turns();
	readonly #listeners = new Set<EventListener>();
	#tellOver: (lost: ConnectionLost | undefined) => void = () => {};
	#lost: ConnectionLost | undefined;
	#closing = false;
	#lastId = 0;
	/** When the transaction under way last came on. */
	#progressAt = 0;
	#running: Running | undefined;
	#channelsLeft = 2;
	#tellChannelsGone: () => void = () => {};
	readonly #channelsGone: Promise<void>;

	constructor(command: Channel, event: Channel, camera: Acknowledged, limits: Limits, timers: Timers = REAL_TIMERS) {
		this.#command = command;
		this.#event = event;
		this.camera = camera;
		this.#limits = limits;
		this.#timers = timers;
		this.over = new Promise((resolve) => {
			this.#tellOver = resolve;
		});
		this.#channelsGone = new Promise((resolve) => {
			this.#tellChannelsGone = resolve;
		});
		command.reader = this.#reader((frame) => this.#commandFrame(frame));
		event.reader = this.#reader((frame) => this.#eventFrame(frame));
	}

	/** Why the connection is over, or nothing while it is not. */
	get lost(): ConnectionLost | undefined {
		return this.#lost;
	}

	/** Hears the camera's events from now on; the function that comes back ends it. */
	listen(listener: EventListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * One transaction, in turn after those asked for before. Resolves with any answer, refusals included. Rejects with
	 * `ConnectionLost`; with the signal's reason or what a sink or source threw, after the transaction was cancelled
	 * by the rules (the connection stays usable, unless the camera does not come to an end in time).
	 */
	async transact(request: Request, options: TransactOptions = {}): Promise<Answer> {
		const { signal } = options;
		signal?.throwIfAborted();
		const done = await this.#turns.take(signal);
		try {
			if (this.#lost !== undefined) throw this.#lost;
			return await this.#transact(request, options);
		} finally {
			done();
		}
	}

	/** Closes both connections, in good order if that works within a second. Does not send CloseSession. */
	async close(): Promise<void> {
		if (!this.#closing) {
			this.#closing = true;
			this.#lost ??= new ConnectionLost('closed', 'the connection was closed');
			this.#running?.failed(this.#lost);
			this.#event.finish();
			this.#command.finish();
			this.#tellOver(undefined);
		}
		const callOff = this.#timers.after(this.#limits.closeMs, () => this.#destroy());
		await this.#channelsGone;
		callOff();
	}

	/** Closes both connections at once, whatever is under way; transactions reject with `ConnectionLost`. */
	drop(): void {
		this.#closing = true;
		this.#lost ??= new ConnectionLost('closed', 'the connection was closed');
		this.#running?.failed(this.#lost);
		this.#destroy();
		this.#tellOver(undefined);
	}

	async #transact(request: Request, options: TransactOptions): Promise<Answer> {
		const { silenceMs = this.#limits.silenceMs, signal } = options;
		const { code, params = [], send } = request;
		const id = code === OPERATION.openSession ? 0 : nextTransactionId(this.#lastId);
		this.#lastId = id;
		let stopCancelLimit = () => {};
		this.#progressed();
		const stopWatching = this.#watchSilence(silenceMs);
		const response = deferred<PacketOf<'operationResponse'>>();
		const stopped = deferred<void>();
		const running: Running = {
			state: asked(id),
			sink: undefined,
			taking: false,
			pending: Promise.resolve(),
			cancelled: undefined,
			gently: options.gently === true,
			cancelSent: false,
			sending: send !== undefined,
			unsent: 0,
			stopped: stopped.promise,
			answered: response.resolve,
			failed(error) {
				response.reject(error);
				stopped.resolve();
			},
		};
		const onAbort = () => cancel(signal?.reason);
		const cancel = (reason: unknown) => {
			if (this.#running !== running || running.cancelled !== undefined) return;
			running.cancelled = { reason };
			stopped.resolve();
			this.#sendCancel(running);
			stopCancelLimit = this.#limitCancelled(running);
		};
		try {
			if (request.receive !== undefined) running.sink = guarded(request.receive, cancel);
			this.#running = running;
			// While data goes out nobody waits for the answer yet; a loss in that time is thrown below.
			response.promise.catch(() => {});
			signal?.addEventListener('abort', onAbort, { once: true });
			const dataPhase = send === undefined ? DATA_PHASE.inOrNone : DATA_PHASE.out;
			this.#command.send({ kind: 'operationRequest', dataPhase, code, transactionId: id, params });
			options.began?.(id);
			const outgoing = send ?? (request.later && (await Promise.race([request.later, settled(response.promise), stopped.promise])));
			running.sending = outgoing !== undefined;
			if (outgoing !== undefined) await this.#sendData(id, outgoing, running, cancel);
			const { code: answer, params: answers } = await response.promise;
			if (request.receive?.ownPace !== true) await running.pending;
			if (running.cancelled !== undefined) throw running.cancelled.reason;
			return { code: answer, params: answers, total: running.state.total, received: running.state.received };
		} catch (error) {
			throw running.cancelled === undefined ? error : running.cancelled.reason;
		} finally {
			stopCancelLimit();
			stopWatching();
			signal?.removeEventListener('abort', onAbort);
			this.#running = undefined;
		}
	}

	/** Start Data, Data, and the last piece as End Data, as libgphoto2 does; an unknown total ends with an empty End Data. */
	async #sendData(id: number, send: Outgoing, running: Running, cancel: (reason: unknown) => void): Promise<void> {
		const { total } = send;
		this.#command.send({ kind: 'startData', transactionId: id, total: total === undefined ? UNKNOWN_TOTAL : BigInt(total) });
		let sent = 0;
		let ended = false;
		running.unsent = total ?? 0;
		try {
			for await (const piece of untilStopped(send.pieces, running.stopped)) {
				if (this.#lost !== undefined) throw this.#lost;
				if (running.cancelled !== undefined) return;
				if (piece.length === 0) continue;
				sent += piece.length;
				if (total !== undefined) running.unsent = total - sent;
				if (total !== undefined && sent > total) throw new RangeError(`more than the ${total} bytes that were announced`);
				ended = sent === total;
				await this.#sendPiece(ended, id, piece);
			}
			if (this.#lost !== undefined) throw this.#lost;
			if (running.cancelled !== undefined) return;
			if (total !== undefined && sent < total) throw new RangeError(`${sent} bytes instead of the ${total} that were announced`);
		} catch (error) {
			if (this.#lost !== undefined) throw this.#lost;
			if (!ended) return cancel(error);
			throw error;
		}
		if (!ended) await this.#sendPiece(true, id, new Uint8Array(0));
	}

	async #sendPiece(last: boolean, transactionId: number, piece: Uint8Array): Promise<void> {
		await this.#command.sendData({ kind: last ? 'endData' : 'data', transactionId }, piece);
		this.#progressed();
	}

	/** CIPA DC-X005: Cancel goes over the event connection; one over the command connection ends an outgoing data phase. */
	#sendCancel(running: Running): void {
		const { id: transactionId, at, total, received } = running.state;
		if (!running.sending) {
			if (total !== undefined && total - received <= NOT_WORTH_CANCELLING) return;
			// Nothing is announced yet, or all of it came: the answer is on its way.
			if (running.gently && at !== 'dataIn') return;
		}
		running.cancelSent = true;
		if (running.sending) this.#command.send({ kind: 'cancel', transactionId });
		this.#event.send({ kind: 'cancel', transactionId });
	}

	/** Loses the connection when a cancelled transaction does not end; the function that comes back calls it off. */
	#limitCancelled(running: Running): () => void {
		const { cancelMs } = this.#limits;
		const lose = () => this.#lose(new ConnectionLost('silent', 'the camera did not end a cancelled transfer'));
		let padded = false;
		let callOff = () => {};
		const lookAfter = (ms: number) => {
			callOff = this.#timers.after(ms, look);
		};
		const look = () => {
			const quiet = this.#timers.now() - this.#progressAt;
			if (running.gently && quiet < cancelMs) lookAfter(Math.max(cancelMs - quiet, 1));
			else if (running.gently && running.sending && running.unsent > 0 && !padded) {
				padded = true;
				void this.#pad(running);
				lookAfter(cancelMs);
			} else lose();
		};
		lookAfter(cancelMs);
		return () => callOff();
	}

	/** Zeros for the rest of what was announced: a camera that knows no Cancel waits for it. */
	async #pad(running: Running): Promise<void> {
		const zeros = new Uint8Array(Math.min(running.unsent, PADDING_BYTES));
		while (running.unsent > 0 && this.#lost === undefined && this.#running === running) {
			const piece = zeros.subarray(0, Math.min(running.unsent, zeros.length));
			running.unsent -= piece.length;
			await this.#sendPiece(running.unsent === 0, running.state.id, piece);
		}
	}

	#commandFrame(frame: Frame): Promise<void> | undefined {
		if (this.#lost !== undefined) return undefined;
		const running = this.#running;
		if (frame.type === 'payload') {
			if (running?.taking !== true) return undefined;
			this.#progressed();
			return this.#deliver(running, frame.bytes);
		}
		const { packet, payloadBytes } = frame;
		if (running === undefined) {
			if (packet.kind === 'probeRequest') this.#answerProbe(this.#command);
			else if (packet.kind === 'event') this.#tellEvent(packet);
			else if (packet.kind !== 'probeResponse') this.#lose(new ConnectionLost('broken', `${packet.kind} that was not asked for`));
			return undefined;
		}
		const [state, effect] = transaction(running.state, { packet, payloadBytes });
		running.state = state;
		running.taking = effect?.do === 'take';
		if (effect?.do === 'begin') {
			if (running.cancelled === undefined) running.sink?.begin?.(effect.total);
			else if (running.gently && !running.cancelSent) this.#sendCancel(running);
		}
		if (effect?.do === 'complete') running.answered(effect.response);
		else if (effect?.do === 'answerProbe') this.#answerProbe(this.#command);
		else if (effect?.do === 'event') this.#tellEvent(effect.event);
		else if (effect?.do === 'break') this.#lose(new ConnectionLost('broken', effect.why));
		return undefined;
	}

	#deliver(running: Running, bytes: Uint8Array): Promise<void> | undefined {
		if (running.cancelled !== undefined) return undefined;
		const taken = running.sink?.piece(bytes);
		if (taken === undefined) return undefined;
		running.pending = taken;
		return taken;
	}

	#eventFrame(frame: Frame): undefined {
		if (frame.type === 'payload') return;
		const { packet } = frame;
		if (packet.kind === 'event') this.#tellEvent(packet);
		else if (packet.kind === 'probeRequest') this.#answerProbe(this.#event);
		else if (packet.kind !== 'probeResponse' && packet.kind !== 'cancel')
			this.#lose(new ConnectionLost('broken', `${packet.kind} on the event connection`));
	}

	#answerProbe(channel: Channel): void {
		if (channel.unsent < UNSENT_LIMIT) channel.send({ kind: 'probeResponse' });
	}

	#tellEvent(event: PacketOf<'event'>): void {
		for (const listener of this.#listeners) listener(event);
	}

	/**
	 * Loses the connection after `silenceMs` in which the transaction did not come on; not while it is we who do not read.
	 * Events, Probes, empty packets and begun ones are no progress: a camera can send those for ever.
	 */
	#watchSilence(silenceMs: number): () => void {
		let callOff = () => {};
		const lookAfter = (ms: number) => {
			callOff = this.#timers.after(ms, look);
		};
		const look = () => {
			const quiet = this.#command.paused ? 0 : this.#timers.now() - this.#progressAt;
			if (quiet >= silenceMs) return this.#lose(new ConnectionLost('silent', `no answer for ${seconds(silenceMs)}`));
			lookAfter(Math.max(silenceMs - quiet, 1));
		};
		lookAfter(silenceMs);
		return () => callOff();
	}

	#progressed(): void {
		this.#progressAt = this.#timers.now();
	}

	#lose(lost: ConnectionLost): void {
		if (this.#lost !== undefined) return;
		this.#lost = lost;
		this.#running?.failed(lost);
		this.#destroy();
		this.#tellOver(lost);
	}

	#destroy(): void {
		this.#command.destroy();
		this.#event.destroy();
	}

	#reader(frame: ChannelReader['frame']): ChannelReader {
		return {
			opened: () => {},
			frame,
			resumed: () => this.#progressed(),
			ended: ({ kind, why }) => {
				this.#lose(new ConnectionLost(kind === 'malformed' ? 'broken' : 'closed', why));
				this.#channelsLeft--;
				if (this.#channelsLeft === 0) this.#tellChannelsGone();
			},
		};
	}
}

/** A promise and its two ends (Node 20 has no Promise.withResolvers). */
function deferred<T>() {
	let resolve: (value: T) => void = () => {};
	let reject: (error: unknown) => void = () => {};
	const promise = new Promise<T>((onResolve, onReject) => {
		resolve = onResolve;
		reject = onReject;
	});
	return { promise, resolve, reject };
}

/** The pieces until there are no more, or until they are not wanted any more, even if the next one never comes. */
async function* untilStopped(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, stopped: Promise<void>): AsyncGenerator<Uint8Array> {
	const source = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
	let ended = false;
	try {
		for (;;) {
			const next = await Promise.race([source.next(), stopped]);
			ended = next?.done === true;
			if (next === undefined || next.done === true) return;
			yield next.value;
		}
	} finally {
		// Not awaited: a source that hangs would hang here too.
		if (!ended) void Promise.resolve(source.return?.()).catch(() => {});
	}
}

/** A sink whose errors cancel the transaction instead of reaching the socket. */
function guarded(sink: Sink, failed: (error: unknown) => void): Sink {
	return {
		begin(total) {
			try {
				sink.begin?.(total);
			} catch (error) {
				failed(error);
			}
		},
		piece(bytes) {
			try {
				return sink.piece(bytes)?.catch(failed);
			} catch (error) {
				failed(error);
				return undefined;
			}
		},
	};
}

/** Settles with nothing when the promise does, whichever way. */
const settled = (promise: Promise<unknown>): Promise<undefined> =>
	promise.then(
		() => undefined,
		() => undefined,
	);

const seconds = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`);
