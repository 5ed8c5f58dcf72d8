/**
 * Which of the devices on the network is the camera. Any device may search. What tells a camera from others is that it reads our
 * description after searching for root devices.
 */

import { isCanonMac } from '#contract/oui.ts';
import type { Sighting, Sightings } from './sightings.ts';

/** What is known beforehand about the camera that is wanted. */
export interface CameraFilter {
	/** From `--camera`: only this address. */
	address?: string | undefined;
	/** The profile's MAC. */
	mac?: string | null | undefined;
	/** The last address of the profile's camera. */
	lastAddress?: string | null | undefined;
	/** MACs of other saved cameras, which are not wanted. */
	exclude?: readonly string[] | undefined;
	/** The profile's name, for messages. */
	id?: string | undefined;
	/** Names of other saved cameras by MAC, for messages. */
	names?: ReadonlyMap<string, string> | undefined;
}

/**
 * Programs and devices that read descriptions but are not cameras. No recording shows what a PowerShot sends as User-Agent. So
 * an unknown or absent one counts for a camera, and only one that names something else counts against it.
 */
const OTHER_DEVICES =
	/windows|mozilla|chrome|safari|webkit|dlna|mediaplayer|media ?renderer|samsung|sec_hhp|\blge?\b|bravia|philips|panasonic|roku|xbox|playstation|sonos|spotify|kodi|\bxbmc|\bvlc|plex|emby|jellyfin|chromecast|\btv\b|router|\bavm\b|fritz|synology|qnap|iphone|ipad|darwin|cfnetwork/i;

/** Libraries that televisions and routers use, and that a camera might use too. */
const COMMON_LIBRARIES = /linux\/|android|libupnp|portable sdk|miniupnp|gupnp|gssdp|platinum|cybergarage/i;

/** What in a User-Agent speaks against a camera: nothing, a common library, or another device's name. */
function negativeEvidence(userAgent: string | null): 'nothing' | 'library' | 'name' {
	if (userAgent === null || /canon|camera/i.test(userAgent)) return 'nothing';
	if (OTHER_DEVICES.test(userAgent)) return 'name';
	return COMMON_LIBRARIES.test(userAgent) ? 'library' : 'nothing';
}

/** Whether this sighting is enough to take the device for the camera. */
export function couldBeCamera(sighting: Sighting, wanted: CameraFilter = {}): boolean {
	if (wanted.address !== undefined)
		return sighting.address === wanted.address && (sighting.searchedRootDevice || sighting.descriptionReads > 0);
	if (isExcluded(sighting, wanted)) return false;
	if (matchesProfile(sighting, wanted)) return sighting.searchedRootDevice || sighting.descriptionReads > 0;
	return behavesLikeCamera(sighting);
}

/** Whether it searched and read as a camera does, and its User-Agent names nothing else. */
function behavesLikeCamera({ descriptionReads, searchedRootDevice, userAgent, mac }: Sighting): boolean {
	if (descriptionReads === 0 || !searchedRootDevice) return false;
	// A Canon printer has a Canon MAC too, so a User-Agent that names a PC counts even then.
	if (negativeEvidence(userAgent) !== 'nothing') return mac !== null && isCanonMac(mac) && !/windows|mozilla/i.test(userAgent ?? '');
	return true;
}

/**
 * Whether this is the profile's camera. A MAC of Canon's is enough. Another maker's MAC may be a repeater's, which other devices
 * show too: then the last address or a camera's behaviour must match as well. A MAC that is known to be shared proves nothing:
 * then both must match.
 */
export function matchesProfile(sighting: Sighting, { mac, lastAddress }: CameraFilter): boolean {
	if (mac == null || sighting.mac === null) return false;
	const there = sighting.address === lastAddress;
	if (sighting.macShared) return there && behavesLikeCamera(sighting);
	return sighting.mac === mac && (isCanonMac(mac) || lastAddress == null || there || behavesLikeCamera(sighting));
}

/**
 * Whether this is another saved camera, which is not wanted. Its MAC decides, with two exceptions: a shared MAC, and one of
 * another maker than Canon at the wanted camera's last address, because that may be a repeater's.
 */
export function isExcluded({ mac, macShared, address }: Sighting, wanted: CameraFilter): boolean {
	if (wanted.address !== undefined || mac === null || macShared || mac === wanted.mac || !wanted.exclude?.includes(mac)) return false;
	return isCanonMac(mac) || address !== wanted.lastAddress;
}

/** A camera that was connected before. */
export interface PreviousCamera {
	address: string;
	mac: string | null;
	macShared?: boolean | undefined;
}

/** Whether the sighting is of a camera that has a session: at its address, or with its MAC at a new one. */
export function isSameDevice(sighting: Sighting, camera: PreviousCamera): boolean {
	if (sighting.address === camera.address) return true;
	if (camera.mac === null || sighting.mac !== camera.mac || sighting.macShared || camera.macShared === true) return false;
	return isCanonMac(camera.mac) || behavesLikeCamera(sighting);
}

/** A known camera reads the description right after searching. One that does not is tried after this long, in milliseconds. */
const DESCRIPTION_GRACE_MS = 200;

/**
 * How long after its first sighting a device is taken for the camera that was connected before, in milliseconds. Returns
 * undefined for another device.
 */
