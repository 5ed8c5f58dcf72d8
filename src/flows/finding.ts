/** Waiting for a camera, with a word to the person when it takes long. */

import type { Hint } from '../core/hints.ts';
import { linkedAbort } from '../core/linked-abort.ts';
import type { Sighting, Wanted } from '../core/sightings.ts';
import type { Clock } from './ports.ts';
import type { CameraWatch, Found } from './watching.ts';

export interface Finding {
	wanted: Wanted;
	/** Milliseconds; Infinity for as long as it takes. */
	limitMs: number;
	/** Tells what is still missing after this long without a camera, in milliseconds. */
	hintAfterMs: number;
	onMissing: ((hint: Hint) => void) | undefined;
	onOther: ((other: Sighting) => void) | undefined;
}

/** The camera, as soon as it is there. Throws as `CameraWatch.camera`. */
export async function findCamera(watch: CameraWatch, finding: Finding, clock: Clock, signal: AbortSignal): Promise<Found> {
	const found = linkedAbort(signal);
	const hinting = clock.sleep(finding.hintAfterMs, found.signal).then(() => {
		if (!found.signal.aborted) finding.onMissing?.(watch.hint);
	});
	try {
		return await watch.camera(finding.wanted, finding.limitMs, signal, finding.onOther);
	} finally {
		found.abort('found');
		found.release();
		await hinting;
	}
}
