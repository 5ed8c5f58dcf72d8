/** Keeps what was seen of each device, adds the MACs that the system knows, and wakes those who wait for more. */

import type { Clock } from '#base/clock.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import { isCanonMac } from '#contract/oui.ts';
import type { Networks } from '#network/ports.ts';
import { couldBeCamera } from './rules/camera-selection.ts';
import { type Observation, recordObservation, SIGHTINGS_KEPT, type Sighting, type Sightings } from './rules/sightings.ts';

/** Maximum number of MAC look-ups for one address. */
const LOOKUPS = 5;

/** Sightings by address, in bounded memory. */
export class SightingStore {
	readonly #networks: Networks;
	readonly #clock: Clock;
	#sightings: Sightings = new Map();
	#likelySince: number | undefined;
	/** Number of MAC look-ups by address; the last one is at the end. */
	readonly #lookups = new Map<string, number>();
	/** MACs that several devices have, also those seen before `forget`. */
	readonly #sharedMacs = new Set<string>();
	#changed = withResolvers<void>();

	constructor(networks: Networks, clock: Clock) {
		this.#networks = networks;
		this.#clock = clock;
	}

	/** All sightings, in order of the last one. */
	get all(): Sightings {
		return this.#sightings;
	}

	/** When a device first became likely to be the camera, in the clock's milliseconds. */
	get likelySince(): number | undefined {
		return this.#likelySince;
	}

	/** Records one observation, and looks up the device's MAC in the background. */
	observe(observation: Observation): void {
		this.#record(observation);
		if (observation.type !== 'mac') void this.#addMac(observation.from);
	}

	/** Forgets all devices that were not seen again since this time, in the clock's milliseconds. */
	forget(since: number): void {
		this.#sightings = new Map([...this.#sightings].filter(([, { lastAt }]) => lastAt >= since));
		this.#likelySince = this.#sightings.size > 0 ? since : undefined;
		this.#lookups.clear();
	}

	/** The sighting at this address. */
	at(address: string): Sighting | undefined {
		return this.#sightings.get(address);
	}

	/** Whether the device at this address is Canon's, as far as is known without asking the system. */
	isCanon(address: string): boolean {
		const mac = this.at(address)?.mac;
		return mac != null && isCanonMac(mac);
	}

	/** When this address was last seen, in the clock's milliseconds. */
	lastSeen(address: string): number | undefined {
		return this.at(address)?.lastAt;
	}

	/** How often this address has read the description. */
	readsBy(address: string): number {
		return this.at(address)?.descriptionReads ?? 0;
	}

	/** Resolves at the next observation, or when the signal is aborted. */
	async changed(signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		let stop = () => {};
		const aborted = new Promise<void>((resolve) => {
			stop = resolve;
			signal.addEventListener('abort', stop, { once: true });
		});
		await Promise.race([this.#changed.promise, aborted]);
		signal.removeEventListener('abort', stop);
	}

	/** Looks up an address's MAC. One that several devices were seen with stays marked as shared. */
	async lookUp(address: string): Promise<{ mac: string; shared: boolean } | undefined> {
		const [mac, routers = []] = await Promise.all([
			this.#networks.macOf(address).catch(() => undefined),
			this.#networks.routers?.().catch(() => undefined),
		]);
		// A camera that makes the network itself is its router, and the MAC is its own.
		const behindRouter = routers.some((router) => router.mac === mac && router.address !== address);
		return mac === undefined ? undefined : { mac, shared: this.#sharedMacs.has(mac) || behindRouter };
	}

	#record(observation: Observation): void {
		this.#sightings = recordObservation(this.#sightings, observation);
		const sighting = this.at(observation.from);
		if (sighting?.macShared === true && sighting.mac !== null) {
			this.#sharedMacs.add(sighting.mac);
			const [first] = this.#sharedMacs;
			if (this.#sharedMacs.size > SIGHTINGS_KEPT && first !== undefined) this.#sharedMacs.delete(first);
		}
		if (sighting !== undefined && couldBeCamera(sighting)) this.#likelySince ??= this.#clock.now();
		const { resolve } = this.#changed;
		this.#changed = withResolvers();
		resolve();
	}

	/** Tried again at later observations, because the system may add the neighbour a moment after its packet. */
	async #addMac(address: string): Promise<void> {
		const times = this.#lookups.get(address) ?? 0;
		if (times >= LOOKUPS || this.at(address)?.mac != null) return;
		this.#lookups.delete(address);
		this.#lookups.set(address, times + 1);
		const [oldest] = this.#lookups.keys();
		if (this.#lookups.size > SIGHTINGS_KEPT && oldest !== undefined) this.#lookups.delete(oldest);
		const known = await this.lookUp(address);
		if (known !== undefined) this.#record({ type: 'mac', from: address, ...known });
	}
}
