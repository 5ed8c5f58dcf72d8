/**
 * Discovery on one network: opens the flows, looks after them, and follows the network when it loses, regains or changes its
 * address or its name (DHCP, sleep, an adapter that is pulled out), or when another one takes its place.
 */

import type { Clock, Open } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit } from '#contract/events.ts';
import type { Networks } from '#network/ports.ts';
import { followNetwork, lostWords, movedWords } from '#network/rules/following-network.ts';
import { type NetworkInterface, sameNetwork } from '#network/rules/networks.ts';
import type { DiscoveryFlow, DiscoveryRequest, OpenFlow } from './flow.ts';
import type { Diagnosis } from './rules/hints.ts';
import type { Observation, OutsideSearch } from './rules/sightings.ts';

export interface DiscoveryPorts {
	/** The ways in which cameras are looked for. */
	flows: readonly DiscoveryFlow[];
	networks: Networks;
	clock: Clock;
}

/** Who is told what was seen, and who knows cameras. */
export interface Observer {
	observe(what: Observation | OutsideSearch): void;
	/** Whether this address is a known camera's, other than by having read the description; absent: none is known. */
	knows?(address: string): boolean;
}

/** Cameras can find this computer, and it them. */
export interface Discovery extends Open {
	/** Why no camera can be heard now, if that is so. */
	readonly fault: Diagnosis | undefined;
	/** A test of our own was heard here lately. */
	readonly tested: boolean;
}

/** How often the interface is looked at, in milliseconds. */
const WATCH_MS = 2000;
/** Two reports of the same trouble are at least this far apart, in milliseconds. */
const SAME_TROUBLE_MS = 60_000;

/**
 * Resolves when cameras can find this computer; rejects with `portTaken` or `cannotListen` when they cannot from the start.
 * Later trouble is a `warning`, and is tried again until it is closed.
 */
export async function startDiscovery(request: DiscoveryRequest, ports: DiscoveryPorts, emit: Emit, observer: Observer): Promise<Discovery> {
	const running = new RunningDiscovery(request, ports, emit, observer);
	await running.open(request.network);
	running.watch();
	return running;
}

class RunningDiscovery implements Discovery {
	readonly #request: DiscoveryRequest;
	readonly #ports: DiscoveryPorts;
	readonly #emit: Emit;
	readonly #observer: Observer;
	readonly #ended = new AbortController();
	#network: NetworkInterface;
	#open: readonly OpenFlow[] | undefined;
	/** A flow has stopped working. */
	#broken = false;
	/** The last trouble that was told, and when. */
	#told = { message: '', at: Number.NEGATIVE_INFINITY };
	#watching: Promise<void> = Promise.resolve();
	fault: Diagnosis | undefined;

	constructor(request: DiscoveryRequest, ports: DiscoveryPorts, emit: Emit, observer: Observer) {
		this.#request = request;
		this.#ports = ports;
		this.#emit = emit;
		this.#observer = observer;
		this.#network = request.network;
	}

	get tested(): boolean {
		return this.#open?.some(({ tested }) => tested) ?? false;
	}

	/** Opens all flows; one that cannot be opened takes the others with it. */
	async open(network: NetworkInterface): Promise<void> {
		const opened: OpenFlow[] = [];
		try {
			for (const flow of this.#ports.flows)
				opened.push(
					await flow.open({
						request: this.#request,
						network,
						emit: this.#emit,
						observe: (what) => this.#observer.observe(what),
						knows: (address) => this.#observer.knows?.(address) ?? false,
						failed: (why) => {
							this.#broken = true;
							this.#tell('responderFailed', `Answering cameras was interrupted: ${why}. It is being set up again.`);
						},
						signal: this.#ended.signal,
					}),
				);
		} catch (error) {
			await closeAll(opened);
			throw error;
		}
		this.#open = opened;
	}

	/** Follows the network until it is closed. */
	watch(): void {
		this.#watching = this.#watch();
	}

	async close(): Promise<void> {
		this.#ended.abort();
		await this.#watching;
		await this.#closeFlows();
	}

	async #watch(): Promise<void> {
		const { signal } = this.#ended;
		for (;;) {
			await this.#ports.clock.sleep(WATCH_MS, signal);
			if (signal.aborted) return;
			try {
				await this.#look();
			} catch (error) {
				const message = error instanceof Error ? error.message : String(error);
				const next = error instanceof CanonWifiError ? error.next : undefined;
				this.#tell('cannotAnswer', message, next);
				this.fault = { hint: 'cannotAnswer', words: next === undefined ? message : `${message} ${next}` };
			}
		}
	}

	async #look(): Promise<void> {
		const followed = { current: this.#network, home: this.#request.network, wanted: this.#request.wanted ?? {} };
		const following = followNetwork(this.#ports.networks.list(), followed);
		if (this.#open !== undefined && 'network' in following && sameNetwork(following.network, this.#network) && !this.#broken)
			return this.#keepUp(this.#open);
		await this.#closeFlows();
		if ('instead' in following) {
			const { message, next } = lostWords(followed, following.instead);
			if (this.fault?.hint !== 'networkLost') this.#tell('networkLost', message, next);
			this.fault = { hint: 'networkLost', words: `${message} ${next}` };
			return;
		}
		const { network } = following;
		if (network.name !== this.#network.name || network.address !== this.#network.address) {
			const { code, message } = movedWords(this.#network, network);
			this.#tell(code, message);
		}
		this.#network = network;
		await this.open(network);
		this.fault = undefined;
	}

	async #keepUp(flows: readonly OpenFlow[]): Promise<void> {
		for (const flow of flows)
			await flow.upkeep().catch(() => {
				this.#broken = true;
			});
		const deaf = flows.find((flow) => flow.fault !== undefined)?.fault;
		if (deaf !== undefined && this.fault === undefined) this.#tell('notHeard', deaf.message, deaf.next);
		this.fault = deaf === undefined ? undefined : { hint: 'notHeard', words: `${deaf.message} ${deaf.next}` };
	}

	async #closeFlows(): Promise<void> {
		const open = this.#open ?? [];
		this.#open = undefined;
		this.#broken = false;
		await closeAll(open);
	}

	#tell(code: string, message: string, next?: string): void {
		const now = this.#ports.clock.now();
		if (message === this.#told.message && now - this.#told.at < SAME_TROUBLE_MS) return;
		this.#told = { message, at: now };
		this.#emit({ type: 'warning', code, message, ...(next !== undefined && { next }) });
	}
}

async function closeAll(flows: readonly Open[]): Promise<void> {
	await Promise.all(flows.map((flow) => flow.close()));
}
