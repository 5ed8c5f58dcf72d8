/**
 * Who on this network is the camera? Everybody may search; what tells a camera is that it read our description
 * after searching for root devices. What is heard is kept by address, in bounded memory.
 */

import { isCanonMac } from '#contract/oui.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { ROOT_DEVICE } from '#protocol/ssdp/message.ts';

/** What has been seen of one address. Times are milliseconds of the flow's clock. */
export interface Sighting {
	address: string;
	searches: number;
	/** It searched for `upnp:rootdevice`, the only target that PowerShots look for. */
	searchedRootDevice: boolean;
	descriptionReads: number;
	userAgent: string | null;
	mac: string | null;
	/** Other devices show this MAC too, so it is not its own: a repeater or a router stands before it. */
	macShared: boolean;
	firstAt: number;
	lastAt: number;
}

export type Sightings = ReadonlyMap<string, Sighting>;

/** Addresses remembered at most; the one that was silent longest goes first. */
export const SIGHTINGS_KEPT = 256;

export type Observation =
	| { type: 'search'; from: string; target: string; at: number }
	| { type: 'description'; from: string; userAgent: string | null; at: number }
	/** `shared`: it is known in other ways that this MAC is not the device's own. */
	| { type: 'mac'; from: string; mac: string; shared?: boolean };

/** A search from outside the network that is announced, which is not answered. */
export interface OutsideSearch {
	type: 'outside';
	from: string;
	target: string;
	/** The network that is announced. */
	network: NetworkInterface;
}

/** What is known after one more thing was seen. */
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
	after.delete(seen.from); // moved to the end: the map is in order of last sight
	after.set(seen.from, now);
	while (after.size > SIGHTINGS_KEPT) {
		const oldest = after.keys().next().value;
		if (oldest === undefined) break;
		after.delete(oldest);
	}
	return withSharers(after, seen.from);
}

/**
 * Marks a MAC that several addresses have at one time as shared. A device that has a new address by DHCP is no such case: it
 * is not seen at the old one again.
 */
function withSharers(sightings: Map<string, Sighting>, address: string): Map<string, Sighting> {
	const seen = sightings.get(address);
	if (seen === undefined || seen.mac === null) return sightings;
	const alike = [...sightings.values()].filter(({ mac }) => mac === seen.mac);
	const shared = alike.some(
		(one) => one.macShared || (one !== seen && one.firstAt < seen.lastAt && seen.firstAt < one.lastAt), // seen by turns
	);
	if (shared) for (const one of alike) if (!one.macShared) sightings.set(one.address, { ...one, macShared: true });
	return sightings;
}

/** What the person or the profile already knows of the camera. */
export interface CameraFilter {
	/** `--camera`: nobody else. */
	address?: string;
	/** The profile's MAC. */
	mac?: string | null;
	/** Where the profile's camera was last. */
	lastAddress?: string | null;
	/** MACs of other saved cameras, when one of them is not meant. */
	exclude?: readonly string[];
	/** The profile's name, for people. */
	id?: string;
	/** Names of other saved cameras by their MACs, for people. */
	names?: ReadonlyMap<string, string>;
}

/**
 * Programs and devices that read descriptions and are no cameras. What a PowerShot sends as User-Agent is not recorded
 * anywhere, so an unknown or absent one counts for it, and only those that name something else count against it.
 */
const OTHER_DEVICES =
	/windows|mozilla|chrome|safari|webkit|dlna|mediaplayer|media ?renderer|samsung|sec_hhp|\blge?\b|bravia|philips|panasonic|roku|xbox|playstation|sonos|spotify|kodi|\bxbmc|\bvlc|plex|emby|jellyfin|chromecast|\btv\b|router|\bavm\b|fritz|synology|qnap|iphone|ipad|darwin|cfnetwork/i;

/** Parts that televisions and routers are made of, and that a camera might be made of too. */
const COMMON_PARTS = /linux\/|android|libupnp|portable sdk|miniupnp|gupnp|gssdp|platinum|cybergarage/i;

/** What a User-Agent says against a camera. */
function negativeEvidence(userAgent: string | null): 'nothing' | 'parts' | 'name' {
	if (userAgent === null || /canon|camera/i.test(userAgent)) return 'nothing';
	if (OTHER_DEVICES.test(userAgent)) return 'name';
	return COMMON_PARTS.test(userAgent) ? 'parts' : 'nothing';
}

