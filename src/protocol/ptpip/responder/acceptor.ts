/**
 * The responder's side of the PTP-IP handshake. It reads the first packet of each connection, answers Init Command
 * Request and Init Event Request, and pairs the two connections of an initiator. The caller decides who is let in.
 */
import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import { INIT_FAIL, type PacketOf, PTPIP_1_0 } from '../packet.ts';
import type { PacketWriter, PeerSocket } from './peer-socket.ts';

/** What an initiator says about itself. */
export interface InitiatorFacts {
	/** IPv4 address. */
	from: string;
	/** Its friendly name exactly as sent; untrusted. */
	name: string;
	guid: Uint8Array;
}

/** How to answer an Init Command Request: with an Ack, with Init Fail, or by closing the connection without an answer. */
export type Admission =
	| { do: 'accept'; connectionNumber: number; guid: Uint8Array; friendlyName: string }
	| { do: 'refuse'; reason: number; why: string }
	| { do: 'drop'; why: string };

export interface AcceptorOptions<W extends PacketWriter> {
	/** A connection must send an Init Request within this time, in milliseconds. */
	firstPacketMs: number;
	/** The event connection must follow the Ack within this time, in milliseconds. Not limited when absent. */
	eventMs?: number | undefined;
	/** How many connections may be open without an Init Request. When there are more, the oldest is closed. */
	unidentified?: number | undefined;
	/** An event connection must come from the address of its command connection. */
	sameAddress?: boolean | undefined;
	timers?: Timers | undefined;
	/** Decides about an Init Command Request. The Ack waits for it. */
	admit(initiator: InitiatorFacts, command: PeerSocket<W>): Admission | Promise<Admission>;
	/** Both connections are open, and both requests were answered. */
	ready(connectionNumber: number, command: PeerSocket<W>, event: PeerSocket<W>): void;
	/** A connection ended without an Init Request: it was a probe, said nothing, or did not speak PTP-IP. */
	stray?(peer: PeerSocket<W>): void;
	/** An Init Event Request without a matching command connection was refused. */
	misplaced?(event: PeerSocket<W>): void;
}

/** Accepts initiators on behalf of a camera or of hold. */
export class Acceptor<W extends PacketWriter> {
	readonly #options: AcceptorOptions<W>;
	readonly #timers: Timers;
	readonly #unidentified = new Set<PeerSocket<W>>();
	/** Command connections, by number, that still wait for their event connection. */
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
	 * Closes the oldest command connection that still waits for its event connection.
	 * @returns its number, or `undefined` if there is none
	 */
	dropOldestHalf(why: string): number | undefined {
		const [oldest] = this.#halves;
		if (oldest === undefined) return undefined;
		const [connectionNumber, command] = oldest;
		this.#halves.delete(connectionNumber);
		command.destroy(why);
		return connectionNumber;
	}

	/** From now on no event connection can match an earlier Ack. */
	forgetHalves(): void {
		this.#halves.clear();
	}

	/** Closes the connections that have not sent an Init Request yet. */
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

	/** Sends the Ack and waits for the event connection. */
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
