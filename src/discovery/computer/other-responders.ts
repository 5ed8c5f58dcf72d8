/** Warns of a second program that answers cameras on this network: the camera goes to whichever answers first. */
import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';

/** Where cameras are answered. */
export interface ResponderPlace {
	address: string;
	/** SSDP port. */
	port: number;
}

/** Finds the process ids of other instances of canon-wifi that answer at this place. */
export type FindOtherResponders = (place: ResponderPlace) => Promise<readonly number[]>;

/**
 * Warns when another instance of canon-wifi answers where this one has just begun to. Runs in the background, so that no camera
 * waits for it. Failures are ignored, because the person can do nothing about them.
 */
export function warnOfOtherResponders(others: FindOtherResponders, place: ResponderPlace, emit: Emit): void {
	others(place)
		.then((processes) => {
			for (const process of processes) emit(warning('otherAnswerer', { process, address: place.address }));
		})
		.catch(() => {});
}
