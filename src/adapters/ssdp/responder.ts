/** Answers searches, on node-ssdp's `Server`. The only file that knows that package. */
import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import ssdp from 'node-ssdp';
import { mayBeNeighbour } from '../../core/networks.ts';
import { Judge, type Surroundings } from '../../core/ssdp/judging.ts';
import { ROOT_DEVICE, SSDP_GROUP, searchAnswer, searchTarget } from '../../core/ssdp/message.ts';
import { ipv4Addresses } from '../../core/system-addresses.ts';
import type { Responder, ResponderOptions } from '../../flows/ports.ts';
import { listenError } from '../listen-error.ts';
import { Complaints } from './complaints.ts';

type Listeners = Parameters<Responder['open']>[1];

/** UPnP 1.0's time to live for multicast. */
const TTL = 4;
/** Room for the bursts of a noisy network; the system may grant less. */
const RECEIVE_BUFFER = 1 << 20;
/** How often addresses are read again and the group is joined where that was lost. */
const REFRESH_MS = 10_000;

/** `Responder` on node-ssdp. `now`: milliseconds that never go back. */
export function ssdpResponder(now: () => number = () => performance.now()): Responder {
	return {
		async open(options, on) {
			const server = new CameraServer(options, on, now);
			try {
				await server.start();
			} catch (error) {
				await server.end();
				throw error;
			}
			return { close: () => server.end() };
		},
	};
}

/**
 * node-ssdp's server as cameras need it. What it inherits: registering the USN, the order of starting and stopping, sending.
 * What it does otherwise: it binds two sockets on one interface and says when that fails; it sees who asked; it answers at
 * once, once, whatever else the question lacks; it announces nothing by itself and leaves no timer behind.
 */
class CameraServer extends ssdp.Server {
	readonly #options: ResponderOptions;
	readonly #on: Listeners;
	readonly #now: () => number;
	readonly #judge = new Judge();
	readonly #complaints: Complaints;
	readonly #answer: Uint8Array;
	/** Hears multicasts. Bound to every address, since no other socket gets them on all systems. */
	readonly #ear = createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });
	/** Answers, so that answers come from the announced address; hears what is sent to that address alone. */
	readonly #voice = createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });
	readonly #closed: Promise<void>;
	#around: Surroundings;
	#refreshing: NodeJS.Timeout | undefined;
	#ended = false;

	constructor(options: ResponderOptions, on: Listeners, now: () => number) {
		const { uuid, location, maxAge, network } = options;
		super({ location, udn: `uuid:${uuid}`, suppressRootDeviceAdvertisements: true, customLogger: () => {} });
		this.#options = options;
		this.#on = on;
		this.#now = now;
		this.#complaints = new Complaints(on.failed);
		this.addUSN(ROOT_DEVICE);
		this.#answer = new TextEncoder().encode(searchAnswer({ usn: this._usns[ROOT_DEVICE] ?? '', location, maxAge }));
		const { answerOwn, preferred } = options;
		this.#around = { own: new Set([network.address]), subnets: [network], answerOwn, preferred };
		const closed = [this.#ear, this.#voice].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)));
		this.#closed = Promise.all(closed).then(() => {});
	}

	/** Stops; resolves when the sockets are closed. */
	end(): Promise<void> {
		this.sockets ??= {}; // node-ssdp stops nothing without them
		this.stop();
		return this.#closed;
	}

	override _start(done: (error?: Error | null) => void): void {
		this.#listen().then(
			() => done(),
			(error: Error) => done(error),
		);
	}

	override _stop(): void {
		this.sockets = null;
		if (this.#ended) return;
		this.#ended = true;
		clearInterval(this.#refreshing);
		this.#ear.close();
		this.#voice.close();
	}

	// Cameras ask; nobody has to be told unasked (NOTIFY).
	override advertise(): void {}
	override _initAdLoop(): void {}
	override _stopAdLoop(): void {}

	async #listen(): Promise<void> {
		const { network, port } = this.#options;
		try {
			await bind(this.#ear, port);
			await bind(this.#voice, this.#ear.address().port, network.address);
			this.#ear.setMulticastTTL(TTL);
			this.#ear.setMulticastInterface(network.address);
			this.#ear.addMembership(SSDP_GROUP, network.address);
		} catch (error) {
			throw listenError(error as NodeJS.ErrnoException, { protocol: 'UDP', address: network.address, port });
		}
		this.sockets = { [network.address]: this.#voice };
		for (const socket of [this.#ear, this.#voice]) {
			try {
				socket.setRecvBufferSize(RECEIVE_BUFFER);
			} catch {} // the system's own size will do
			socket.on('error', (error) => this.#complaints.broken(error));
			socket.on('message', (datagram, sender) => this.#hear(datagram, sender));
		}
		this.#refresh();
		this.#refreshing = setInterval(() => this.#refresh(), REFRESH_MS).unref();
	}

	/** Reads this computer's addresses again, and joins where the interface has been away. */
	#refresh(): void {
		const { network, bindAll, answerOwn, preferred } = this.#options;
		const addresses = ipv4Addresses(networkInterfaces());
		const subnets = bindAll ? [network, ...addresses] : [network];
		this.#around = { own: new Set(addresses.map(({ address }) => address)), subnets, answerOwn, preferred };
		for (const { address } of subnets) {
			try {
				this.#ear.addMembership(SSDP_GROUP, address);
			} catch {} // joined already, as nearly always; or there is no multicast here now, and the next time will tell
		}
	}

	#hear({ buffer, byteOffset, length }: Buffer, { address: from, port }: RemoteInfo): void {
		const target = searchTarget(new Uint8Array(buffer, byteOffset, length));
		if (target === undefined || this.#ended || port === 0) return; // port 0 is legal in UDP and cannot be answered
		const { ignored, tell, untold } = this.#judge.judge(from, target, this.#now(), this.#around);
		if (ignored === undefined) this.#reply(from, port);
		if (tell) this.#on.search({ from, port, target, ...(ignored && { ignored }), ...(untold !== undefined && { untold }) });
	}

	#reply(to: string, port: number): void {
		const sent = (error?: Error | null) => {
			if (!this.#ended) this.#complaints.sent(error ?? undefined, this.#now());
		};
		// node-ssdp's own `_send` goes through several turns of the event loop before the datagram leaves.
		// --bind-all: from whichever address leads there.
		const socket = mayBeNeighbour(this.#options.network, to) ? this.#voice : this.#ear;
		socket.send(this.#answer, port, to, sent);
	}
}

/** Every address here is a literal; Node would look it up all the same, a turn of the event loop later. */
const literally: SocketOptions['lookup'] = (hostname, _options, done) => done(null, hostname, 4);

function bind(socket: Socket, port: number, address?: string): Promise<void> {
	return new Promise((resolve, reject) => {
		socket.once('error', reject);
		socket.bind({ port, ...(address !== undefined && { address }), exclusive: true }, () => {
			socket.off('error', reject);
			resolve();
		});
	});
}
