/**
 * Which camera is which: the one rule for all that compare cameras. Several signs are weighed, because each can mislead: some
 * cameras report a serial number of zeros, and behind a Wi-Fi repeater or a router that answers for others (proxy ARP) every
 * device shows the repeater's MAC.
 */
import { isCanonMac } from './oui.ts';

/** What is known of a camera. */
export interface CameraSigns {
	serial: string | null;
	mac: string | null;
	/** Other devices show this MAC too, so it is not the camera's own. */
	macShared?: boolean | undefined;
	model?: string | null | undefined;
	/** Where it is or was last. */
	address?: string | null | undefined;
}

/** `other`: certainly two cameras. `unknown`: nothing says enough. */
export type Likeness = 'same' | 'other' | 'unknown';

/** A serial number that only one camera has, or `null`: empty ones, all zeros, all f, any one character repeated are none. */
export function tellingSerial(serial: string | null | undefined): string | null {
	const digits = serialDigits(serial);
	return /^(?:0x)?(.?)\1*$/u.test(digits) ? null : digits;
}

/** Whether there is a serial number to show at all: not empty, zeros or f. */
export function hasSerial({ serial }: SerialOf): boolean {
	return !isPlaceholder(serialDigits(serial));
}

function isPlaceholder(digits: string): boolean {
	return /^(?:0x)?(?:0*|f*)$/.test(digits);
}

function serialDigits(serial: string | null | undefined): string {
	return (serial ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The camera's own MAC as far as is known; `null` where others show it too. */
export function ownMac({ mac, macShared }: Pick<CameraSigns, 'mac' | 'macShared'>): string | null {
	return macShared === true ? null : mac;
}

/** The MAC to keep of a camera that was seen again: one of Canon's is its own, so what is seen instead is not. */
export function macToKeep(saved: string | null, seen: Pick<CameraSigns, 'mac' | 'macShared'>): string | null {
	const mac = ownMac(seen);
	return mac === null || (saved !== null && isCanonMac(saved) && !isCanonMac(mac)) ? saved : mac;
}

/**
 * Whether these are one camera. Meaningful serial numbers decide, unless both MACs are known and speak against it;
 * without them the MAC does. A MAC of Canon's is always the camera's own. Another maker's may be that of its Wi-Fi module or
 * of a repeater, so where such a MAC differs, the same address and the same model count too.
 */
export function compareCameras(one: CameraSigns, two: CameraSigns): Likeness {
	const serials = compareSerials(one, two);
	const macs = compareMacs(one, two);
	if (serials === 'differ') return 'other';
	if (serials === 'equal') {
		if (macs !== 'differ') return 'same';
		if (bothCanons(one, two)) return 'other';
		return sameAddress(one, two) && compareModels(one, two) !== 'differ' ? 'same' : 'unknown';
	}
	if (macs === 'equal') return compareModels(one, two) === 'differ' && !bothCanons(one, two) ? 'other' : 'same';
	if (macs === 'unknown') return 'unknown';
	return !bothCanons(one, two) && sameAddress(one, two) && compareModels(one, two) === 'equal' ? 'unknown' : 'other';
}

/** Whether both report the same meaningful serial number. */
export function sameSerial(one: SerialOf, two: SerialOf): boolean {
	return compareSerials(one, two) === 'equal';
}

type SerialOf = Pick<CameraSigns, 'serial'>;
type Comparison = 'equal' | 'differ' | 'unknown';

/** Equal ones count only where no other camera has the same; different ones count unless one is left open: empty, zeros, f. */
function compareSerials(one: SerialOf, two: SerialOf): Comparison {
	const [first, second] = [serialDigits(one.serial), serialDigits(two.serial)];
	if (first === second) return tellingSerial(first) === null ? 'unknown' : 'equal';
	return isPlaceholder(first) || isPlaceholder(second) ? 'unknown' : 'differ';
}

function compareMacs(one: CameraSigns, two: CameraSigns): Comparison {
	const [first, second] = [ownMac(one), ownMac(two)];
	if (first == null || second == null) return 'unknown';
	return first === second ? 'equal' : 'differ';
}

function bothCanons(one: CameraSigns, two: CameraSigns): boolean {
	return [one, two].every(({ mac }) => mac != null && isCanonMac(mac));
}

function sameAddress(one: CameraSigns, two: CameraSigns): boolean {
	return one.address != null && one.address === two.address;
}

/** Tools write one model in different ways: with the maker or without, with spaces or without. */
function compareModels(one: CameraSigns, two: CameraSigns): Comparison {
	const [first, second] = [one, two].map(({ model }) => (model ?? '').toLowerCase().replace(/canon|powershot|digital|[^a-z0-9]/g, ''));
	if (!first || !second) return 'unknown';
	return first === second ? 'equal' : 'differ';
}
