/** One client of a held camera. It has a session of its own, and its transactions run one after the other. */

import type { ClientStatus } from '#contract/hold-status.ts';
import { operationName } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { ConnectionLost, type Outgoing } from '#protocol/ptpip/initiator/transact.ts';
import type { PacketOf } from '#protocol/ptpip/packet.ts';
import type { ClientSocket } from './client-socket.ts';
import { announced, ClientBroke, ClientCancelled, dataOut, type ReadTimeout, wholeIfShort } from './data-out.ts';
import { Reply } from './reply.ts';
import { type Direction, directionOf } from './rules/direction.ts';
import { eventIdFor } from './rules/event-ids.ts';
import type { HoldLimits } from './rules/limits.ts';
import { decideRequest, type SessionEndingOperation } from './rules/requests.ts';
import { endsSession, type SharedConnection } from './shared-connection.ts';

/** What a `HoldClient` needs. */
export interface HoldClientOptions {
	/** Connection number. */
	number: number;
	/** The client's name, as it gave it. */
	name: string;
	command: ClientSocket;
	shared: SharedConnection;
	limits: HoldLimits;
	passThrough: ReadonlySet<number>;
	/** Monotonic milliseconds. */
	now(): number;
	/** Called when an operation is blocked for this client for the first time. */
	blocked(name: SessionEndingOperation): void;
	/** Called when the client has closed the camera's session for everyone. */
	sessionEnded(): void;
	/** Called after each operation with its bytes. */
	counted(bytesIn: number, bytesOut: number): void;
}

type OperationRequest = PacketOf<'operationRequest'>;

/** Made in advance, because an abort without a reason creates an error with a stack each time. */
const OVER = new Error('the operation is over');

/** How long to wait for Start Data after an unknown operation, in milliseconds. If it comes, it comes at once. */
const ANNOUNCE_MS = 20;

/** Serves one client. */
export class HoldClient {
	readonly number: number;
	readonly #options: HoldClientOptions;
	readonly #since: number;
	#event: ClientSocket | undefined;
	#session = 0;
	/** Operations blocked so far; each is reported once. */
	readonly #blocked = new Set<SessionEndingOperation>();
	/** Data of a request that was answered here or cancelled may still follow. It is discarded. */
	#mayBringData = false;
	/** The client's id of the current transaction. */
	#running: number | undefined;
	/** Ends the current transaction. Replaced only after use, because creating one costs more than a small transaction. */
	#giveUp = new AbortController();
	#operation: string | null = null;
	#operations = 0;
	#bytesIn = 0;
	#bytesOut = 0;

