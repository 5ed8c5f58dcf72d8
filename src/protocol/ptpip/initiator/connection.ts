/**
 * An open PTP-IP connection. It runs transactions one after the other and streams their data. It does not know what
 * operations mean, except that OpenSession resets the transaction ids, so a proxy can use it as well as a client.
 */

import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import { OPERATION } from '../../ptp/operations.ts';
import type { Frame } from '../framing.ts';
import type { Acknowledged } from '../handshake.ts';
import type { PacketOf } from '../packet.ts';
import { nextTransactionId } from '../transaction.ts';
import type { Channel, ChannelReader } from './channel.ts';
import { Exchange, type OutOfBand, type Wire } from './exchange.ts';
import { Mutex } from './mutex.ts';
import type { Timeouts } from './timeouts.ts';
import { ConnectionLost, type OperationRequest, type OperationResponse, type TransactOptions } from './transact.ts';

/** Probe Requests are not answered while this many bytes are unsent, so a peer that never reads cannot fill memory. */
const UNSENT_LIMIT = 64 * 1024;

export type EventListener = (event: PacketOf<'event'>) => void;

/** The initiator's two connections to one camera. */
export class PtpipConnection {
	/** What the camera said about itself in its Init Command Ack. */
	readonly camera: Acknowledged;
	/** Resolves when the connection is over: with the reason, or with `undefined` after `close` or `drop`. */
	readonly over: Promise<ConnectionLost | undefined>;
	readonly #wire: Wire;
	readonly #mutex = new Mutex();
	readonly #listeners = new Set<EventListener>();
	readonly #over = withResolvers<ConnectionLost | undefined>();
	#lost: ConnectionLost | undefined;
	#closing = false;
	#lastId = 0;
	/** The transaction under way. */
	#exchange: Exchange | undefined;
	#channelsLeft = 2;
	readonly #channelsGone = withResolvers<void>();

	constructor(command: Channel, event: Channel, camera: Acknowledged, timeouts: Timeouts, timers: Timers = REAL_TIMERS) {
		this.#wire = { command, event, timeouts, timers, lose: (lost) => this.#lose(lost) };
		this.camera = camera;
		this.over = this.#over.promise;
		command.reader = this.#reader((frame) => this.#commandFrame(frame));
		event.reader = this.#reader((frame) => this.#eventFrame(frame));
	}

	/** Why the connection is over; `undefined` while it is not. */
	get lost(): ConnectionLost | undefined {
		return this.#lost;
	}

	/** Calls `listener` for each event of the camera. Returns a function that stops this. */
	listen(listener: EventListener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Runs one transaction after those requested earlier. Resolves with any response, refusals included. Rejects with
	 * `ConnectionLost`. If the signal is aborted, or the sink or source throws, the transaction is cancelled as the standard
	 * prescribes and the promise rejects with that reason; the connection stays usable if the camera ends the transaction
	 * in time.
	 */
	async transact(request: OperationRequest, options: TransactOptions = {}): Promise<OperationResponse> {
		const { signal } = options;
		signal?.throwIfAborted();
		const done = await this.#mutex.lock(signal);
		try {
			if (this.#lost !== undefined) throw this.#lost;
			const id = request.code === OPERATION.openSession ? 0 : nextTransactionId(this.#lastId);
			this.#lastId = id;
			this.#exchange = new Exchange(this.#wire, id, request, options);
			return await this.#exchange.run();
		} finally {
			this.#exchange = undefined;
			done();
		}
	}

	/** Loses the connection if the current transaction makes no progress within `ms`. For a camera that may be gone. */
	setDeadline(ms: number): void {
		this.#exchange?.setDeadline(ms);
	}

	/** Closes both connections, in good order if that works within `closeMs`. Does not send CloseSession. */
	async close(): Promise<void> {
		if (!this.#closing) {
			this.#closing = true;
			this.#lost ??= new ConnectionLost('closed', 'the connection was closed');
			this.#exchange?.fail(this.#lost);
			this.#wire.event.finish();
			this.#wire.command.finish();
			this.#over.resolve(undefined);
		}
		const cancel = this.#wire.timers.after(this.#wire.timeouts.closeMs, () => this.#destroy());
		await this.#channelsGone.promise;
		cancel();
	}

	/** Closes both connections at once; transactions under way reject with `ConnectionLost`. */
	drop(): void {
		this.#closing = true;
		this.#lost ??= new ConnectionLost('closed', 'the connection was closed');
		this.#exchange?.fail(this.#lost);
		this.#destroy();
		this.#over.resolve(undefined);
	}

	#commandFrame(frame: Frame): Promise<void> | undefined {
		if (this.#lost !== undefined) return undefined;
		if (this.#exchange !== undefined) return this.#exchange.frame(frame, this.#aside);
		if (frame.type === 'payload') return undefined;
		const { packet } = frame;
		if (packet.kind === 'probeRequest') this.#answerProbe(this.#wire.command);
		else if (packet.kind === 'event') this.#tellEvent(packet);
		else if (packet.kind !== 'probeResponse') this.#lose(new ConnectionLost('broken', `${packet.kind} that was not asked for`));
		return undefined;
	}

	readonly #aside = (effect: OutOfBand): void => {
		if (effect.do === 'answerProbe') this.#answerProbe(this.#wire.command);
		else this.#tellEvent(effect.event);
	};

	#eventFrame(frame: Frame): undefined {
		if (frame.type === 'payload') return;
		const { packet } = frame;
		if (packet.kind === 'event') this.#tellEvent(packet);
		else if (packet.kind === 'probeRequest') this.#answerProbe(this.#wire.event);
		else if (packet.kind !== 'probeResponse' && packet.kind !== 'cancel')
			this.#lose(new ConnectionLost('broken', `${packet.kind} on the event connection`));
	}

	#answerProbe(channel: Channel): void {
		if (channel.unsent < UNSENT_LIMIT) channel.send({ kind: 'probeResponse' });
	}

	#tellEvent(event: PacketOf<'event'>): void {
		for (const listener of this.#listeners) listener(event);
	}

	#lose(lost: ConnectionLost): void {
		if (this.#lost !== undefined) return;
		this.#lost = lost;
		this.#exchange?.fail(lost);
		this.#destroy();
		this.#over.resolve(lost);
	}

	#destroy(): void {
		this.#wire.command.destroy();
		this.#wire.event.destroy();
	}

	#reader(frame: ChannelReader['frame']): ChannelReader {
		return {
			opened: () => {},
			frame,
			resumed: () => this.#exchange?.progressed(),
			ended: ({ kind, why }) => {
				this.#lose(new ConnectionLost(kind === 'malformed' ? 'broken' : 'closed', why));
				this.#channelsLeft--;
				if (this.#channelsLeft === 0) this.#channelsGone.resolve();
			},
		};
	}
}
