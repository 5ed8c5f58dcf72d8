/** What was seen of each device on the network, by address and in bounded memory. */

import type { NetworkInterface } from '#network/rules/networks.ts';
import { ROOT_DEVICE } from '#protocol/ssdp/message.ts';

/** What was seen of one address. Times are milliseconds of the flow's clock. */
export interface Sighting {
	address: string;
	searches: number;
	/** It searched for `upnp:rootdevice`, the only target that PowerShots look for. */
	searchedRootDevice: boolean;
	descriptionReads: number;
	userAgent: string | null;
	mac: string | null;
	/** Other devices show this MAC too, so it is not the device's own: a repeater or a router is in between. */
	macShared: boolean;
	firstAt: number;
	lastAt: number;
}

/** All sightings by address, in order of the last one. */
export type Sightings = ReadonlyMap<string, Sighting>;

/** Maximum number of addresses remembered; the one silent for longest is forgotten first. */
export const SIGHTINGS_KEPT = 256;

/** One thing that was seen of a device. Times are milliseconds of the flow's clock. */
export type Observation =
	| { type: 'search'; from: string; target: string; at: number }
	| { type: 'description'; from: string; userAgent: string | null; at: number }
	/** `shared`: this MAC is known not to be the device's own. */
	| { type: 'mac'; from: string; mac: string; shared?: boolean | undefined };

/** A search from outside the announced network. It is not answered. */
export interface OutsideSearch {
	type: 'outside';
	from: string;
	target: string;
	/** The announced network. */
	network: NetworkInterface;
}

/** Returns the sightings with one more observation. A MAC of an address that was never seen changes nothing. */
export function recordObservation(sightings: Sightings, seen: Observation): Sightings {
	const before = sightings.get(seen.from);
	if (seen.type === 'mac') {
		if (before === undefined) return sightings;
		const macShared = seen.shared === true || (before.mac === seen.mac && before.macShared);
		if (before.mac === seen.mac && before.macShared === macShared) return sightings;
		return withSharers(new Map(sightings).set(seen.from, { ...before, mac: seen.mac, macShared }), seen.from);
	}
	const base: Sighting = before ?? {
		address: seen.from,
		searches: 0,
		searchedRootDevice: false,
		descriptionReads: 0,
		userAgent: null,
		mac: null,
		macShared: false,
		firstAt: seen.at,
		lastAt: seen.at,
	};
	const now: Sighting =
		seen.type === 'search'
			? {
					...base,
					lastAt: seen.at,
					searches: base.searches + 1,
					searchedRootDevice: base.searchedRootDevice || seen.target === ROOT_DEVICE,
				}
			: { ...base, lastAt: seen.at, descriptionReads: base.descriptionReads + 1, userAgent: seen.userAgent };
	const after = new Map(sightings);
	after.delete(seen.from); // to insert it again at the end: the map is in order of the last sighting
	after.set(seen.from, now);
	while (after.size > SIGHTINGS_KEPT) {
		const oldest = after.keys().next().value;
		if (oldest === undefined) break;
		after.delete(oldest);
	}
	return withSharers(after, seen.from);
}

/**
 * Marks a MAC as shared when several addresses have it at the same time. A device with a new address from DHCP does not count,
 * because it is not seen at the old one again.
 */
function withSharers(sightings: Map<string, Sighting>, address: string): Map<string, Sighting> {
	const seen = sightings.get(address);
	if (seen === undefined || seen.mac === null) return sightings;
	const alike = [...sightings.values()].filter(({ mac }) => mac === seen.mac);
	const shared = alike.some(
		(one) => one.macShared || (one !== seen && one.firstAt < seen.lastAt && seen.firstAt < one.lastAt), // seen alternately
	);
	if (shared) for (const one of alike) if (!one.macShared) sightings.set(one.address, { ...one, macShared: true });
	return sightings;
}
