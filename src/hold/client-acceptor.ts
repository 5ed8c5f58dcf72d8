/** Accepts clients: does the handshake, numbers them, and refuses them while there is no camera. */
import type { Socket } from 'node:net';
import type { Clock } from '#base/clock.ts';
import { printable } from '#base/text.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import type { Emit } from '#contract/events.ts';
import type { ClientStatus } from '#contract/hold-status.ts';
import { responseName } from '#protocol/ptp/responses.ts';
import { INIT_FAIL } from '#protocol/ptpip/packet.ts';
import { Acceptor, type Admission } from '#protocol/ptpip/responder/acceptor.ts';
import type { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';
import { HoldClient } from './client.ts';
import { type ClientSocket, openClientSocket } from './client-socket.ts';
import type { HoldLimits } from './rules/limits.ts';
import { BLOCKED_RESPONSE } from './rules/requests.ts';
import type { SharedConnection } from './shared-connection.ts';

/** A client's name is truncated to this length. Real ones are host names. */
const NAME_CHARACTERS = 64;

/** What a `ClientAcceptor` needs. */
export interface ClientAcceptorOptions {
	limits: HoldLimits;
	clock: Clock;
	emit: Emit;
	counter: Counter;
	passThrough: ReadonlySet<number>;
	waitClients: boolean;
}

/** Counts what all clients together have done. */
export class Counter {
	totals = { operations: 0, bytesIn: 0, bytesOut: 0 };

	/** Adds one operation. */
	add(bytesIn: number, bytesOut: number): void {
		this.totals.operations++;
		this.totals.bytesIn += bytesIn;
		this.totals.bytesOut += bytesOut;
	}
}

/** A client with a number. It is served once its event connection has come. */
interface AdmittedClient {
	client: HoldClient;
	serving: Promise<void> | undefined;
}

/** Accepts the clients of one camera, and serves them while the camera is connected. */
export class ClientAcceptor {
	/** The port that was bound; for events. */
	port = 0;
	readonly #options: ClientAcceptorOptions;
	readonly #acceptor: Acceptor<GatheringWriter>;
	readonly #clients = new Map<number, AdmittedClient>();
	#shared: SharedConnection | undefined;
	#opened = withResolvers<void>();
	#endSession = (_why: string): void => {};
	#lastNumber = 0;
	#closed = false;

	constructor(options: ClientAcceptorOptions) {
		const { handshakeMs, unidentified } = options.limits;
		this.#options = options;
		this.#acceptor = new Acceptor({
			firstPacketMs: handshakeMs,
			eventMs: handshakeMs,
			unidentified,
			sameAddress: true,
			admit: ({ name }, command) => this.#admit([...name].slice(0, NAME_CHARACTERS).join(''), command),
			ready: (number, _, event) => this.#serve(number, event),
		});
	}

	/** Number of clients. */
	get count(): number {
		return this.#clients.size;
	}

	/** The status of each client. */
	clients(): ClientStatus[] {
		return [...this.#clients.values()].map(({ client }) => client.status());
	}

	/** Lets clients use this camera from now on. Resolves with a reason when one of them has ended the session for everyone. */
	attachCamera(shared: SharedConnection): Promise<string> {
		this.#shared = shared;
		this.#opened.resolve();
		return new Promise((resolve) => {
			this.#endSession = resolve;
		});
	}

	/** Ends all clients because the camera is gone, and refuses new ones. */
	async detachCamera(why: string): Promise<void> {
		this.#shared = undefined;
		this.#opened = withResolvers();
		for (const { client } of this.#clients.values()) client.end(why);
		await Promise.all([...this.#clients.values()].map(({ serving }) => serving));
	}

	/** Ends all clients and accepts no more. */
	close(): void {
		this.#closed = true;
		this.#acceptor.closeUnidentified('the hold was ended');
		for (const { client } of this.#clients.values()) client.end('the hold was ended');
	}

	/** Accepts a TCP connection that has not sent anything yet. */
	accept(socket: Socket): void {
		const command = openClientSocket(socket, this.#options.limits.unreadBytes);
		if (this.#closed) command.destroy('the hold was ended');
		else this.#acceptor.accept(command);
	}

	/** Admits a client while there is a camera and room. A client without its event connection makes room for others. */
	async #admit(name: string, command: ClientSocket): Promise<Admission> {
		const { limits, waitClients } = this.#options;
		while (waitClients && this.#shared === undefined && !command.gone) await Promise.race([this.#opened.promise, command.over]);
		if (command.gone) return { do: 'drop', why: command.why };
		const shared = this.#shared;
		const number = ++this.#lastNumber;
		if (shared === undefined) return this.#refuse(command, number, name, 'the camera is not there');
		if (this.#clients.size >= limits.clients) {
			const dropped = this.#acceptor.dropOldestHalf('others came before its event connection');
			if (dropped === undefined) return this.#refuse(command, number, name, `${limits.clients} clients are connected already`);
			this.#clients.delete(dropped);
		}
		const client = new HoldClient({
			number,
			name,
			command,
			shared,
			limits,
			passThrough: this.#options.passThrough,
			now: () => this.#options.clock.now(),
			blocked: (operation) =>
				this.#options.emit({ type: 'withheld', client: number, port: this.port, operation, answer: responseName(BLOCKED_RESPONSE) }),
			sessionEnded: () => this.#endSession('a client closed the session'),
			counted: (bytesIn, bytesOut) => this.#options.counter.add(bytesIn, bytesOut),
		});
		const admitted: AdmittedClient = { client, serving: undefined };
		this.#clients.set(number, admitted);
		void command.over.then(() => {
			if (admitted.serving === undefined) this.#clients.delete(number);
		});
		const { guid, friendlyName } = shared.connection.camera;
		return { do: 'accept', connectionNumber: number, guid, friendlyName };
	}

	#serve(number: number, event: ClientSocket): void {
		const admitted = this.#clients.get(number);
		if (admitted === undefined) {
			event.destroy('there is no such client');
			return;
		}
		this.#report(admitted.client, 'connected');
		admitted.serving = admitted.client.serve(event).then(() => {
			this.#clients.delete(number);
			this.#report(admitted.client, admitted.client.wasCut ? 'cut' : 'left');
		});
	}

	#refuse(command: ClientSocket, number: number, name: string, why: string): Admission {
		this.#options.emit({ type: 'client', state: 'refused', number, port: this.port, from: command.from, name: printable(name), why });
		return { do: 'refuse', reason: INIT_FAIL.busy, why };
	}

	#report(client: HoldClient, state: 'connected' | 'left' | 'cut'): void {
		const { number, from, name, operations, bytesIn, bytesOut } = client.status();
		const did = state === 'connected' ? {} : { why: client.command.why, operations, bytesIn, bytesOut };
		this.#options.emit({ type: 'client', state, number, port: this.port, from, name: printable(name), ...did });
	}
}
