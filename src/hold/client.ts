/** One client of a held camera: a session of its own, its transactions one after the other. */

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

export interface HoldClientOptions {
	/** Its connection number. */
	number: number;
	/** Its own name of itself. */
	name: string;
	command: ClientSocket;
	shared: SharedConnection;
	limits: HoldLimits;
	passThrough: ReadonlySet<number>;
	/** Milliseconds that never go back. */
	now(): number;
	blocked(name: SessionEndingOperation): void;
	/** It has closed the camera's session for all. */
	sessionEnded(): void;
	/** Bytes of one more operation. */
	counted(bytesIn: number, bytesOut: number): void;
}

type OperationRequest = PacketOf<'operationRequest'>;

/** A reason made beforehand: an abort without one makes an error with a stack. */
const OVER = new Error('the operation is over');

/** Start Data follows its request at once, if it is to follow: so long it is waited for, in milliseconds. */
const ANNOUNCE_MS = 20;

export class HoldClient {
	readonly number: number;
	readonly #options: HoldClientOptions;
	readonly #since: number;
	#event: ClientSocket | undefined;
	#session = 0;
	/** What was withheld from it: that is told once. */
	readonly #blocked = new Set<SessionEndingOperation>();
	/** Data of a request that was not passed on, or cancelled, may still follow: it is thrown away. */
	#mayBringData = false;
	/** Its number of the transaction under way. */
	#running: number | undefined;
	/** Ends the transaction under way; made anew only when it was used, as each one costs more than a small transaction. */
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

	/** It did not leave by itself. */
	get wasCut(): boolean {
		return this.command.wasCut || this.#event?.wasCut === true;
	}

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

	/** Both connections stand: serves until the client leaves or is cut off. Never rejects. */
	async serve(event: ClientSocket): Promise<void> {
		this.#event = event;
		event.onCancel = (id) => this.#cancel(id);
		// One connection without the other is no client any more.
		void event.over.then(() => this.command.end(event.why));
		void this.#serveEvents(event);
		const stopListening = this.#options.shared.listen((heard) => this.#passEvent(heard));
		try {
			while (await this.#next());
		} catch (error) {
			// Whatever one client brings about, the others go on.
			if (error instanceof ClientBroke) this.cut(error.message);
			else if (!(error instanceof ConnectionLost)) this.cut(`of a fault in canon-wifi: ${error instanceof Error ? error.stack : error}`);
		} finally {
			stopListening();
			this.command.end(this.command.why);
			event.end(this.command.why);
		}
	}

	/** Ends it at once, for what it did. One that left in the middle of something was not cut off. */
	cut(why: string): void {
		if (this.command.gone) this.end(why);
		else for (const peer of [this.command, this.#event]) peer?.destroy(why);
	}

	/** Ends it in good order. */
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

	/** One packet and what follows from it; false when the client has left. */
	async #next(): Promise<boolean> {
		const { command } = this.#options;
		const frame = await command.next();
		if (frame === undefined) return false;
		if (frame.type === 'payload') return true;
		const { packet, payloadBytes } = frame;
		switch (packet.kind) {
			case 'probeRequest':
				await this.#room();
				command.out.send({ kind: 'probeResponse' });
				return true;
			case 'probeResponse':
			case 'cancel': // of what has just been answered
				return true;
			case 'operationRequest':
				await this.#room();
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

	/** A client that asks and never reads must not fill memory. */
	async #room(): Promise<void> {
		const { command, limits } = this.#options;
		if (command.out.unsent < limits.unreadBytes) return;
		if (!(await command.out.room(limits.unreadBytes, limits.stallMs))) throw new ClientBroke('it does not read its answers');
	}

	async #request(packet: OperationRequest): Promise<void> {
		const { code, transactionId, params, dataPhase } = packet;
		const { passThrough, command } = this.#options;
		const judged = decideRequest(code, params, this.#session, passThrough);
		const direction = directionOf(code, params, dataPhase);
		this.#operations++;
		this.#mayBringData = false;
		if (judged.do === 'pass') return this.#forward(packet, direction);
		this.#mayBringData = direction !== 'notOut';
		if (judged.do === 'answer') this.#session = judged.session;
		else if (!this.#blocked.has(judged.name)) {
			this.#blocked.add(judged.name);
			this.#options.blocked(judged.name);
		}
		command.out.send({ kind: 'operationResponse', code: judged.code, transactionId, params: judged.do === 'answer' ? judged.params : [] });
		this.#options.counted(0, 0);
	}

	async #forward({ code, transactionId, params }: OperationRequest, direction: Direction): Promise<void> {
		const { command, shared, limits } = this.#options;
		const over = direction === 'notOut' ? undefined : new AbortController();
		const patience: ReadTimeout = { limitMs: () => this.#stallMs(), signal: over?.signal };
		const reply = new Reply(command.out, transactionId, () =>
			command.out.watchWriting(patience.limitMs, () => this.cut(`it did not take its data for ${this.#stallMs() / 1000} s`)),
		);
		let bytesOut = 0;
		const counting = (outgoing: Outgoing): Outgoing => ({ ...outgoing, pieces: counted(outgoing.pieces, (bytes) => (bytesOut += bytes)) });
		this.#running = transactionId;
		this.#operation = operationName(code);
		try {
			if (command.gone) return;
			const out = direction === 'out' || (direction === 'unknown' && (await this.#announcesData(patience)));
			const send = out ? counting(await wholeIfShort(await dataOut(command, patience), limits.wholeBytes)) : undefined;
			const later = direction === 'unknown' && !out ? this.#lateData(patience, counting) : undefined;
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

	/** Less for a client that others wait for. */
	#stallMs(): number {
		const { shared, limits } = this.#options;
		return shared.waiting > 0 ? limits.stallWhenWaitedForMs : limits.stallMs;
	}

	/**
	 * Whether data comes right behind a request of which nobody knows: the camera is then told so. One that was told otherwise
	 * answers at once, and what follows its answer is a reason to leave.
	 */
	async #announcesData({ signal }: ReadTimeout): Promise<boolean> {
		const frame = await this.#options.command.peek(ANNOUNCE_MS, signal);
		return typeof frame === 'object' && frame.type === 'packet' && frame.packet.kind === 'startData';
	}

	/** Data for an operation that is not known here: if Start Data comes before the answer, it is. */
	async #lateData(patience: ReadTimeout, counting: (outgoing: Outgoing) => Outgoing): Promise<Outgoing> {
		const { command } = this.#options;
		const frame = await command.peek(undefined, patience.signal);
		if (frame === undefined || frame === 'late' || frame.type !== 'packet' || frame.packet.kind !== 'startData')
			return new Promise(() => {}); // never: the answer comes first
		await command.next();
		return counting(announced(command, frame.packet.total, patience));
	}
}

async function* counted(pieces: Outgoing['pieces'], count: (bytes: number) => void): AsyncGenerator<Uint8Array, void, undefined> {
	for await (const piece of pieces) {
		count(piece.length);
		yield piece;
	}
}
