/** Why no camera has been recognised, and what a person can do about it. */
import { type CameraFilter, couldBeCamera, isExcluded } from './camera-selection.ts';
import type { Sighting, Sightings } from './sightings.ts';

/**
 * The sign that shows what is missing while no camera is recognised. `notBack`: nothing was heard since the last session.
 * `onlyOther`: only cameras came that are not wanted. `outside`: a device searches from outside the announced network.
 * `networkLost`, `cannotAnswer`, `notHeard`: no camera can be answered now.
 */
export type Hint =
	| 'nothingHeard'
	| 'notBack'
	| 'searchNotRead'
	| 'readByOthers'
	| 'readNotChosen'
	| 'onlyOther'
	| 'outside'
	| 'networkLost'
	| 'cannotAnswer'
	| 'notHeard';

/** Signs that follow from sightings alone. */
type Sign = Exclude<Hint, 'notBack' | 'outside' | 'networkLost' | 'cannotAnswer' | 'notHeard'>;

/** Finds the sign that shows what is missing. @param declined addresses that a person said are not the camera */
export function diagnose(sightings: Sightings, wanted: CameraFilter = {}, declined: ReadonlySet<string> = new Set()): Sign {
	const all = [...sightings.values()].filter(({ address }) => !declined.has(address));
	const mine = all.filter((sighting) => !isUnwanted(sighting, wanted));
	if (mine.some((sighting) => couldBeCamera(sighting))) return 'readNotChosen';
	if (unwantedCameras(sightings, wanted).length > 0) return 'onlyOther';
	if (mine.some(({ descriptionReads }) => descriptionReads > 0)) return 'readByOthers';
	return mine.some(({ searchedRootDevice }) => searchedRootDevice) ? 'searchNotRead' : 'nothingHeard';
}

function isUnwanted(sighting: Sighting, wanted: CameraFilter): boolean {
	return wanted.address === undefined ? isExcluded(sighting, wanted) : sighting.address !== wanted.address;
}

/** Cameras that came but are not wanted, each once, where it was seen last. */
function unwantedCameras(sightings: Sightings, wanted: CameraFilter): readonly Sighting[] {
	const came = [...sightings.values()].filter(
		(sighting) => isUnwanted(sighting, wanted) && (isExcluded(sighting, wanted) ? sighting.searchedRootDevice : couldBeCamera(sighting)),
	);
	return [...new Map(came.map((sighting) => [sighting.mac ?? sighting.address, sighting])).values()];
}

/** Number of cameras named in a message. */
const NAMED = 3;

/** Builds the sentence about cameras that came instead of the wanted one, and what to do. */
export function onlyOtherWords(sightings: Sightings, wanted: CameraFilter): string {
	const others = unwantedCameras(sightings, wanted).slice(-NAMED);
	const ids = others.map(({ mac }) => wanted.names?.get(mac ?? ''));
	const named = others.map(({ address }, index) => (ids[index] === undefined ? address : `"${ids[index]}" (${address})`));
	const came = `Only ${named.join(' and ')} came`;
	const [address] = others.map((other) => other.address);
	if (wanted.address !== undefined)
		return `${came}, not ${wanted.address}. If ${others.length === 1 ? 'that' : 'one of these'} is the camera, its address has changed: leave --camera out, or give --camera ${address}.`;
	const it = wanted.id === undefined ? 'the camera that is meant' : `"${wanted.id}"`;
	const [id = 'NAME'] = ids;
	return `${came}, not ${it}. Choose this computer on ${it}; for the other one, give its name (${id}) instead, or --camera ${address}.`;
}

/** What is missing, with the likely cause and what to do in a sentence or two. */
export interface Diagnosis {
	hint: Hint;
	words: string;
}

/** Hints that name a fault. They are reported even when another hint was reported before. */
export const FAULTS: ReadonlySet<Hint> = new Set(['onlyOther', 'outside']);

/** Added to `nothingHeard` and `notBack` when a test search arrived. */
export const TESTED = "This computer's own test search arrived, so UDP port 1900 works here.";

/** The hints whose text is always the same. */
export const HINTS: Readonly<Record<Exclude<Sign, 'onlyOther'> | 'notBack', string>> = {
	nothingHeard:
		'No camera has searched yet. Check that the camera is in the same network (not the guest one), that it shows "Add a Device..." or its list, and that no firewall blocks UDP port 1900. Run `canon-wifi doctor` to check.',
	notBack: 'The camera has not reconnected. Select this computer in its Wi-Fi menu again.',
	searchNotRead:
		'A device is searching but has not read our description. If it is your camera, it may be paired with another computer (choose "Add a Device..." on it), a firewall may block the description port (run `canon-wifi doctor` to check), or it has read the description before (name it with --camera ADDRESS).',
	readByOthers:
		'Only devices that do not look like a camera have read the description. If one of them is yours, name it with --camera ADDRESS.',
	readNotChosen: 'The camera has read the description. Choose this computer on the camera and press SET.',
};
