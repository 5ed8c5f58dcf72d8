/** The camera's PTP-IP responder. It accepts connections, distinguishes initiators from probes, and allows one session only. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { INIT_FAIL } from '#protocol/ptpip/packet.ts';
import { Acceptor, type Admission, type InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import { bindError } from '../bind-error.ts';
import type { SimulatorClock } from '../clock.ts';
import type { OffReason, SimulatorEmit } from '../events.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Decision, PortState } from '../modes/machine.ts';
import type { CameraWriter } from './camera-writer.ts';
import { type CameraConnection, cameraConnection } from './connection.ts';

/** A connection that sends nothing is closed after this many milliseconds. */
const FIRST_PACKET_LIMIT_MS = 5000;

export interface PtpipResponderOptions {
	address: string;
	/** TCP port; 0: any free one, which is kept once it was opened. */
	port: number;
	/** GUID and name in the camera's Ack. */
	guid: Uint8Array;
	name: string;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	/** Decides about an Init Command Request; the Ack waits for it. Absent: every initiator is accepted. */
	admit?: ((initiator: InitiatorFacts) => Promise<Decision>) | undefined;
	/** Bytes per second for payloads, in each direction; not limited if absent. */
	rate?: number | undefined;
	faults?: FaultPlan | undefined;
	/** Both connections are open, so a session can run on them. */
	ready(command: CameraConnection, event: CameraConnection): void;
	/** The round is over for this reason. */
	lost(why: OffReason): void;
}

/** The responder on one TCP port. */
export class PtpipResponder {
	readonly #options: PtpipResponderOptions;
	readonly #acceptor: Acceptor<CameraWriter>;
	readonly #connections = new Set<CameraConnection>();
	#server: Server | undefined;
	#opening: Promise<void> | undefined;
	#portState: PortState = 'closed';
	#port: number;
	#lastConnectionNumber = 0;
	#command: CameraConnection | undefined;
	#event: CameraConnection | undefined;

	constructor(options: PtpipResponderOptions) {
		this.#options = options;
		this.#port = options.port;
		this.#acceptor = new Acceptor({
			firstPacketMs: FIRST_PACKET_LIMIT_MS,
			timers: options.clock,
			admit: (initiator, command) => this.#admit(initiator, command),
			ready: (_, command, event) => {
				this.#event = event;
				this.#watch(event);
				options.ready(command, event);
			},
			// A connection that is closed without a request, says nothing, or does not speak PTP-IP ends the round, unless there is a session.
			stray: () => {
				if (this.#command === undefined && this.#server !== undefined) options.lost('probed');
			},
			misplaced: ({ from }) => options.emit({ type: 'initRefused', from, why: 'wrongConnection', reason: INIT_FAIL.rejected }),
		});
	}

	/** The port as bound; the wanted one until it was open for the first time. */
	get port(): number {
		return this.#port;
	}

	/** Opens or closes the port as the firmware wants. Rejects if it cannot be bound. */
	async switchTo(portState: PortState): Promise<void> {
		this.#portState = portState;
		if (portState !== 'closed') await this.#open();
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
		this.#event = undefined;
		this.#acceptor.forgetHalves();
		for (const connection of this.#connections) connection.destroy('the round is over');
	}

	#accept(socket: Socket): void {
		const { rate, clock } = this.#options;
		const connection = cameraConnection(socket, clock, rate);
		this.#connections.add(connection);
		socket.once('close', () => this.#connections.delete(connection));
		this.#acceptor.accept(connection);
	}

	async #admit(initiator: InitiatorFacts, connection: CameraConnection): Promise<Admission> {
		const { emit, admit, name: friendlyName, guid, faults } = this.#options;
		const { from, name } = initiator;
		const refusal = this.#refusal();
		if (refusal !== undefined) {
			emit({ type: 'initRefused', from, ...refusal });
			return { do: 'refuse', reason: refusal.reason, why: refusal.why };
		}
		faults?.connected();
		connection.out.faultHook = faults;
		this.#command = connection;
		this.#watch(connection);
		const connectionNumber = ++this.#lastConnectionNumber;
		emit({ type: 'initiator', from, name, guid: Buffer.from(initiator.guid).toString('hex'), connectionNumber });
		const decision = (await admit?.(initiator)) ?? 'accept';
		if (this.#command !== connection) return { do: 'drop', why: 'it hung up, or the round is over' };
		if (decision === 'accept') return { do: 'accept', connectionNumber, guid, friendlyName };
		this.#command = undefined; // so that its end is not the end of the round
		return { do: 'drop', why: 'the camera does not take it' };
	}

	#refusal(): { why: 'notSelected' | 'inUse' | 'fault'; reason: number } | undefined {
		if (this.#command !== undefined) return { why: 'inUse', reason: INIT_FAIL.rejected };
		if (this.#portState !== 'accepting') return { why: 'notSelected', reason: INIT_FAIL.rejected };
		const reason = this.#options.faults?.initFail();
		return reason === undefined ? undefined : { why: 'fault', reason };
	}

	/** From now on the end of this connection ends the round. */
	#watch(connection: CameraConnection): void {
		void connection.over.then(() => {
			if (connection === this.#command || connection === this.#event)
				this.#options.lost(connection.out.faulty ? 'fault' : connection.broken ? 'protocolError' : 'connectionClosed');
		});
	}
}
