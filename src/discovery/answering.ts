/**
 * Being found: the description server and the responder on one interface, kept up while that interface loses,
 * regains or changes its address or its name (DHCP, sleep, an adapter that is pulled out), or another takes its place.
 */

import type { Clock, Open } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit } from '#contract/events.ts';
import type { Identity } from '#contract/identity.ts';
import { type Warning, warning, warningText } from '#contract/warnings.ts';
import type { Networks } from '#network/ports.ts';
import type { WantedNetwork } from '#network/rules/choosing-network.ts';
import { followNetwork, networkLost, networkMoved } from '#network/rules/following-network.ts';
import { type NetworkInterface, sameNetwork } from '#network/rules/networks.ts';
import { descriptionUrl } from '#protocol/upnp/description.ts';
import { Lately } from './computer/rules/lately.ts';
import { Hearing, RENEW_MS } from './hearing.ts';
import type { DescriptionServer, OtherHolders, Responder } from './ports.ts';
import type { Missing } from './rules/hints.ts';
import type { Seen, SeenOutside } from './rules/sightings.ts';

export interface AnsweringRequest {
	network: NetworkInterface;
	/** How the network was chosen, so that the same choice can be made again; absent: it was the only one. */
	wanted?: WantedNetwork;
	identity: Identity;
	/** Name on the camera's screen. */
	name: string;
	ssdpPort: number;
	description: { port: number; mayMove: boolean; path: string /** `--no-start-desc`: somebody else serves it. */; serve: boolean };
	/** Seconds. */
	maxAge: number;
	bindAll: boolean;
	/** Answer searches of this computer's own addresses (a software camera on loopback). */
	answerOwn: boolean;
}

export interface AnsweringPorts {
	responder: Responder;
	descriptionServer: DescriptionServer;
	networks: Networks;
	clock: Clock;
	/** Absent: nobody can be named. */
	holders?: OtherHolders;
}

/** Cameras are answered. */
export interface Answering extends Open {
	/** Why no camera can be heard now, if that is so. */
	readonly fault: Missing | undefined;
	/** A test search of our own was heard here lately. */
	readonly tested: boolean;
}

interface Standing extends Open {
	/** Absent on loopback, where there is nothing to be tested. */
	hearing?: Hearing;
}

/** How often the interface is looked at. */
const WATCH_MS = 2000;
/** Who has read the description is answered before others for this long, in milliseconds: longer than a camera is used at a time. */
const READER_MS = 24 * 3_600_000;
/** Readers remembered. */
const READERS = 1024;
/** Who was told where the description is comes to read it within this long, in milliseconds; a camera within a tenth of a second. */
const EXPECTED_MS = 10_000;
/** Two reports of the same trouble are at least this far apart. */
const SAME_TROUBLE_MS = 60_000;

/**
 * Answers cameras until closed. Resolves when cameras can find this computer; rejects with `portTaken`,
 * `cannotListen` when they cannot from the start. Later trouble is a `warning` and is retried for ever.
 * `knows`: addresses of cameras that are known in other ways than by having read the description.
 */