	constructor(options: HoldClientOptions) {
		this.#options = options;
		this.number = options.number;
		this.#since = options.now();
		options.command.onCancel = (id) => this.#cancel(id);
		void options.command.over.then(() => this.#giveUp.abort(new ClientBroke(options.command.why)));
	}

	get command(): ClientSocket {
		return this.#options.command;
	}

	/** Whether we cut the client off. */
	get wasCut(): boolean {
		return this.command.wasCut || this.#event?.wasCut === true;
	}

	/** The client's part of the hold's status. */
	status(): ClientStatus {
		return {
			number: this.number,
			name: this.#options.name,
			from: this.command.from,
			operation: this.#operation,
			operations: this.#operations,
			bytesIn: this.#bytesIn,
			bytesOut: this.#bytesOut,
			age: Math.round((this.#options.now() - this.#since) / 1000),
		};
	}

	/** Serves the client once both connections are there, until it leaves or is cut off. Never rejects. */
	async serve(event: ClientSocket): Promise<void> {
		this.#event = event;
		event.onCancel = (id) => this.#cancel(id);
		// A client needs both connections.
		void event.over.then(() => this.command.end(event.why));
		void this.#serveEvents(event);
		const stopListening = this.#options.shared.listen((heard) => this.#passEvent(heard));
		try {
			while (await this.#handleNext());
		} catch (error) {
			// A failure of one client must not affect the others.
			if (error instanceof ClientBroke) this.cut(error.message);
			else if (!(error instanceof ConnectionLost)) this.cut(`of a bug in canon-wifi: ${error instanceof Error ? error.stack : error}`);
		} finally {
			stopListening();
			this.command.end(this.command.why);
			event.end(this.command.why);
		}
	}

	/** Cuts the client off. One that has already left, even in the middle of something, does not count as cut off. */
	cut(why: string): void {
		if (this.command.gone) this.end(why);
		else for (const peer of [this.command, this.#event]) peer?.destroy(why);
	}

	/** Ends the connections in an orderly way. */
	end(why: string): void {
		this.command.end(why);
		this.#event?.end(why);
	}

	async #serveEvents(event: ClientSocket): Promise<void> {
		for (;;) {
			const frame = await event.next();
			if (frame === undefined) return;
			if (frame.type === 'payload') continue;
			const { kind } = frame.packet;
			if (kind === 'probeRequest' && event.out.unsent < this.#options.limits.unsentEventBytes) event.out.send({ kind: 'probeResponse' });
			else if (kind !== 'probeRequest' && kind !== 'probeResponse' && kind !== 'cancel')
				return this.cut(`it sent ${kind} on its event connection`);
		}
	}

	#passEvent(heard: PacketOf<'event'>): void {
		const event = this.#event;
		if (event === undefined || event.out.unsent > this.#options.limits.unsentEventBytes) return;
		const transactionId = eventIdFor(this.number, heard, this.#options.shared.translation);
		if (transactionId !== undefined) event.out.send({ ...heard, transactionId });
	}

	#cancel(transactionId: number): void {
		if (this.#running === transactionId) this.#giveUp.abort(new ClientCancelled('cancelled'));
	}

	/** Handles one packet. Resolves to false when the client has left. */
	async #handleNext(): Promise<boolean> {
		const { command } = this.#options;
		const frame = await command.next();
		if (frame === undefined) return false;
		if (frame.type === 'payload') return true;
		const { packet, payloadBytes } = frame;
		switch (packet.kind) {
			case 'probeRequest':
				await this.#untilRoom();
				command.out.send({ kind: 'probeResponse' });
				return true;
			case 'probeResponse':
			case 'cancel': // of a transaction that has just been answered
				return true;
			case 'operationRequest':
				await this.#untilRoom();
				await this.#request(packet);
				return true;
			case 'startData':
			case 'data':
				if (!this.#mayBringData) break;
				return true;
			case 'endData': // a strict client's after Start Data with 0 bytes
				if (!this.#mayBringData && payloadBytes > 0) break;
				return true;
		}
		throw new ClientBroke(`it sent ${packet.kind} out of turn`);
	}

	/** Waits while too much is unsent: a client that sends requests and never reads must not fill memory. */
	async #untilRoom(): Promise<void> {
		const { command, limits } = this.#options;
		if (command.out.unsent < limits.unreadBytes) return;
		if (!(await command.out.room(limits.unreadBytes, limits.stallMs))) throw new ClientBroke('it does not read its answers');
	}

	async #request(packet: OperationRequest): Promise<void> {
		const { code, transactionId, params, dataPhase } = packet;
		const { passThrough, command } = this.#options;
		const decision = decideRequest(code, params, this.#session, passThrough);
		const direction = directionOf(code, params, dataPhase);
		this.#operations++;
		this.#mayBringData = false;
		if (decision.do === 'forward') return this.#forward(packet, direction);
		this.#mayBringData = direction !== 'notOut';
		if (decision.do === 'answer') this.#session = decision.session;
		else if (!this.#blocked.has(decision.name)) {
			this.#blocked.add(decision.name);
			this.#options.blocked(decision.name);
		}
		command.out.send({
			kind: 'operationResponse',
			code: decision.code,
			transactionId,
			params: decision.do === 'answer' ? decision.params : [],
		});
		this.#options.counted(0, 0);
	}

	async #forward({ code, transactionId, params }: OperationRequest, direction: Direction): Promise<void> {
		const { command, shared, limits } = this.#options;
		const over = direction === 'notOut' ? undefined : new AbortController();
		const timeout: ReadTimeout = { limitMs: () => this.#stallMs(), signal: over?.signal };
		const reply = new Reply(command.out, transactionId, () =>
			command.out.watchWriting(timeout.limitMs, () => this.cut(`it did not take its data for ${this.#stallMs() / 1000} s`)),
		);
		let bytesOut = 0;
		const counting = (outgoing: Outgoing): Outgoing => ({ ...outgoing, pieces: counted(outgoing.pieces, (bytes) => (bytesOut += bytes)) });
		this.#running = transactionId;
		this.#operation = operationName(code);
		try {
			if (command.gone) return;
			const out = direction === 'out' || (direction === 'unknown' && (await this.#announcesData(timeout)));
			const send = out ? counting(await wholeIfShort(await dataOut(command, timeout), limits.wholeBytes)) : undefined;
			const later = direction === 'unknown' && !out ? this.#lateData(timeout, counting) : undefined;
			const answer = await shared.exchange(
				{ client: this.number, transactionId },
				{ code, params: params.slice(0, 5), send, lateData: later, receive: reply },
				this.#giveUp.signal,
			);
			reply.end(answer);
			if (endsSession(code, answer)) this.#options.sessionEnded();
		} catch (error) {
			if (!(error instanceof ClientCancelled)) throw error;
			if (this.#giveUp.signal.aborted) this.#giveUp = new AbortController();
			reply.end({ code: RESPONSE.transactionCanceled, params: [] });
			this.#mayBringData = direction !== 'notOut';
		} finally {
			over?.abort(OVER);
			reply.over();
			this.#running = undefined;
			this.#operation = null;
			this.#bytesIn += reply.received;
			this.#bytesOut += bytesOut;
			this.#options.counted(reply.received, bytesOut);
		}
	}

	/** How long the client may stall, in milliseconds: less while others wait for it. */
	#stallMs(): number {
		const { shared, limits } = this.#options;
		return shared.waiting > 0 ? limits.stallWhenWaitedForMs : limits.stallMs;
	}

	/**
	 * For an unknown operation, checks whether Start Data follows immediately. If so, the request must announce a data-out phase:
	 * a camera told otherwise responds at once and drops the connection when the data arrives.
	 */
	async #announcesData({ signal }: ReadTimeout): Promise<boolean> {
		const frame = await this.#options.command.peek(ANNOUNCE_MS, signal);
		return typeof frame === 'object' && frame.type === 'packet' && frame.packet.kind === 'startData';
	}

	/** For an unknown operation: resolves to its data if Start Data comes before the camera's response, else never. */
	async #lateData(timeout: ReadTimeout, counting: (outgoing: Outgoing) => Outgoing): Promise<Outgoing> {
		const { command } = this.#options;
		const frame = await command.peek(undefined, timeout.signal);
		if (frame === undefined || frame === 'late' || frame.type !== 'packet' || frame.packet.kind !== 'startData')
			return new Promise(() => {}); // never: the response comes first
		await command.next();
		return counting(announced(command, frame.packet.total, timeout));
	}
}

async function* counted(pieces: Outgoing['pieces'], count: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
	for await (const piece of pieces) {
		count(piece.length);
		yield piece;
	}
}
