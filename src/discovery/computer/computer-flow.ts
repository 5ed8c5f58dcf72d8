/** The computer flow: the camera searches for a computer, reads our description, and opens its port. We only answer. */

import type { Clock } from '#base/clock.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { descriptionUrl } from '#protocol/upnp/description.ts';
import type { DiscoveryFlow, FlowContext } from '../flow.ts';
import type { DescriptionServer, OpenDescription, OtherHolders, Responder, Search } from '../ports.ts';
import { Hearing, RENEW_MS } from './hearing.ts';
import { type OtherAnswerers, tellOthers } from './other-answerers.ts';
import { Lately } from './rules/lately.ts';

export interface ComputerPorts {
	responder: Responder;
	descriptionServer: DescriptionServer;
	clock: Clock;
	/** Names the programs that have a UDP port open; absent: nobody can be named. */
	holders?: OtherHolders | undefined;
	/** Finds other canon-wifis that answer here; absent: not looked for. */
	others?: OtherAnswerers | undefined;
}

/** Who has read the description is answered before others for this long, in milliseconds: longer than a camera is used at a time. */
const READER_MS = 24 * 3_600_000;
/** Readers remembered. */
const READERS = 1024;
/** Who was told where the description is comes to read it within this long, in milliseconds; a camera within a tenth of a second. */
const EXPECTED_MS = 10_000;

/** Makes this computer one that cameras find. */
export function computerFlow(ports: ComputerPorts): DiscoveryFlow {
	const { clock } = ports;
	const readers = new Lately(READER_MS, READERS);
	const answered = new Lately(EXPECTED_MS, READERS);
	/** Addresses on which other canon-wifis were looked for already. */
	const looked = new Set<string>();
	/** When it was last given up to be opened again, because nothing was heard. */
	let reopenedAt = Number.NEGATIVE_INFINITY;

	/** What `Hearing` cannot renew is opened again, but not all the time. */
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
				read: (from, userAgent, untold) => {
					readers.did(from, clock.now());
					emit({ type: 'description', from, userAgent, ...(untold !== undefined && { untold }) });
					seen({ type: 'description', from, userAgent, at: clock.now() });
				},
			},
		);
		if (server.port !== description.port)
			emit({
				type: 'warning',
				code: 'portMoved',
				message: `Port ${description.port} is taken, so the description is served on port ${server.port}.`,
			});
		return server;
	}

	function search({ emit, observe: seen, network }: FlowContext, { from, port, target, ignored, untold }: Search): void {
		if (ignored === undefined) answered.did(from, clock.now());
		emit({
			type: 'search',
			from,
			port,
			target,
			answered: ignored === undefined,
			...(ignored !== undefined && { ignored }),
			...(untold !== undefined && { untold }),
		});
		if (ignored === 'otherSubnet') seen({ type: 'outside', from, target, network });
		else if (ignored !== 'ownAddress') seen({ type: 'search', from, target, at: clock.now() });
	}

	return {
		flow: 'computer',
		async open(context) {
			const { request, network, emit, knows, failed, signal } = context;
			const { ssdpPort: port, identity, name, bindAll, maxAge, answerOwn } = request;
			// The description is there before anybody is told of it.
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
				if (ports.others !== undefined && !looked.has(network.address)) {
					looked.add(network.address);
					tellOthers(ports.others, { address: network.address, port }, emit);
				}
				if (hearsItself(network)) {
					const holders = ports.holders ?? (async () => []);
					hearing = new Hearing({ responder, interface: network.name, address: network.address, port, clock, holders, signal });
				}
				return {
					get deaf() {
						return hearing?.deaf;
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

/** On loopback there is nothing to be tested. */
const hearsItself = ({ kind }: NetworkInterface): boolean => kind !== 'loopback';
