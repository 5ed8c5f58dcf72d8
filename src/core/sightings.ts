/**
 * Who on this network is the camera? Everybody may search; what tells a camera is that it read our description
 * after searching for root devices. What is heard is kept by address, in bounded memory.
 */
import type { NetworkInterface } from './networks.ts';
import { isCanonMac } from './oui.ts';
import { ROOT_DEVICE } from './ssdp/message.ts';

/** What has been seen of one address. Times are milliseconds of the flow's clock. */
export interface Sighting {
	address: string;
	searches: number;
	/** It searched for `upnp:rootdevice`, the only target that PowerShots look for. */
	searchedRootDevice: boolean;
	descriptionReads: number;
	userAgent: string | null;
	mac: string | null;
	firstAt: number;
	lastAt: number;
}

export type Sightings = ReadonlyMap<string, Sighting>;

/** Addresses remembered at most; the one that was silent longest goes first. */
export const SIGHTINGS_KEPT = 256;

export type Seen =
	| { type: 'search'; from: string; target: string; at: number }
	| { type: 'description'; from: string; userAgent: string | null; at: number }
	| { type: 'mac'; from: string; mac: string };

/** A search from outside the network that is announced, which is not answered. */
export interface SeenOutside {
	type: 'outside';
	from: string;
	target: string;
	/** The network that is announced. */
	network: NetworkInterface;
}

