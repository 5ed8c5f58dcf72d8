/** Answers searches with node-ssdp's `Server`. The only file that knows that package. */
import type { RemoteInfo } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import ssdp from 'node-ssdp';
import { mayBeNeighbour } from '#network/rules/networks.ts';
import { ipv4Addresses } from '#network/rules/system-addresses.ts';
import { ROOT_DEVICE, searchAnswer, searchTarget } from '#protocol/ssdp/message.ts';
import { joinMulticastGroup, moveMembership, openSsdpSockets, type SsdpSockets } from '#protocol/ssdp/sockets.ts';
import { listenError } from '#system/listen-error.ts';
import type { Responder, ResponderOptions } from '../ports.ts';
import { probeHearing } from './hearing-probe.ts';
import { type Heard, probeOf } from './rules/hearing.ts';
import { Overlap } from './rules/overlap.ts';
import { type LanContext, SearchFilter } from './rules/search-filter.ts';
import { SendErrors } from './send-errors.ts';

type Listeners = Parameters<Responder['open']>[1];

/** How often this computer's addresses are read again and lost memberships renewed, in milliseconds. */
const REFRESH_MS = 10_000;

/** Creates a `Responder` that uses node-ssdp. @param now monotonic milliseconds */
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
			return { close: () => server.end(), renew: () => server.renew(), probe: (signal) => server.probe(signal) };
		},
	};
}

/**
 * node-ssdp's server as cameras need it. It inherits the registering of the USN and the order of starting and stopping. The
 * rest differs: it binds two sockets on one interface and reports when that fails; it sees who asked; it answers each search
 * at once and once, even if header fields are missing; it announces nothing by itself and leaves no timer behind.
 */
class CameraServer extends ssdp.Server {
	readonly #options: ResponderOptions;
	readonly #on: Listeners;
	readonly #now: () => number;
	readonly #filter = new SearchFilter();
	readonly #sendErrors: SendErrors;
	readonly #answer: Uint8Array;
	/** The sockets in use, once it has started. */
	#sockets: SsdpSockets | undefined;
	/** All open sockets. For a moment during a renewal there are two pairs. */
	readonly #open = new Set<SsdpSockets>();
	/** Set during a renewal. */
	#overlap: Overlap | undefined;
	readonly #onProbe = new Set<(target: string) => void>();
	#renewing: Promise<void> = Promise.resolve();
	#lan: LanContext;
	#refreshing: NodeJS.Timeout | undefined;
	#ended = false;

	constructor(options: ResponderOptions, on: Listeners, now: () => number) {
		const { uuid, location, maxAge, network } = options;
		super({ location, udn: `uuid:${uuid}`, suppressRootDeviceAdvertisements: true, customLogger: () => {} });
		this.#options = options;
		this.#on = on;
		this.#now = now;
		this.#sendErrors = new SendErrors(on.failed);
		this.addUSN(ROOT_DEVICE);
		this.#answer = new TextEncoder().encode(searchAnswer({ usn: this._usns[ROOT_DEVICE] ?? '', location, maxAge }));
		const { answerOwn, preferred } = options;
		this.#lan = { own: new Set([network.address]), subnets: [network], answerOwn, preferred };
	}

