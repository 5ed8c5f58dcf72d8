/** The PTP-IP responder: takes connections, tells initiators from probes, and allows one session only. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { INIT_FAIL, type PacketOf, PTPIP_1_0 } from '#protocol/ptpip/packet.ts';
import { bindError } from '../bind-error.ts';
import type { SimulatorClock } from '../clock.ts';
import type { OffReason, SimulatorEmit } from '../events.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { PortMood } from '../modes/computer/state.ts';
import { Connection } from './connection.ts';
import { Pace } from './pace.ts';

/** A silent connection is closed after this. */
const FIRST_PACKET_LIMIT_MS = 5000;

/** An initiator by what it says of itself. */
export interface InitiatorFacts {
	from: string;
	name: string;
	guid: Uint8Array;
}

/** Ack, or the connection is closed without a word (EOS with a wrong GUID). */
export type Admission = 'accept' | 'drop';

export interface ResponderOptions {
	address: string;
	/** TCP port; 0: any free one, kept for the camera's life once it was opened. */
	port: number;
	/** What the camera calls itself in its Ack. */
	guid: Uint8Array;
	name: string;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	/** A Command Request came while the port takes one; its Ack waits for the answer. Absent: every one is accepted. */
	admit?(initiator: InitiatorFacts): Promise<Admission>;
	/** Bytes a second for payloads, each way; nothing: as fast as it goes. */
	rate?: number | undefined;
	faults?: FaultPlan | undefined;
	/** Both connections stand: the session can run on them. Its promise ends with the command connection. */
	ready(command: Connection, event: Connection): void;
	/** The round is over for this reason. */
	lost(why: OffReason): void;
}

export class Responder {
	readonly #options: ResponderOptions;
	readonly #sockets = new Set<Socket>();
	#server: Server | undefined;
	#opening: Promise<void> | undefined;
	#mood: PortMood = 'closed';
	#port: number;
	#lastConnectionNumber = 0;
	#command: Connection | undefined;
	/** The number that was acknowledged: until then there is nothing that an event connection could belong to. */
	#acknowledged: number | undefined;
	#event: Connection | undefined;

	constructor(options: ResponderOptions) {
		this.#options = options;
		this.#port = options.port;
	}

	/** The port as bound; what was asked for as long as it has not been open. */
	get port(): number {
		return this.#port;
	}

	/** Makes the port do what the firmware wants. Rejects when it cannot be bound. */
	async become(mood: PortMood): Promise<void> {
		this.#mood = mood;
		if (mood !== 'closed') await this.#open();
		else await this.#shut();
	}

	async #open(): Promise<void> {
		if (this.#server !== undefined) return this.#opening;
		const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => this.#accept(socket));
		this.#server = server;
		this.#opening = (async () => {
			const listening = once(server, 'listening');
			server.listen({ host: this.#options.address, port: this.#port });
			await listening;
			const bound = server.address();
			if (bound !== null && typeof bound === 'object') this.#port = bound.port;
		})();
		try {
			await this.#opening;
		} catch (error) {
			this.#server = undefined;
			const { address } = this.#options;
			throw bindError(error, { address, what: `${address}:${this.#port} (TCP)`, protocol: 'TCP', port: this.#port });
		}
	}

	async #shut(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		await this.#opening?.catch(() => {});
		this.hangUp();
		if (server === undefined) return;
		const closed = new Promise((resolve) => server.close(resolve));
		await closed;
	}

	/** Closes every connection at once. */
	hangUp(): void {
		this.#command = undefined;
		this.#acknowledged = undefined;
		this.#event = undefined;
		for (const socket of this.#sockets) socket.destroy();
	}

	#accept(socket: Socket): void {
		const { rate, clock } = this.#options;
		const connection = new Connection(socket, rate === undefined ? undefined : { pace: new Pace(rate), clock });
		this.#sockets.add(socket);
		socket.once('close', () => this.#sockets.delete(socket));
		void this.#introduce(connection);
	}

	/** Reads the first packet of a connection and gives it its place. */
	async #introduce(connection: Connection): Promise<void> {
		const stop = this.#options.clock.after(FIRST_PACKET_LIMIT_MS, () => connection.destroy());
		const frame = await connection.next().finally(stop);
		const packet = frame?.type === 'packet' ? frame.packet : undefined;
		if (packet?.kind === 'initCommandRequest') return void this.#commandRequest(connection, packet);
		if (packet?.kind === 'initEventRequest') return this.#eventRequest(connection, packet.connectionNumber);
		connection.destroy();
		// Connect-then-close, silence, or something else than PTP-IP: whoever is not in a session yet loses the camera.
		if (this.#command === undefined && this.#server !== undefined) this.#options.lost('probed');
	}

	async #commandRequest(connection: Connection, { guid, friendlyName }: PacketOf<'initCommandRequest'>): Promise<void> {
		const { emit, admit, name, guid: own, faults } = this.#options;
		const { from } = connection;
		if (this.#mood !== 'taking' || this.#command !== undefined) {
			const reason = INIT_FAIL.rejected;
			emit({ type: 'initRefused', from, why: this.#command === undefined ? 'notSelected' : 'inUse', reason });
			this.#refuse(connection, reason);
			return;
		}
		const reason = faults?.initFail();
		if (reason !== undefined) {
			emit({ type: 'initRefused', from, why: 'fault', reason });
			this.#refuse(connection, reason);
			return;
		}
		faults?.connected();
		connection.watchedBy(faults);
		this.#command = connection;
		this.#watch(connection);
		this.#lastConnectionNumber++;
		const connectionNumber = this.#lastConnectionNumber;
		emit({ type: 'initiator', from, name: friendlyName, guid: Buffer.from(guid).toString('hex'), connectionNumber });
		const admission = (await admit?.({ from, name: friendlyName, guid })) ?? 'accept';
		if (this.#command !== connection) return; // it hung up, or the round is over
		if (admission === 'drop') {
			this.#command = undefined; // so that its end is not the end of the round
			connection.destroy();
			return;
		}
		void connection.send({ kind: 'initCommandAck', connectionNumber, guid: own, friendlyName: name, version: PTPIP_1_0 });
		this.#acknowledged = connectionNumber;
	}

	#eventRequest(connection: Connection, connectionNumber: number): void {
		if (this.#command === undefined || this.#event !== undefined || connectionNumber !== this.#acknowledged) {
			this.#options.emit({ type: 'initRefused', from: connection.from, why: 'wrongConnection', reason: INIT_FAIL.rejected });
			this.#refuse(connection, INIT_FAIL.rejected);
			return;
		}
		this.#event = connection;
		this.#watch(connection);
		void connection.send({ kind: 'initEventAck' });
		this.#options.ready(this.#command, connection);
	}

	#refuse(connection: Connection, reason: number): void {
		void connection.send({ kind: 'initFail', reason });
		connection.end();
	}

	/** From here on the end of this connection is the end of the round. */
	#watch(connection: Connection): void {
		connection.onClose = () => {
			if (connection === this.#command || connection === this.#event)
				this.#options.lost(connection.faulty ? 'fault' : connection.broken === undefined ? 'connectionClosed' : 'protocolError');
		};
		if (connection.closed) connection.onClose();
	}
}