export async function startAnswering(
	request: AnsweringRequest,
	ports: AnsweringPorts,
	emit: Emit,
	onSeen: (seen: Seen | SeenOutside) => void,
	knows: (address: string) => boolean = () => false,
): Promise<Answering> {
	const readers = new Lately(READER_MS, READERS);
	const answered = new Lately(EXPECTED_MS, READERS);
	const ended = new AbortController();
	let standing: Standing | undefined = await stand(request.network);
	let network = request.network;
	let fault: Missing | undefined;
	let trouble = '';
	let troubleAt = Number.NEGATIVE_INFINITY;
	let broken = false;
	let reopenedAt = Number.NEGATIVE_INFINITY;

	async function stand(on: NetworkInterface): Promise<Standing> {
		const { description } = request;
		const server = description.serve
			? await ports.descriptionServer.open(
					{
						bind: request.bindAll ? '0.0.0.0' : on.address,
						port: description.port,
						mayMove: description.mayMove,
						path: description.path,
						uuid: request.identity.uuid,
						name: request.name,
						expected: (address) => answered.has(address, ports.clock.now()),
					},
					{
						read: (from, userAgent, untold) => {
							readers.did(from, ports.clock.now());
							emit({ type: 'description', from, userAgent, ...(untold === undefined ? {} : { untold }) });
							onSeen({ type: 'description', from, userAgent, at: ports.clock.now() });
						},
					},
				)
			: undefined;
		const port = server?.port ?? description.port;
		if (port !== description.port) emit(warning('portMoved', { port: description.port, movedTo: port }));
		const location = descriptionUrl(on.address, port, description.path);
		let hearing: Hearing | undefined;
		try {
			const responder = await ports.responder.open(
				{
					network: on,
					bindAll: request.bindAll,
					port: request.ssdpPort,
					uuid: request.identity.uuid,
					location,
					maxAge: request.maxAge,
					answerOwn: request.answerOwn,
					preferred: (address) => readers.has(address, ports.clock.now()) || knows(address),
				},
				{
					search: (search) => {
						hearing?.heard();
						if (search.ignored === undefined) answered.did(search.from, ports.clock.now());
						emit({
							type: 'search',
							from: search.from,
							port: search.port,
							target: search.target,
							answered: search.ignored === undefined,
							...(search.ignored === undefined ? {} : { ignored: search.ignored }),
							...(search.untold === undefined ? {} : { untold: search.untold }),
						});
						if (search.ignored === 'otherSubnet') onSeen({ type: 'outside', from: search.from, target: search.target, network: on });
						else if (search.ignored !== 'ownAddress')
							onSeen({ type: 'search', from: search.from, target: search.target, at: ports.clock.now() });
					},
					failed: (why) => {
						broken = true;
						tell(warning('responderFailed', { why }));
					},
				},
			);
			emit({
				type: 'ready',
				interface: on.name,
				address: on.address,
				name: request.name,
				uuid: request.identity.uuid,
				ssdpPort: request.ssdpPort,
				location,
			});
			if (on.kind !== 'loopback')
				hearing = new Hearing({
					responder,
					interface: on.name,
					address: on.address,
					port: request.ssdpPort,
					clock: ports.clock,
					holders: ports.holders ?? (async () => []),
					signal: ended.signal,
				});
			return { close: async () => void (await Promise.all([responder.close(), server?.close()])), ...(hearing && { hearing }) };
		} catch (error) {
			await server?.close();
			throw error;
		}
	}

	function tell(found: Warning): void {
		const now = ports.clock.now();
		if (found.message === trouble && now - troubleAt < SAME_TROUBLE_MS) return;
		trouble = found.message;
		troubleAt = now;
		emit(found);
	}

	async function lookAgain(): Promise<void> {
		const followed = { current: network, home: request.network, wanted: request.wanted ?? {} };
		const following = followNetwork(ports.networks.list(), followed);
		if (standing !== undefined && 'network' in following && sameNetwork(following.network, network) && !broken)
			return keepHearing(standing);
		if (standing !== undefined) {
			await standing.close();
			standing = undefined;
			broken = false;
		}
		if ('instead' in following) {
			const lost = networkLost(followed, following.instead);
			if (fault?.hint !== 'networkLost') tell(lost);
			fault = { hint: 'networkLost', words: warningText(lost) };
			return;
		}
		const next = following.network;
		if (next.name !== network.name || next.address !== network.address) tell(networkMoved(network, next));
		network = next;
		standing = await stand(next);
		fault = undefined;
	}

	async function keepHearing({ hearing }: Standing): Promise<void> {
		try {
			await hearing?.upkeep();
		} catch {
			// Set up again, but not all the time.
			const now = ports.clock.now();
			broken = now - reopenedAt >= RENEW_MS;
			if (broken) reopenedAt = now;
		}
		const deaf = hearing?.deaf;
		if (deaf !== undefined && fault === undefined) tell(deaf);
		fault = deaf === undefined ? undefined : { hint: 'notHeard', words: warningText(deaf) };
	}

	const watching = (async () => {
		while (!ended.signal.aborted) {
			await ports.clock.sleep(WATCH_MS, ended.signal);
			if (ended.signal.aborted) return;
			try {
				await lookAgain();
			} catch (error) {
				const message = error instanceof Error ? error.message : String(error);
				const next = error instanceof CanonWifiError ? error.next : undefined;
				const found = warning('cannotAnswer', { message, next });
				tell(found);
				fault = { hint: 'cannotAnswer', words: warningText(found) };
			}
		}
	})();

	return {
		get fault() {
			return fault;
		},
		get tested() {
			return standing?.hearing?.tested ?? false;
		},
		close: async () => {
			ended.abort();
			await watching;
			await standing?.close();
			standing = undefined;
		},
	};
}
