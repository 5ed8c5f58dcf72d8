/** Two programs that answer cameras on one network: the camera goes to whichever is first, and people look for the fault elsewhere. */
import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';

/** Where cameras are answered. */
export interface AnsweringPlace {
	address: string;
	/** SSDP port. */
	port: number;
}

/**
 * Passes events on, and warns when another canon-wifi answers where this one has just begun to. It is looked for after
 * that, so that no camera waits for it; that it cannot be looked for is no trouble of the person's.
 *
 * @param others process ids of the others
 */
export function warningOfOthers(emit: Emit, others: (place: AnsweringPlace) => Promise<readonly number[]>): Emit {
	const looked = new Set<string>();
	const warn = async (place: AnsweringPlace) => {
		for (const process of await others(place)) emit(warning('otherAnswerer', { process, address: place.address }));
	};
	return (event) => {
		emit(event);
		if (event.type !== 'ready' || looked.has(event.address)) return;
		looked.add(event.address);
		warn({ address: event.address, port: event.ssdpPort }).catch(() => {});
	};
}
