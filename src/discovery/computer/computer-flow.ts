/** The computer flow: the camera searches for a computer, reads our description, and opens its port. We only answer. */

import type { Clock } from '#base/clock.ts';
import { warning } from '#contract/warnings.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { descriptionUrl } from '#protocol/upnp/description.ts';
import type { DiscoveryFlow, FlowContext } from '../flow.ts';
import type { DescriptionServer, OpenDescription, OtherHolders, Responder, Search } from '../ports.ts';
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
	const { clock } = ports;
	const readers = new RecentAddresses(READER_MS, READERS);
	const answered = new RecentAddresses(EXPECTED_MS, READERS);
	/** Our addresses on which other instances were already looked for. */
	const checked = new Set<string>();
	/** When the flow was last reopened because nothing was heard. */
	let reopenedAt = Number.NEGATIVE_INFINITY;

	/** Lets the flow be reopened when `Hearing` cannot renew the sockets, but not all the time. */
	async function upkeep(hearing: Hearing | undefined): Promise<void> {
		try {
			await hearing?.upkeep();
		} catch (error) {
			if (clock.now() - reopenedAt < RENEW_MS) return;
			reopenedAt = clock.now();
			throw error;
		}
	}

	async function openServer({ request, network, emit, observe: seen }: FlowContext): Promise<OpenDescription | undefined> {
		const { description, identity, name, bindAll } = request;
		if (!description.serve) return undefined;
		const server = await ports.descriptionServer.open(
			{
				bind: bindAll ? '0.0.0.0' : network.address,
				port: description.port,
				mayMove: description.mayMove,
				path: description.path,
				uuid: identity.uuid,
				name,
				expected: (address) => answered.has(address, clock.now()),
			},
			{
				read: (from, userAgent, suppressed) => {
					readers.add(from, clock.now());
					emit({ type: 'description', from, userAgent, untold: suppressed });
					seen({ type: 'description', from, userAgent, at: clock.now() });
				},
			},
		);
		if (server.port !== description.port) emit(warning('portMoved', { port: description.port, movedTo: server.port }));
		return server;
	}

	function search({ emit, observe, network }: FlowContext, { from, port, target, ignored, suppressed }: Search): void {
		if (ignored === undefined) answered.add(from, clock.now());
		emit({ type: 'search', from, port, target, answered: ignored === undefined, ignored, untold: suppressed });
		if (ignored === 'otherSubnet') observe({ type: 'outside', from, target, network });
		else if (ignored !== 'ownAddress') observe({ type: 'search', from, target, at: clock.now() });
	}

	return {
		flow: 'computer',
		async open(context) {
			const { request, network, emit, knows, failed, signal } = context;
			const { ssdpPort: port, identity, name, bindAll, maxAge, answerOwn } = request;
			// The description must be served before any answer points to it.
			const server = await openServer(context);
			const location = descriptionUrl(network.address, server?.port ?? request.description.port, request.description.path);
			let hearing: Hearing | undefined;
			try {
				const responder = await ports.responder.open(
					{
						network,
						bindAll,
						port,
						uuid: identity.uuid,
						location,
						maxAge,
						answerOwn,
						preferred: (address) => readers.has(address, clock.now()) || knows(address),
					},
					{
						search: (one) => {
							hearing?.heard();
							search(context, one);
						},
						failed,
					},
				);
				emit({ type: 'ready', interface: network.name, address: network.address, name, uuid: identity.uuid, ssdpPort: port, location });
				if (ports.others !== undefined && !checked.has(network.address)) {
					checked.add(network.address);
					warnOfOtherResponders(ports.others, { address: network.address, port }, emit);
				}
				if (hearsItself(network)) {
					const holders = ports.holders ?? (async () => []);
					hearing = new Hearing({ responder, interface: network.name, address: network.address, port, clock, holders, signal });
				}
				return {
					get fault() {
						return hearing?.fault;
					},
					get tested() {
						return hearing?.tested ?? false;
					},
					upkeep: () => upkeep(hearing),
					close: async () => void (await Promise.all([responder.close(), server?.close()])),
				};
			} catch (error) {
				await server?.close();
				throw error;
			}
		},
	};
}

/** On loopback there is nothing to test. */
const hearsItself = ({ kind }: NetworkInterface): boolean => kind !== 'loopback';
