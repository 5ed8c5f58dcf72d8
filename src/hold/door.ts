/** Who may come in: tells clients from others, gives each its number, and shuts when there is no camera. */
import type { Socket } from 'node:net';
import { deferred } from '#base/deferred.ts';
import { printable } from '#base/text.ts';
import type { Emit } from '#contract/events.ts';
import type { ClientStatus } from '#contract/hold-status.ts';
import type { Clock } from '#contract/ports.ts';
import { responseName } from '#protocol/ptp/responses.ts';
import { INIT_FAIL, PTPIP_1_0 } from '#protocol/ptpip/packet.ts';
import { Client } from './client.ts';
import type { HeldCamera } from './held-camera.ts';
import { Line } from './line.ts';
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
	readonly #newcomers = new Set<Line>();
	readonly #guests = new Map<number, Guest>();
	#held: HeldCamera | undefined;
	#opened = deferred<void>();
	#endSession = (_why: string): void => {};
	#lastNumber = 0;
	#closed = false;

	constructor(options: DoorOptions) {
		this.#options = options;
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
		this.#opened = deferred();
		for (const { client } of this.#guests.values()) client.end(why);
		await Promise.all([...this.#guests.values()].map(({ serving }) => serving));
	}

	/** Ends everybody. */
	close(): void {
		this.#closed = true;
		for (const line of this.#newcomers) line.destroy('the hold was ended');
		for (const { client } of this.#guests.values()) client.end('the hold was ended');
	}

	/** Takes a connection of which nothing is known yet. */
	take(socket: Socket): void {
		const { limits } = this.#options;
		const line = new Line(socket, limits.unreadBytes);
		if (this.#closed) {
			line.destroy('the hold was ended');
			return;
		}
		this.#newcomers.add(line);
		if (this.#newcomers.size > limits.newcomers) {
			const [oldest] = this.#newcomers;
			oldest?.destroy('others came');
		}
		void line.over.then(() => this.#newcomers.delete(line));
		void this.#introduce(line);
	}

	async #introduce(line: Line): Promise<void> {
		const frame = await line.next(this.#options.limits.handshakeMs);
		if (frame === undefined) return;
		const packet = frame !== 'late' && frame.type === 'packet' ? frame.packet : undefined;
		if (packet?.kind === 'initCommandRequest') return this.#command(line, [...packet.friendlyName].slice(0, NAME_CHARACTERS).join(''));
		this.#newcomers.delete(line);
		if (packet?.kind === 'initEventRequest') return this.#event(line, packet.connectionNumber);
		line.destroy('it did not begin with an Init Request');
	}

	async #command(line: Line, name: string): Promise<void> {
		const { limits, waitClients } = this.#options;
		while (waitClients && this.#held === undefined && !line.gone) await Promise.race([this.#opened.promise, line.over]);
		this.#newcomers.delete(line);
		if (line.gone) return;
		const held = this.#held;
		const number = ++this.#lastNumber;
		if (held === undefined) return this.#refuse(line, number, name, 'the camera is not there');
		if (this.#guests.size >= limits.clients) this.#makeRoom();
		if (this.#guests.size >= limits.clients) return this.#refuse(line, number, name, `${limits.clients} clients are connected already`);
		const client = new Client({
			number,
			name,
			command: line,
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
		const late = setTimeout(() => {
			if (guest.serving === undefined) client.cut('its event connection did not come');
		}, limits.handshakeMs);
		void line.over.then(() => {
			clearTimeout(late);
			if (guest.serving === undefined) this.#guests.delete(number);
		});
		const { guid, friendlyName } = held.connection.camera;
		line.send({ kind: 'initCommandAck', connectionNumber: number, guid, friendlyName, version: PTPIP_1_0 });
	}

	/** Of those whose event connection has not come, the oldest goes: half a handshake costs nothing and keeps nobody out. */
	#makeRoom(): void {
		for (const [number, { client, serving }] of this.#guests) {
			if (serving !== undefined) continue;
			this.#guests.delete(number);
			client.cut('others came before its event connection');
			return;
		}
	}

	#event(line: Line, number: number): void {
		const guest = this.#guests.get(number);
		if (guest === undefined || guest.serving !== undefined || guest.client.command.gone || guest.client.command.from() !== line.from()) {
			line.send({ kind: 'initFail', reason: INIT_FAIL.rejected });
			line.end('there is no such client');
			return;
		}
		line.send({ kind: 'initEventAck' });
		this.#tell(guest.client, 'connected');
		guest.serving = guest.client.serve(line).then(() => {
			this.#guests.delete(number);
			this.#tell(guest.client, guest.client.wasCut ? 'cut' : 'left');
		});
	}

	#refuse(line: Line, number: number, name: string, why: string): void {
		line.send({ kind: 'initFail', reason: INIT_FAIL.busy });
		line.end(why);
		this.#options.emit({ type: 'client', state: 'refused', number, port: this.port, from: line.from(), name: printable(name), why });
	}

	#tell(client: Client, state: 'connected' | 'left' | 'cut'): void {
		const { number, from, name, operations, bytesIn, bytesOut } = client.status();
		const did = state === 'connected' ? {} : { why: client.command.why, operations, bytesIn, bytesOut };
		this.#options.emit({ type: 'client', state, number, port: this.port, from, name: printable(name), ...did });
	}
}
