/** Two programs that answer cameras on one network: the camera goes to whichever is first, and people look for the fault elsewhere. */
import type { Emit } from '#contract/events.ts';

/** Where cameras are answered. */
export interface AnsweringPlace {
	address: string;
	/** SSDP port. */
	port: number;
}

/** Process ids of other canon-wifis that answer at this place. */
export type OtherAnswerers = (place: AnsweringPlace) => Promise<readonly number[]>;

/**
 * Warns when another canon-wifi answers where this one has just begun to. No camera waits for that, and when the others cannot be
 * looked for, that is no trouble of the person's.
 */
export function tellOthers(others: OtherAnswerers, place: AnsweringPlace, emit: Emit): void {
	others(place)
		.then((processes) => {
			for (const process of processes)
				emit({
					type: 'warning',
					code: 'otherAnswerer',
					message: `Another canon-wifi (process ${process}) already answers cameras here, on ${place.address}.`,
					next: 'Stop one of the two: a camera takes whichever answers first.',
				});
		})
		.catch(() => {});
}
