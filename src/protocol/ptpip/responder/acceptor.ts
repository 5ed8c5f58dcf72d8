/**
 * The responder's side of the PTP-IP handshake: reads the first packet of each connection, answers Init Command Request
 * and Init Event Request, and brings the two connections of an initiator together. Who is let in is the caller's policy.
 */
import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import { INIT_FAIL, type PacketOf, PTPIP_1_0 } from '../packet.ts';
import type { PacketWriter, PeerSocket } from './peer-socket.ts';

/** An initiator by what it says about itself. */
export interface InitiatorFacts {
	/** IPv4 address. */
	from: string;
	/** Its friendly name, as sent: untrusted. */
	name: string;
	guid: Uint8Array;
}

/** The answer to an Init Command Request: an Ack with these values, an Init Fail, or the connection is closed without a word. */
export type Admission =
	| { do: 'accept'; connectionNumber: number; guid: Uint8Array; friendlyName: string }
	| { do: 'refuse'; reason: number; why: string }
	| { do: 'drop'; why: string };

export interface AcceptorOptions<W extends PacketWriter> {
	/** A connection must begin with an Init Request within this, in milliseconds. */
	firstPacketMs: number;
	/** After the Ack the event connection must follow within this. Not limited when absent. */
	eventMs?: number | undefined;
	/** Connections that have not said yet what they are: when there are more, the oldest is closed. */
	unidentified?: number | undefined;
	/** An event connection must come from the address of its command connection. */
	sameAddress?: boolean | undefined;
	timers?: Timers | undefined;
	/** Decides about an Init Command Request. May take its time: the Ack waits. */
	admit(initiator: InitiatorFacts, command: PeerSocket<W>): Admission | Promise<Admission>;
	/** Both connections are there, and both requests were answered. */
	ready(connectionNumber: number, command: PeerSocket<W>, event: PeerSocket<W>): void;
	/** A connection ended, or was closed, without an Init Request: a probe, silence, or something else than PTP-IP. */
	stray?(peer: PeerSocket<W>): void;
	/** An Init Event Request that belongs to no waiting command connection was refused. */
	misplaced?(event: PeerSocket<W>): void;
}

export class Acceptor<W extends PacketWriter> {
	readonly #options: AcceptorOptions<W>;
	readonly #timers: Timers;
	readonly #unidentified = new Set<PeerSocket<W>>();
	/** Command connections by their number whose event connection has not come yet. */
	readonly #halves = new Map<number, PeerSocket<W>>();

	constructor(options: AcceptorOptions<W>) {
		this.#options = options;
		this.#timers = options.timers ?? REAL_TIMERS;
	}

	/** Takes a new connection. */
	accept(peer: PeerSocket<W>): void {
		const { unidentified } = this.#options;
		this.#unidentified.add(peer);
		if (unidentified !== undefined && this.#unidentified.size > unidentified) {
			const [oldest] = this.#unidentified;
			oldest?.destroy('others came');
		}
		void peer.over.then(() => this.#unidentified.delete(peer));
		void this.#introduce(peer);
	}

	/**
	 * Closes the oldest command connection whose event connection has not come.
	 * @returns its number, or `undefined` when there is none
	 */
	dropOldestHalf(why: string): number | undefined {
		const [oldest] = this.#halves;
		if (oldest === undefined) return undefined;
		const [connectionNumber, command] = oldest;
		this.#halves.delete(connectionNumber);
		command.destroy(why);
		return connectionNumber;
	}

	/** No event connection can belong to an earlier Ack any more. */
	forgetHalves(): void {
		this.#halves.clear();
	}

	/** Closes the connections that have not said yet what they are. */
	closeUnidentified(why: string): void {
		for (const peer of this.#unidentified) peer.destroy(why);
	}

	async #introduce(peer: PeerSocket<W>): Promise<void> {
		const stop = this.#timers.after(this.#options.firstPacketMs, () => peer.destroy('it did not say what it wants'));
		const frame = await peer.next().finally(stop);
		const packet = frame?.type === 'packet' ? frame.packet : undefined;
		if (packet?.kind === 'initCommandRequest') return this.#command(peer, packet);
		this.#unidentified.delete(peer);
		if (packet?.kind === 'initEventRequest') return this.#event(peer, packet.connectionNumber);
		peer.destroy('it did not begin with an Init Request');
		this.#options.stray?.(peer);
	}

	async #command(peer: PeerSocket<W>, { guid, friendlyName }: PacketOf<'initCommandRequest'>): Promise<void> {
		const admission = await this.#options.admit({ from: peer.from, name: friendlyName, guid }, peer);
		this.#unidentified.delete(peer);
		if (peer.gone) return;
		if (admission.do === 'drop') peer.destroy(admission.why);
		else if (admission.do === 'refuse') refuse(peer, admission.reason, admission.why);
		else this.#acknowledge(peer, admission);
	}

	/** Sends the Ack, after which the event connection is waited for. */
	#acknowledge(peer: PeerSocket<W>, { connectionNumber, guid, friendlyName }: Admission & { do: 'accept' }): void {
		const { eventMs } = this.#options;
		this.#halves.set(connectionNumber, peer);
		const stop =
			eventMs === undefined
				? undefined
				: this.#timers.after(eventMs, () => {
						if (this.#halves.get(connectionNumber) === peer) peer.destroy('its event connection did not come');
					});
		void peer.over.then(() => {
			stop?.();
			if (this.#halves.get(connectionNumber) === peer) this.#halves.delete(connectionNumber);
		});
		void peer.out.send({ kind: 'initCommandAck', connectionNumber, guid, friendlyName, version: PTPIP_1_0 });
	}

	#event(peer: PeerSocket<W>, connectionNumber: number): void {
		const { sameAddress, ready, misplaced } = this.#options;
		const command = this.#halves.get(connectionNumber);
		if (command === undefined || command.gone || (sameAddress === true && command.from !== peer.from)) {
			misplaced?.(peer);
			refuse(peer, INIT_FAIL.rejected, 'there is no such command connection');
			return;
		}
		this.#halves.delete(connectionNumber);
		void peer.out.send({ kind: 'initEventAck' });
		ready(connectionNumber, command, peer);
	}
}

function refuse(peer: PeerSocket, reason: number, why: string): void {
	void peer.out.send({ kind: 'initFail', reason });
	peer.end(why);
}