/** What is known after one more thing was seen. */
export function saw(sightings: Sightings, seen: Seen): Sightings {
	const before = sightings.get(seen.from);
	if (seen.type === 'mac') {
		if (before === undefined || before.mac === seen.mac) return sightings;
		return new Map(sightings).set(seen.from, { ...before, mac: seen.mac });
	}
	const base: Sighting = before ?? {
		address: seen.from,
		searches: 0,
		searchedRootDevice: false,
		descriptionReads: 0,
		userAgent: null,
		mac: null,
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
	return after;
}

/** What the person or the profile already knows of the camera. */
export interface Wanted {
	/** `--camera`: nobody else. */
	address?: string;
	/** The profile's MAC. */
	mac?: string | null;
	/** MACs of other saved cameras, when one of them is not meant. */
	not?: readonly string[];
	/** The profile's name, for people. */
	id?: string;
	/** Names of other saved cameras by their MACs, for people. */
	names?: ReadonlyMap<string, string>;
}

/**
 * Programs and devices that read descriptions and are no cameras. What a PowerShot sends as User-Agent is not recorded
 * anywhere, so an unknown or absent one counts for it, and only those that name something else count against it.
 */
const NO_CAMERA =
	/windows|mozilla|chrome|safari|webkit|dlna|mediaplayer|media ?renderer|samsung|sec_hhp|\blge?\b|bravia|philips|panasonic|roku|xbox|playstation|sonos|spotify|kodi|\bxbmc|\bvlc|plex|emby|jellyfin|chromecast|\btv\b|router|\bavm\b|fritz|synology|qnap|iphone|ipad|darwin|cfnetwork/i;

/** Parts that televisions and routers are made of, and that a camera might be made of too. */
const COMMON_PARTS = /linux\/|android|libupnp|portable sdk|miniupnp|gupnp|gssdp|platinum|cybergarage/i;

/** What a User-Agent says against a camera. */
function against(userAgent: string | null): 'nothing' | 'parts' | 'name' {
	if (userAgent === null || /canon|camera/i.test(userAgent)) return 'nothing';
	if (NO_CAMERA.test(userAgent)) return 'name';
	return COMMON_PARTS.test(userAgent) ? 'parts' : 'nothing';
}

/** Whether this sighting suffices to take the device for the camera. */
export function couldBeCamera(sighting: Sighting, wanted: Wanted = {}): boolean {
	if (wanted.address !== undefined)
		return sighting.address === wanted.address && (sighting.searchedRootDevice || sighting.descriptionReads > 0);
	if (isOther(sighting, wanted)) return false;
	if (isWanted(sighting, wanted)) return sighting.searchedRootDevice || sighting.descriptionReads > 0;
	if (sighting.descriptionReads === 0 || !sighting.searchedRootDevice) return false;
	// A Canon printer has a Canon MAC too, so the word of the User-Agent stands even then, if it names a PC.
	if (against(sighting.userAgent) !== 'nothing')
		return sighting.mac !== null && isCanonMac(sighting.mac) && !/windows|mozilla/i.test(sighting.userAgent ?? '');
	return true;
}

/** Whether this is the very camera of the profile. */
export function isWanted(sighting: Sighting, wanted: Wanted): boolean {
	return wanted.mac != null && sighting.mac === wanted.mac;
}

/** Whether this is another saved camera than the one that is meant. */
export function isOther(sighting: Sighting, { address, mac, not = [] }: Wanted): boolean {
	return address === undefined && sighting.mac !== null && sighting.mac !== mac && not.includes(sighting.mac);
}

/** Milliseconds after the first sufficient sighting in which a second one makes it a question. */
export const SECOND_THOUGHT_MS = 1000;

export type Verdict =
	| { camera: Sighting; because: 'flag' | 'profile' | 'description' }
	/** A camera, unless another one comes within the milliseconds left. */
	| { waitMs: number }
	| { ask: readonly Sighting[] }
	/** Nobody suffices, and these are worth a question to a person. `accept`: where nobody can be asked, it is taken. */
	| { doubtful: readonly Sighting[]; accept?: Sighting }
	| { nobody: true };

/** Milliseconds without anybody better after which a reader is considered that is made of common parts. */
export const DOUBTFUL_READER_MS = 20_000;

/**
 * Milliseconds after which a device of Canon is considered that searches on and on and does not read: a camera that
 * has read the description from an earlier run need not read it again. A printer of Canon's rarely searches.
 */
export const SEARCHER_MS = 10_000;
/** Who has not searched for so long does not search on. A camera searches about once a second. */
const SEARCHES_ON_MS = 5000;

/**
 * Which of the sightings is the camera. By `--camera`; else the profile's MAC; else, a second after the first
 * sufficient sighting, the only one; else the only one with a Canon MAC; else it is a question. Where nobody suffices,
 * those that nearly do are one, after a while.
 *
 * @param sufficientSince when the first sufficient sighting was made, in the clock's milliseconds
 */
export function judgeSightings(sightings: Sightings, wanted: Wanted, sufficientSince: number | undefined, now: number): Verdict {
	const could = [...sightings.values()].filter((sighting) => couldBeCamera(sighting, wanted));
	const [first] = could;
	if (first === undefined) return judgeDoubts(sightings, wanted, now);
	if (wanted.address !== undefined) return { camera: first, because: 'flag' };
	// The latest: after a new DHCP lease the same camera has been seen at two addresses.
	const known = could.findLast((sighting) => isWanted(sighting, wanted));
	if (known !== undefined) return { camera: known, because: 'profile' };
	const left = (sufficientSince ?? now) + SECOND_THOUGHT_MS - now;
	if (left > 0) return { waitMs: left };
	if (could.length === 1) return { camera: first, because: 'description' };
	const canon = could.filter((sighting) => sighting.mac !== null && isCanonMac(sighting.mac));
	if (canon.length === 1 && canon[0] !== undefined) return { camera: canon[0], because: 'description' };
	return { ask: canon.length > 1 ? canon : could };
}

/** Those that nearly suffice, each when its time has come. */
function judgeDoubts(sightings: Sightings, wanted: Wanted, now: number): Verdict {
	const doubts = [...sightings.values()].flatMap((sighting) => {
		const after = doubtfulAfter(sighting, wanted, now);
		return after === undefined ? [] : [{ sighting, left: sighting.firstAt + after - now }];
	});
	if (doubts.length === 0) return { nobody: true };
	const due = doubts.filter(({ left }) => left <= 0).map(({ sighting }) => sighting);
	if (due.length === 0) return { waitMs: Math.min(...doubts.map(({ left }) => left)) };
	const readers = doubts.map(({ sighting }) => sighting).filter(({ descriptionReads }) => descriptionReads > 0);
	const [only] = readers;
	return { doubtful: due, ...(readers.length === 1 && only !== undefined && due.includes(only) && { accept: only }) };
}

/** How long after its first sight this device is worth a question, in milliseconds; nothing if it is none. */
function doubtfulAfter(sighting: Sighting, wanted: Wanted, now: number): number | undefined {
	const { searchedRootDevice, descriptionReads, userAgent, mac, lastAt } = sighting;
	if (wanted.address !== undefined || !searchedRootDevice || isOther(sighting, wanted)) return undefined;
	if (wanted.mac != null && mac !== null) return undefined; // the one that is wanted would have been known by it
	if (descriptionReads > 0) return against(userAgent) === 'parts' ? DOUBTFUL_READER_MS : undefined;
	return mac !== null && isCanonMac(mac) && now - lastAt < SEARCHES_ON_MS ? SEARCHER_MS : undefined;
}
