/** Waiting for a camera, with a word to the person when it takes long. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import { FAULTS, type Hint, type Missing } from './rules/hints.ts';
import type { Sighting, Wanted } from './rules/sightings.ts';
import type { CameraWatch, Found } from './watching.ts';

/** Faults are not looked for more often than this. */
const LEAST_MS = 1000;

export interface Finding {
	wanted: Wanted;
	/** Milliseconds; Infinity for as long as it takes. */
	limitMs: number;
	/** Tells what is still missing after this long without a camera, in milliseconds; later once each what is wrong besides. */
	hintAfterMs: number;
	onMissing: ((missing: Missing) => void) | undefined;
	onOther: ((other: Sighting) => void) | undefined;
}

/** The camera, as soon as it is there. Throws as `CameraWatch.camera`. */
export async function findCamera(watch: CameraWatch, finding: Finding, clock: Clock, signal: AbortSignal): Promise<Found> {
	const found = childAbort(signal);
	const hinting = hint(watch, finding, clock, found.signal);
	try {
		return await watch.camera(finding.wanted, finding.limitMs, signal, finding.onOther);
	} finally {
		found.abort('found');
		found.release();
		await hinting;
	}
}

async function hint(watch: CameraWatch, { hintAfterMs, onMissing }: Finding, clock: Clock, signal: AbortSignal): Promise<void> {
	await clock.sleep(hintAfterMs, signal);
	if (signal.aborted) return;
	const first = watch.missing;
	onMissing?.(first);
	await tellFaults(watch, { everyMs: hintAfterMs, onMissing, told: first.hint }, clock, signal);
}

/** Tells each fault that keeps cameras away once, when it shows. Resolves when the signal is aborted. */
export async function tellFaults(
	watch: Pick<CameraWatch, 'missing'>,
	{ everyMs, onMissing, told }: { everyMs: number; onMissing: Finding['onMissing']; told?: Hint },
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const known = new Set(told === undefined ? [] : [told]);
	for (;;) {
		await clock.sleep(Math.max(everyMs, LEAST_MS), signal);
		if (signal.aborted) return;
		const { missing } = watch;
		if (known.has(missing.hint) || !FAULTS.has(missing.hint)) continue;
		known.add(missing.hint);
		onMissing?.(missing);
	}
}