export function returnDelay(sighting: Sighting, before: PreviousCamera): number | undefined {
	if (!sighting.searchedRootDevice && sighting.descriptionReads === 0) return undefined;
	const there = sighting.address === before.address;
	const soon = sighting.descriptionReads > 0 ? 0 : DESCRIPTION_GRACE_MS;
	const behaves = behavesLikeCamera(sighting) ? 0 : undefined;
	if (before.mac === null || sighting.mac === null) return there ? soon : undefined;
	// Behind a repeater only the address tells devices apart. At a new address the device must behave like a camera.
	if (sighting.macShared || before.macShared === true) return there ? soon : sighting.mac === before.mac ? behaves : undefined;
	if (sighting.mac === before.mac) return there || isCanonMac(before.mac) ? soon : (behaves ?? SEARCHER_MS);
	return there && !isCanonMac(sighting.mac) ? behaves : undefined;
}

/** If a second device becomes likely within this long after the first, it is a question which one it is. In milliseconds. */
export const SECOND_THOUGHT_MS = 1000;

/** The result of selecting the camera. */
export type Selection =
	| { camera: Sighting; matchedBy: 'flag' | 'profile' | 'description' }
	/** There is a candidate. Select again after `waitMs`. */
	| { waitMs: number }
	/** Several devices are likely: ask which one it is. */
	| { ask: readonly Sighting[] }
	/** None is likely, but these are worth asking about. `fallback` is taken where nobody can be asked. */
	| { uncertain: readonly Sighting[]; fallback?: Sighting | undefined }
	| { none: true };

/** How long to wait for a better candidate before considering a reader that uses a common library. In milliseconds. */
export const UNCERTAIN_READER_MS = 20_000;

/**
 * How long to wait before considering a Canon device that keeps searching and does not read, in milliseconds. A camera that read
 * the description in an earlier run need not read it again. Canon printers rarely search.
 */
export const SEARCHER_MS = 10_000;
/** A device without a search for this long no longer counts as searching, in milliseconds. A camera searches about once a second. */
const SEARCHES_ON_MS = 5000;

/**
 * Selects the camera. In this order: the address from `--camera`; the profile's camera; the only likely device, a second after
 * the first likely sighting; the only likely device with a Canon MAC; otherwise a person must be asked. When no device is
 * likely, uncertain ones come into question after a while.
 *
 * @param likelySince when a device first became likely, in the clock's milliseconds
 */
export function selectCamera(sightings: Sightings, wanted: CameraFilter, likelySince: number | undefined, now: number): Selection {
	const could = [...sightings.values()].filter((sighting) => couldBeCamera(sighting, wanted));
	const [first] = could;
	if (first === undefined) return selectUncertain(sightings, wanted, now);
	if (wanted.address !== undefined) return { camera: first, matchedBy: 'flag' };
	// The latest one, because after a new DHCP lease the same camera has been seen at two addresses.
	const known = could.findLast((sighting) => matchesProfile(sighting, wanted));
	if (known !== undefined) return { camera: known, matchedBy: 'profile' };
	const left = (likelySince ?? now) + SECOND_THOUGHT_MS - now;
	if (left > 0) return { waitMs: left };
	if (could.length === 1) return { camera: first, matchedBy: 'description' };
	const canon = could.filter((sighting) => sighting.mac !== null && isCanonMac(sighting.mac));
	if (canon.length === 1 && canon[0] !== undefined) return { camera: canon[0], matchedBy: 'description' };
	return { ask: canon.length > 1 ? canon : could };
}

/** Selects among devices that are not quite likely, each after its waiting time. */
function selectUncertain(sightings: Sightings, wanted: CameraFilter, now: number): Selection {
	const uncertain = [...sightings.values()].flatMap((sighting) => {
		const after = uncertainAfterMs(sighting, wanted, now);
		return after === undefined ? [] : [{ sighting, left: sighting.firstAt + after - now }];
	});
	if (uncertain.length === 0) return { none: true };
	const due = uncertain.filter(({ left }) => left <= 0).map(({ sighting }) => sighting);
	if (due.length === 0) return { waitMs: Math.min(...uncertain.map(({ left }) => left)) };
	const all = uncertain.map(({ sighting }) => sighting);
	const known = all.filter((sighting) => hasMacOf(sighting, wanted));
	const likeliest = known.length > 0 ? known : all.filter(({ descriptionReads }) => descriptionReads > 0);
	const [only] = likeliest;
	return { uncertain: due, fallback: likeliest.length === 1 && only !== undefined && due.includes(only) ? only : undefined };
}

function hasMacOf({ mac, macShared }: Sighting, wanted: CameraFilter): boolean {
	return wanted.mac != null && mac === wanted.mac && !macShared;
}

/** How long after its first sighting this device is worth asking about, in milliseconds. Returns undefined if it never is. */
function uncertainAfterMs(sighting: Sighting, wanted: CameraFilter, now: number): number | undefined {
	const { searchedRootDevice, descriptionReads, userAgent, mac, macShared, address, lastAt } = sighting;
	if (wanted.address !== undefined || !searchedRootDevice || isExcluded(sighting, wanted)) return undefined;
	const known = hasMacOf(sighting, wanted);
	// The wanted camera would have been recognised by its MAC, unless a repeater is in between.
	if (wanted.mac != null && mac !== null && !known && !macShared && address !== wanted.lastAddress) return undefined;
	if (descriptionReads > 0) return known || negativeEvidence(userAgent) === 'library' ? UNCERTAIN_READER_MS : undefined;
	return mac !== null && (known || isCanonMac(mac)) && now - lastAt < SEARCHES_ON_MS ? SEARCHER_MS : undefined;
}
