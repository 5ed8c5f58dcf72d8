/** The computer flow: the camera searches for a computer, reads our description, and opens its port. We only answer. */

import type { Clock } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { descriptionUrl } from '#protocol/upnp/description.ts';
import type { DiscoveryFlow, FlowContext, OpenFlow } from '../flow.ts';
import type { DescriptionServer, OpenDescription, OpenResponder, OtherHolders, Responder, Search } from '../ports.ts';
import { Hearing, RENEW_MS } from './hearing.ts';
import { type FindOtherResponders, warnOfOtherResponders } from './other-responders.ts';
import { RecentAddresses } from './rules/recent-addresses.ts';

/** What the computer flow needs. */
export interface ComputerPorts {
	responder: Responder;
	descriptionServer: DescriptionServer;
	clock: Clock;
	/** Finds the programs that have a UDP port open; absent where that is not possible. */
	holders?: OtherHolders | undefined;
	/** Finds other instances of canon-wifi that answer here; absent: they are not looked for. */
	others?: FindOtherResponders | undefined;
}

/** An address that has read the description is answered before others for this long, in milliseconds. Longer than a camera is used at a time. */
const READER_MS = 24 * 3_600_000;
/** Number of readers remembered. */
const READERS = 1024;
/** An address that got an answer reads the description within this long, in milliseconds. A camera does so within 100 ms. */
const EXPECTED_MS = 10_000;

/** Creates the flow in which cameras find this computer. */
export function computerFlow(ports: ComputerPorts): DiscoveryFlow {
	return new ComputerFlow(ports);
}

class ComputerFlow implements DiscoveryFlow {
	readonly flow = 'computer';
	readonly #ports: ComputerPorts;
	readonly #readers = new RecentAddresses(READER_MS, READERS);
	readonly #answered = new RecentAddresses(EXPECTED_MS, READERS);
	/** Our addresses on which other instances were already looked for. */
	readonly #checked = new Set<string>();
	/** When the flow was last reopened because nothing was heard. */
	#reopenedAt = Number.NEGATIVE_INFINITY;

	constructor(ports: ComputerPorts) {
		this.#ports = ports;
	}

	async open(context: FlowContext): Promise<OpenFlow> {
		const { request, network, emit, signal } = context;
		const { ssdpPort: port, identity, name } = request;
		// The description must be served before any answer points to it.
		const server = await this.#openServer(context);
		const location = descriptionUrl(network.address, server?.port ?? request.description.port, request.description.path);
		let hearing: Hearing | undefined;
		try {
			const responder = await this.#openResponder(context, location, () => hearing?.heard());
			emit({ type: 'ready', interface: network.name, address: network.address, name, uuid: identity.uuid, ssdpPort: port, location });
			this.#warnOfOthers(network.address, port, emit);
			if (canTestHearing(network)) {
				const { clock, holders = async () => [] } = this.#ports;
				hearing = new Hearing({ responder, interface: network.name, address: network.address, port, clock, holders, signal });
			}
			return {
				get fault() {
					return hearing?.fault;
				},
				get tested() {
					return hearing?.tested ?? false;
				},
				upkeep: () => this.#upkeep(hearing),
				close: async () => void (await Promise.all([responder.close(), server?.close()])),
			};
		} catch (error) {
			await server?.close();
			throw error;
		}
	}

	async #openServer({ request, network, emit, observe }: FlowContext): Promise<OpenDescription | undefined> {
		const { clock, descriptionServer } = this.#ports;
		const { description, identity, name, bindAll } = request;
		if (!description.serve) return undefined;
		const server = await descriptionServer.open(
			{
				bind: bindAll ? '0.0.0.0' : network.address,
				port: description.port,
				mayMove: description.mayMove,
				path: description.path,
				uuid: identity.uuid,
				name,
				expected: (address) => this.#answered.has(address, clock.now()),
			},
			{
				read: (from, userAgent, suppressed) => {
					this.#readers.add(from, clock.now());
					emit({ type: 'description', from, userAgent, untold: suppressed });
					observe({ type: 'description', from, userAgent, at: clock.now() });
				},
			},
		);
		if (server.port !== description.port) emit(warning('portMoved', { port: description.port, movedTo: server.port }));
		return server;
	}

	#openResponder(context: FlowContext, location: string, heard: () => void): Promise<OpenResponder> {
		const { clock, responder } = this.#ports;
		const { request, network, knows, failed } = context;
		const { ssdpPort: port, identity, bindAll, maxAge, answerOwn } = request;
		const preferred = (address: string) => this.#readers.has(address, clock.now()) || knows(address);
		return responder.open(
			{ network, bindAll, port, uuid: identity.uuid, location, maxAge, answerOwn, preferred },
			{
				search: (search) => {
					heard();
					this.#searched(context, search);
				},
				failed,
			},
		);
	}

	#searched({ emit, observe, network }: FlowContext, { from, port, target, ignored, suppressed }: Search): void {
		const now = this.#ports.clock.now();
		if (ignored === undefined) this.#answered.add(from, now);
		emit({ type: 'search', from, port, target, answered: ignored === undefined, ignored, untold: suppressed });
		if (ignored === 'otherSubnet') observe({ type: 'outside', from, target, network });
		else if (ignored !== 'ownAddress') observe({ type: 'search', from, target, at: now });
	}

	/** Looks for other instances once for each address. */
	#warnOfOthers(address: string, port: number, emit: Emit): void {
		const { others } = this.#ports;
		if (others === undefined || this.#checked.has(address)) return;
		this.#checked.add(address);
		warnOfOtherResponders(others, { address, port }, emit);
	}

	/** Lets the flow be reopened when `Hearing` cannot renew the sockets, but not all the time. */
	async #upkeep(hearing: Hearing | undefined): Promise<void> {
		try {
			await hearing?.upkeep();
		} catch (error) {
			const now = this.#ports.clock.now();
			if (now - this.#reopenedAt < RENEW_MS) return;
			this.#reopenedAt = now;
			throw error;
		}
	}
}

/** On loopback there is nothing to test. */
const canTestHearing = ({ kind }: NetworkInterface): boolean => kind !== 'loopback';
