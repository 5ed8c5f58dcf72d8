/** Who may come in: tells clients from others, gives each its number, and shuts when there is no camera. */
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
import { Client } from './client.ts';
import { type ClientSocket, clientSocket } from './client-socket.ts';
import type { HeldCamera } from './held-camera.ts';
import type { HoldLimits } from './rules/limits.ts';
import { WITHHELD_ANSWER } from './rules/requests.ts';

/** A client's name of itself is kept up to this length: real ones are host names. */
const NAME_CHARACTERS = 64;

export interface DoorOptions {
	limits: HoldLimits;
	clock: Clock;
	emit: Emit;
	counter: Counter;
	passThrough: ReadonlySet<number>;
	waitClients: boolean;
}

/** What all clients together have done. */
export class Counter {
	totals = { operations: 0, bytesIn: 0, bytesOut: 0 };

	add(bytesIn: number, bytesOut: number): void {
		this.totals.operations++;
		this.totals.bytesIn += bytesIn;
		this.totals.bytesOut += bytesOut;
	}
}

/** A client whose event connection has not come yet, or has. */
interface Guest {
	client: Client;
	serving: Promise<void> | undefined;
}

export class Door {
	/** As bound; for events. */
	port = 0;
	readonly #options: DoorOptions;
	readonly #acceptor: Acceptor<GatheringWriter>;
	readonly #guests = new Map<number, Guest>();
	#held: HeldCamera | undefined;
	#opened = withResolvers<void>();
	#endSession = (_why: string): void => {};
	#lastNumber = 0;
	#closed = false;

	constructor(options: DoorOptions) {
		const { handshakeMs, newcomers } = options.limits;
		this.#options = options;
		this.#acceptor = new Acceptor({
			firstPacketMs: handshakeMs,
			eventMs: handshakeMs,
			unidentified: newcomers,
			sameAddress: true,
			admit: ({ name }, command) => this.#admit([...name].slice(0, NAME_CHARACTERS).join(''), command),
			ready: (number, _, event) => this.#serve(number, event),
		});
	}

	get count(): number {
		return this.#guests.size;
	}

	clients(): ClientStatus[] {
		return [...this.#guests.values()].map(({ client }) => client.status());
	}

	/** From now on clients use this camera. Settles with a reason when one of them has ended the session for all. */
	open(held: HeldCamera): Promise<string> {
		this.#held = held;
		this.#opened.resolve();
		return new Promise((resolve) => {
			this.#endSession = resolve;
		});
	}

	/** The camera is gone: all clients are ended, new ones are told so. */
	async shut(why: string): Promise<void> {
		this.#held = undefined;
		this.#opened = withResolvers();
		for (const { client } of this.#guests.values()) client.end(why);
		await Promise.all([...this.#guests.values()].map(({ serving }) => serving));
	}

	/** Ends everybody. */
	close(): void {
		this.#closed = true;
		this.#acceptor.closeUnidentified('the hold was ended');
		for (const { client } of this.#guests.values()) client.end('the hold was ended');
	}

	/** Takes a connection of which nothing is known yet. */
	take(socket: Socket): void {
		const command = clientSocket(socket, this.#options.limits.unreadBytes);
		if (this.#closed) command.destroy('the hold was ended');
		else this.#acceptor.accept(command);
	}

	/** A client comes in while there is a camera and room. One whose event connection does not come costs nothing and keeps nobody out. */
	async #admit(name: string, command: ClientSocket): Promise<Admission> {
		const { limits, waitClients } = this.#options;
		while (waitClients && this.#held === undefined && !command.gone) await Promise.race([this.#opened.promise, command.over]);
		if (command.gone) return { do: 'drop', why: command.why };
		const held = this.#held;
		const number = ++this.#lastNumber;
		if (held === undefined) return this.#refuse(command, number, name, 'the camera is not there');
		if (this.#guests.size >= limits.clients) {
			const dropped = this.#acceptor.dropOldestHalf('others came before its event connection');
			if (dropped === undefined) return this.#refuse(command, number, name, `${limits.clients} clients are connected already`);
			this.#guests.delete(dropped);
		}
		const client = new Client({
			number,
			name,
			command,
			held,
			limits,
			passThrough: this.#options.passThrough,
			now: () => this.#options.clock.now(),
			withheld: (operation) =>
				this.#options.emit({ type: 'withheld', client: number, port: this.port, operation, answer: responseName(WITHHELD_ANSWER) }),
			sessionEnded: () => this.#endSession('a client closed the session'),
			counted: (bytesIn, bytesOut) => this.#options.counter.add(bytesIn, bytesOut),
		});
		const guest: Guest = { client, serving: undefined };
		this.#guests.set(number, guest);
		void command.over.then(() => {
			if (guest.serving === undefined) this.#guests.delete(number);
		});
		const { guid, friendlyName } = held.connection.camera;
		return { do: 'accept', connectionNumber: number, guid, friendlyName };
	}

	#serve(number: number, event: ClientSocket): void {
		const guest = this.#guests.get(number);
		if (guest === undefined) {
			event.destroy('there is no such client');
			return;
		}
		this.#tell(guest.client, 'connected');
		guest.serving = guest.client.serve(event).then(() => {
			this.#guests.delete(number);
			this.#tell(guest.client, guest.client.wasCut ? 'cut' : 'left');
		});
	}

	#refuse(command: ClientSocket, number: number, name: string, why: string): Admission {
		this.#options.emit({ type: 'client', state: 'refused', number, port: this.port, from: command.from, name: printable(name), why });
		return { do: 'refuse', reason: INIT_FAIL.busy, why };
	}

	#tell(client: Client, state: 'connected' | 'left' | 'cut'): void {
		const { number, from, name, operations, bytesIn, bytesOut } = client.status();
		const did = state === 'connected' ? {} : { why: client.command.why, operations, bytesIn, bytesOut };
		this.#options.emit({ type: 'client', state, number, port: this.port, from, name: printable(name), ...did });
	}
}