	/** Stops the server. Resolves when the sockets are closed. */
	async end(): Promise<void> {
		this.sockets ??= {}; // node-ssdp stops nothing without them
		this.stop();
		await this.#renewing;
		await Promise.all([...this.#open].map((sockets) => sockets.close()));
	}

	/** Replaces the sockets and memberships, because after hours they may no longer work, on every system. */
	renew(): Promise<void> {
		const renewed = this.#renewing.then(() => this.#renew());
		this.#renewing = renewed.catch(() => {});
		return renewed;
	}

	/** Tests whether our own searches are heard. Test searches of other computers are dropped silently. */
	probe(signal: AbortSignal): Promise<Heard> {
		const port = this.#sockets?.port ?? this.#options.port;
		return probeHearing(
			this.#options.network.address,
			port,
			(heard) => {
				this.#onProbe.add(heard);
				return () => this.#onProbe.delete(heard);
			},
			signal,
		);
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
		for (const sockets of this.#open) void sockets.close();
	}

	// Cameras search, so no NOTIFY is needed.
	override advertise(): void {}
	override _initAdLoop(): void {}
	override _stopAdLoop(): void {}

	async #listen(): Promise<void> {
		const { network, port } = this.#options;
		try {
			const sockets = await this.#openSockets(port);
			joinMulticastGroup(sockets, network.address);
			this.#use(sockets);
		} catch (error) {
			throw listenError(error as NodeJS.ErrnoException, { protocol: 'UDP', address: network.address, port });
		}
		this.#refresh();
		this.#refreshing = setInterval(() => this.#refresh(), REFRESH_MS).unref();
	}

	async #openSockets(port: number): Promise<SsdpSockets> {
		const sockets = await openSsdpSockets(this.#options.network.address, port);
		this.#open.add(sockets);
		if (this.#ended) void sockets.close();
		return sockets;
	}

	/** Uses these sockets from now on. */
	#use(sockets: SsdpSockets): void {
		this.#sockets = sockets;
		this.sockets = { [this.#options.network.address]: sockets.unicast };
		for (const socket of [sockets.multicast, sockets.unicast]) {
			socket.on('error', (error) => {
				if (sockets === this.#sockets) this.#sendErrors.socketFailed(error);
			});
			socket.on('message', (datagram, sender) => this.#hear(datagram, sender, sockets));
		}
	}

	async #renew(): Promise<void> {
		const old = this.#sockets;
		if (old === undefined || this.#ended) return;
		const sockets = await this.#openSockets(old.port);
		if (this.#ended) return;
		const [first = this.#options.network, ...others] = this.#lan.subnets;
		try {
			moveMembership(old, sockets, first.address);
		} catch (error) {
			this.#refresh(); // joins the group again with the old sockets
			this.#open.delete(sockets);
			await sockets.close();
			throw error;
		}
		for (const { address } of others) {
			try {
				moveMembership(old, sockets, address);
			} catch {} // no multicast there now; the next refresh tries again
		}
		this.#overlap = new Overlap();
		this.#use(sockets);
		// Read what has reached the old sockets before closing them: Node reads once in a turn of its event loop.
		await setImmediate();
		await setImmediate();
		this.#overlap = undefined;
		await old.close();
		this.#open.delete(old);
	}

	/** Reads this computer's addresses again, and joins the group where the interface has been away. */
	#refresh(): void {
		const { network, bindAll, answerOwn, preferred } = this.#options;
		const addresses = ipv4Addresses(networkInterfaces());
		const subnets = bindAll ? [network, ...addresses] : [network];
		this.#lan = { own: new Set(addresses.map(({ address }) => address)), subnets, answerOwn, preferred };
		for (const { address } of subnets) {
			try {
				if (this.#sockets !== undefined) joinMulticastGroup(this.#sockets, address);
			} catch {} // nearly always: already joined. Or no multicast here now; the next refresh tries again
		}
	}

	#hear({ buffer, byteOffset, length }: Buffer, { address: from, port }: RemoteInfo, by: SsdpSockets): void {
		const target = searchTarget(new Uint8Array(buffer, byteOffset, length));
		if (target === undefined || this.#ended || port === 0) return; // port 0 is legal in UDP but cannot be answered
		if (this.#overlap?.isRepeated(by === this.#sockets ? 'new' : 'old', `${from}:${port} ${target}`)) return;
		if (probeOf(target) !== undefined) {
			for (const heard of this.#onProbe) heard(target);
			return;
		}
		const { ignored, report, suppressed } = this.#filter.decide(from, target, this.#now(), this.#lan);
		if (ignored === undefined) this.#reply(from, port);
		if (report) this.#on.search({ from, port, target, ignored, suppressed });
	}

	#reply(to: string, port: number): void {
		const sent = (error?: Error | null) => {
			if (!this.#ended) this.#sendErrors.sent(error ?? undefined, this.#now());
		};
		// Not node-ssdp's own `_send`, which takes several turns of the event loop before the datagram leaves.
		// With --bind-all, other networks are answered from whichever address leads there.
		const socket = mayBeNeighbour(this.#options.network, to) ? this.#sockets?.unicast : this.#sockets?.multicast;
		socket?.send(this.#answer, port, to, sent);
	}
}