/** Whether this sighting suffices to take the device for the camera. */
export function couldBeCamera(sighting: Sighting, wanted: CameraFilter = {}): boolean {
	if (wanted.address !== undefined)
		return sighting.address === wanted.address && (sighting.searchedRootDevice || sighting.descriptionReads > 0);
	if (isOther(sighting, wanted)) return false;
	if (isWanted(sighting, wanted)) return sighting.searchedRootDevice || sighting.descriptionReads > 0;
	return behavesLikeCamera(sighting);
}

/** Whether it searched and read as a camera does, and does not name itself otherwise. */
function behavesLikeCamera({ descriptionReads, searchedRootDevice, userAgent, mac }: Sighting): boolean {
	if (descriptionReads === 0 || !searchedRootDevice) return false;
	// A Canon printer has a Canon MAC too, so the word of the User-Agent stands even then, if it names a PC.
	if (negativeEvidence(userAgent) !== 'nothing') return mac !== null && isCanonMac(mac) && !/windows|mozilla/i.test(userAgent ?? '');
	return true;
}

/**
 * Whether this is the very camera of the profile. A MAC of Canon's says it alone. Another maker's may be a repeater's, behind
 * which other devices have it too: then either the camera's last address or a camera's behaviour must agree. Where the MAC is
 * known to be shared it says nothing, and both must.
 */
export function isWanted(sighting: Sighting, { mac, lastAddress }: CameraFilter): boolean {
	if (mac == null || sighting.mac === null) return false;
	const there = sighting.address === lastAddress;
	if (sighting.macShared) return there && behavesLikeCamera(sighting);
	return sighting.mac === mac && (isCanonMac(mac) || lastAddress == null || there || behavesLikeCamera(sighting));
}

/**
 * Whether this is another saved camera than the one that is meant: by its MAC, unless that is shared, or is of another maker
 * than Canon and stands at the meant camera's last address, since a repeater may stand between.
 */
export function isOther({ mac, macShared, address }: Sighting, wanted: CameraFilter): boolean {
	if (wanted.address !== undefined || mac === null || macShared || mac === wanted.mac || !wanted.exclude?.includes(mac)) return false;
	return isCanonMac(mac) || address !== wanted.lastAddress;
}

/** A camera that was here before. */
export interface PreviousCamera {
	address: string;
	mac: string | null;
	macShared?: boolean | undefined;
}

/** Whether a camera that is at one address, and has a session, was seen: there, or with its MAC at a new address. */
export function isSameDevice(sighting: Sighting, camera: PreviousCamera): boolean {
	if (sighting.address === camera.address) return true;
	if (camera.mac === null || sighting.mac !== camera.mac || sighting.macShared || camera.macShared === true) return false;
	return isCanonMac(camera.mac) || behavesLikeCamera(sighting);
}

/** A known camera that searches reads the description right after; one that does not is tried after this long, in milliseconds. */
const DESCRIPTION_GRACE_MS = 200;

/**
 * Whether this is the camera that was here before: how long after its first sight it is taken for it, in milliseconds;
 * nothing when it is another device.
 */
export function backAfter(sighting: Sighting, before: PreviousCamera): number | undefined {
	if (!sighting.searchedRootDevice && sighting.descriptionReads === 0) return undefined;
	const there = sighting.address === before.address;
	const soon = sighting.descriptionReads > 0 ? 0 : DESCRIPTION_GRACE_MS;
	const behaves = behavesLikeCamera(sighting) ? 0 : undefined;
	if (before.mac === null || sighting.mac === null) return there ? soon : undefined;
	// Behind a repeater the address tells them apart; at a new one only what behaves like a camera is taken.
	if (sighting.macShared || before.macShared === true) return there ? soon : sighting.mac === before.mac ? behaves : undefined;
	if (sighting.mac === before.mac) return there || isCanonMac(before.mac) ? soon : (behaves ?? SEARCHER_MS);
	return there && !isCanonMac(sighting.mac) ? behaves : undefined;
}

/** Milliseconds after the first sufficient sighting in which a second one makes it a question. */
export const SECOND_THOUGHT_MS = 1000;

