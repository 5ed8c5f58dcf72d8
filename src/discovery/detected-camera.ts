/** The device that was recognised as the camera. */
import type { EventOf } from '#contract/events.ts';
import { isCanonMac } from '#contract/oui.ts';
import type { Candidate } from './ports.ts';
import type { Sighting } from './rules/sightings.ts';

/** A device that was recognised as the camera, where it is now. */
export interface DetectedCamera {
	/** IPv4 address. */
	address: string;
	mac: string | null;
	/** The maker its MAC stands for, if that is Canon. */
	maker: 'Canon' | null;
	/** By which sign it was recognised: it read the description, its profile, a person's choice, or `--camera`. */
	matchedBy: EventOf<'camera'>['because'];
	/** Other devices show this MAC too, so it is not the camera's own. */
	macShared?: true | undefined;
}

/** Describes a sighting as the detected camera. */
export function detectedCamera(
	{ address, mac, macShared }: Pick<Sighting, 'address' | 'mac' | 'macShared'>,
	matchedBy: DetectedCamera['matchedBy'],
): DetectedCamera {
	return { address, mac, maker: isCanon(mac) ? 'Canon' : null, matchedBy, macShared: macShared || undefined };
}

/** The `camera` event for a detected camera. */
export function cameraEvent({ address, mac, maker, matchedBy, macShared }: DetectedCamera): EventOf<'camera'> {
	return { type: 'camera', address, mac, maker, because: matchedBy, macShared };
}

/** Describes a sighting for the question which device is the camera. */
export function candidate({ address, mac, userAgent }: Sighting): Candidate {
	return { address, mac, canon: isCanon(mac), userAgent };
}

const isCanon = (mac: string | null): boolean => mac !== null && isCanonMac(mac);
