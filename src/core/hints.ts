/** Why no camera is recognised, and what a person can do about it. */
import { couldBeCamera, type Sightings } from './sightings.ts';

/** What is missing while no camera is recognised: the telling sign and its likely cause. `notBack`: nothing was heard since the last session. */
export type Hint = 'nothingHeard' | 'notBack' | 'searchNotRead' | 'readByOthers' | 'readNotChosen' | 'outside';

export function missing(sightings: Sightings): Exclude<Hint, 'notBack' | 'outside'> {
	const all = [...sightings.values()];
	if (all.some((sighting) => sighting.descriptionReads > 0)) return all.some((s) => couldBeCamera(s)) ? 'readNotChosen' : 'readByOthers';
	return all.some((sighting) => sighting.searchedRootDevice) ? 'searchNotRead' : 'nothingHeard';
}

/** What is missing, with the likely cause and what to do in one sentence or two, for people. */
export interface Missing {
	hint: Hint;
	words: string;
}

/** Hints that name a fault: they are told even when it shows long after something else was told to be missing. */
export const FAULTS: ReadonlySet<Hint> = new Set(['outside']);

/** The likely cause and what to do, where that is always the same. */
export const HINTS: Readonly<Record<Exclude<Hint, 'outside'>, string>> = {
	nothingHeard:
		'No camera has searched yet. Check that the camera is in the same network (not the guest one), that it shows "Add a Device..." or its list, and that no firewall blocks UDP port 1900: `canon-wifi doctor` tells.',
	notBack: 'It has not come back yet. Choose the connection on the camera again.',
	searchNotRead:
		'Somebody searches but does not read our description. If that is the camera: either it is paired with another computer (choose "Add a Device..." on it), or a firewall blocks the description port, as `canon-wifi doctor` tells, or it has read it before: then name it with --camera ADDRESS.',
	readByOthers:
		'Only devices that do not look like a camera have read the description. If one of them is yours, name it with --camera ADDRESS.',
	readNotChosen: 'The camera has read the description. Choose this computer on the camera and press SET.',
};