export type Selection =
	| { camera: Sighting; matchedBy: 'flag' | 'profile' | 'description' }
	/** A camera, unless another one comes within the milliseconds left. */
	| { waitMs: number }
	| { ask: readonly Sighting[] }
	/** Nobody suffices, and these are worth a question to a person. `accept`: where nobody can be asked, it is taken. */
	| { uncertain: readonly Sighting[]; fallback?: Sighting }
	| { none: true };

/** Milliseconds without anybody better after which a reader is considered that is made of common parts. */
export const UNCERTAIN_READER_MS = 20_000;

/**
 * Milliseconds after which a device of Canon is considered that searches on and on and does not read: a camera that
 * has read the description from an earlier run need not read it again. A printer of Canon's rarely searches.
 */
export const SEARCHER_MS = 10_000;
/** Who has not searched for so long does not search on. A camera searches about once a second. */
const SEARCHES_ON_MS = 5000;

/**
 * Which of the sightings is the camera. By `--camera`; else what the profile tells; else, a second after the first
 * sufficient sighting, the only one; else the only one with a Canon MAC; else it is a question. Where nobody suffices,
 * those that nearly do are one, after a while.
 *
 * @param sufficientSince when the first sufficient sighting was made, in the clock's milliseconds
 */
export function selectCamera(sightings: Sightings, wanted: CameraFilter, sufficientSince: number | undefined, now: number): Selection {
	const could = [...sightings.values()].filter((sighting) => couldBeCamera(sighting, wanted));
	const [first] = could;
	if (first === undefined) return selectUncertain(sightings, wanted, now);
	if (wanted.address !== undefined) return { camera: first, matchedBy: 'flag' };
	// The latest: after a new DHCP lease the same camera has been seen at two addresses.
	const known = could.findLast((sighting) => isWanted(sighting, wanted));
	if (known !== undefined) return { camera: known, matchedBy: 'profile' };
	const left = (sufficientSince ?? now) + SECOND_THOUGHT_MS - now;
	if (left > 0) return { waitMs: left };
	if (could.length === 1) return { camera: first, matchedBy: 'description' };
	const canon = could.filter((sighting) => sighting.mac !== null && isCanonMac(sighting.mac));
	if (canon.length === 1 && canon[0] !== undefined) return { camera: canon[0], matchedBy: 'description' };
	return { ask: canon.length > 1 ? canon : could };
}

/** Those that nearly suffice, each when its time has come. */
function selectUncertain(sightings: Sightings, wanted: CameraFilter, now: number): Selection {
	const doubts = [...sightings.values()].flatMap((sighting) => {
		const after = uncertainAfterMs(sighting, wanted, now);
		return after === undefined ? [] : [{ sighting, left: sighting.firstAt + after - now }];
	});
	if (doubts.length === 0) return { none: true };
	const due = doubts.filter(({ left }) => left <= 0).map(({ sighting }) => sighting);
	if (due.length === 0) return { waitMs: Math.min(...doubts.map(({ left }) => left)) };
	const all = doubts.map(({ sighting }) => sighting);
	const known = all.filter((sighting) => hasMacOf(sighting, wanted));
	const likeliest = known.length > 0 ? known : all.filter(({ descriptionReads }) => descriptionReads > 0);
	const [only] = likeliest;
	return { uncertain: due, ...(likeliest.length === 1 && only !== undefined && due.includes(only) && { fallback: only }) };
}

function hasMacOf({ mac, macShared }: Sighting, wanted: CameraFilter): boolean {
	return wanted.mac != null && mac === wanted.mac && !macShared;
}

/** How long after its first sight this device is worth a question, in milliseconds; nothing if it is none. */
function uncertainAfterMs(sighting: Sighting, wanted: CameraFilter, now: number): number | undefined {
	const { searchedRootDevice, descriptionReads, userAgent, mac, macShared, address, lastAt } = sighting;
	if (wanted.address !== undefined || !searchedRootDevice || isOther(sighting, wanted)) return undefined;
	const known = hasMacOf(sighting, wanted);
	// The one that is wanted would have been known by its MAC, unless a repeater stands between.
	if (wanted.mac != null && mac !== null && !known && !macShared && address !== wanted.lastAddress) return undefined;
	if (descriptionReads > 0) return known || negativeEvidence(userAgent) === 'parts' ? UNCERTAIN_READER_MS : undefined;
	return mac !== null && (known || isCanonMac(mac)) && now - lastAt < SEARCHES_ON_MS ? SEARCHER_MS : undefined;
}
