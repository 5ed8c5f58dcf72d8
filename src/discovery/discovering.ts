/**
 * Discovery on one network: opens the flows and maintains them. It follows the network when that loses, regains or changes its
 * address or name (DHCP, sleep, an unplugged adapter), or when another one takes its place.
 */

import type { Clock, Open } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit } from '#contract/events.ts';
import { type Warning, warning, warningText } from '#contract/warnings.ts';
import type { Networks } from '#network/ports.ts';
import { followNetwork, networkLost, networkMoved } from '#network/rules/following-network.ts';
import { type NetworkInterface, sameNetwork } from '#network/rules/networks.ts';
import type { DiscoveryFlow, DiscoveryRequest, OpenFlow } from './flow.ts';
import type { Diagnosis } from './rules/hints.ts';
import type { Observation, OutsideSearch } from './rules/sightings.ts';

/** What discovery needs. */
export interface DiscoveryPorts {
	/** The ways in which cameras are found. */
	flows: readonly DiscoveryFlow[];
	networks: Networks;
	clock: Clock;
}

/** Receives observations, and knows which addresses are cameras. */
export interface Observer {
	observe(observation: Observation | OutsideSearch): void;
	/** Whether this address is a known camera's, for other reasons than having read the description; absent: none is known. */
	knows?(address: string): boolean;
}

/** Discovery that is running. */
export interface Discovery extends Open {
	/** Why no camera can be heard now, if so. */
	readonly fault: Diagnosis | undefined;
	/** The last test search was heard. */
	readonly tested: boolean;
}

/** How often the interface is checked, in milliseconds. */
const CHECK_MS = 2000;
/** Minimum time between two warnings with the same text, in milliseconds. */
const SAME_WARNING_MS = 60_000;

/**
 * Opens all flows. Resolves when cameras can find this computer; rejects with `portTaken` or `cannotListen` when they cannot.
 * Later failures are emitted as `warning`, and it tries again until it is closed.
 */
export async function startDiscovery(request: DiscoveryRequest, ports: DiscoveryPorts, emit: Emit, observer: Observer): Promise<Discovery> {
	const running = new RunningDiscovery(request, ports, emit, observer);
	await running.open(request.network);
	running.follow();
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
	#lastWarning = { message: '', at: Number.NEGATIVE_INFINITY };
	#following: Promise<void> = Promise.resolve();
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

	/** Opens all flows, or none: when one fails the others are closed again. */
	async open(network: NetworkInterface): Promise<void> {
		const opened: OpenFlow[] = [];
		try {
			for (const flow of this.#ports.flows)
				opened.push(
					await flow.open({
						request: this.#request,
						network,
						emit: this.#emit,
						observe: (observation) => this.#observer.observe(observation),
						knows: (address) => this.#observer.knows?.(address) ?? false,
						failed: (why) => {
							this.#broken = true;
							this.#warn(warning('responderFailed', { why }));
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

	/** Starts to follow the network, until it is closed. */
	follow(): void {
		this.#following = this.#follow();
	}

	async close(): Promise<void> {
		this.#ended.abort();
		await this.#following;
		await this.#closeFlows();
	}

	async #follow(): Promise<void> {
		const { signal } = this.#ended;
		for (;;) {
			await this.#ports.clock.sleep(CHECK_MS, signal);
			if (signal.aborted) return;
			try {
				await this.#check();
			} catch (error) {
				const message = error instanceof Error ? error.message : String(error);
				const next = error instanceof CanonWifiError ? error.next : undefined;
				const trouble = warning('cannotAnswer', { message, next });
				this.#warn(trouble);
				this.fault = { hint: 'cannotAnswer', words: warningText(trouble) };
			}
		}
	}

	async #check(): Promise<void> {
		const followed = { current: this.#network, home: this.#request.network, wanted: this.#request.wanted ?? {} };
		const following = followNetwork(this.#ports.networks.list(), followed);
		if (this.#open !== undefined && 'network' in following && sameNetwork(following.network, this.#network) && !this.#broken)
			return this.#maintain(this.#open);
		await this.#closeFlows();
		if ('instead' in following) {
			const lost = networkLost(followed, following.instead);
			if (this.fault?.hint !== 'networkLost') this.#warn(lost);
			this.fault = { hint: 'networkLost', words: warningText(lost) };
			return;
		}
		const { network } = following;
		if (network.name !== this.#network.name || network.address !== this.#network.address) this.#warn(networkMoved(this.#network, network));
		this.#network = network;
		await this.open(network);
		this.fault = undefined;
	}

	async #maintain(flows: readonly OpenFlow[]): Promise<void> {
		for (const flow of flows)
			await flow.upkeep().catch(() => {
				this.#broken = true;
			});
		const fault = flows.find((flow) => flow.fault !== undefined)?.fault;
		if (fault !== undefined && this.fault === undefined) this.#warn(fault);
		this.fault = fault === undefined ? undefined : { hint: 'notHeard', words: warningText(fault) };
	}

	async #closeFlows(): Promise<void> {
		const open = this.#open ?? [];
		this.#open = undefined;
		this.#broken = false;
		await closeAll(open);
	}

	#warn(trouble: Warning): void {
		const now = this.#ports.clock.now();
		if (trouble.message === this.#lastWarning.message && now - this.#lastWarning.at < SAME_WARNING_MS) return;
		this.#lastWarning = { message: trouble.message, at: now };
		this.#emit(trouble);
	}
}

async function closeAll(flows: readonly Open[]): Promise<void> {
	await Promise.all(flows.map((flow) => flow.close()));
}
