/** Waits for a camera, and reports what is missing when it takes long. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import type { CameraWatch } from './camera-watch.ts';
import type { DetectedCamera } from './detected-camera.ts';
import type { CameraFilter } from './rules/camera-selection.ts';
import { type Diagnosis, FAULTS, type Hint } from './rules/hints.ts';
import type { Sighting } from './rules/sightings.ts';

/** Minimum time between two checks for faults, in milliseconds. */
const FAULT_CHECK_MS = 1000;

/** Which camera to find, and how long to wait. */
export interface FindOptions {
	wanted: CameraFilter;
	/** Milliseconds; Infinity for no limit. */
	limitMs: number;
	/** When to report what is missing, in milliseconds. Faults that show later are reported once each. */
	hintAfterMs: number;
	onStillWaiting: ((diagnosis: Diagnosis) => void) | undefined;
	onOther: ((other: Sighting) => void) | undefined;
}

/** Waits for the camera. Throws as `CameraWatch.camera`. */
export async function findCamera(watch: CameraWatch, finding: FindOptions, clock: Clock, signal: AbortSignal): Promise<DetectedCamera> {
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

async function hint(watch: CameraWatch, { hintAfterMs, onStillWaiting }: FindOptions, clock: Clock, signal: AbortSignal): Promise<void> {
	await clock.sleep(hintAfterMs, signal);
	if (signal.aborted) return;
	const first = watch.diagnosis;
	onStillWaiting?.(first);
	await reportFaults(watch, { everyMs: hintAfterMs, onStillWaiting, reported: first.hint }, clock, signal);
}

/** How long to wait for SET, in milliseconds. Assumed to be enough for a person with the camera in hand. */
const SET_MS = 60_000;
/** How long to keep answering after that read, in milliseconds, because a camera may search and read several times. */
const SETTLE_MS = 2000;

/**
 * Waits until SET has been pressed, which makes the camera read the description once more. Resolves a moment after that, or after
 * a minute. Throws the signal's reason when that is aborted.
 */
export async function untilReadAgain(watch: CameraWatch, address: string, clock: Clock, signal: AbortSignal): Promise<void> {
	const over = childAbort(signal);
	try {
		await Promise.race([watch.untilReadMoreThan(address, watch.sightings.readsBy(address), over.signal), clock.sleep(SET_MS, over.signal)]);
		await clock.sleep(SETTLE_MS, signal);
		signal.throwIfAborted();
	} finally {
		over.abort('read');
		over.release();
	}
}

/** Reports each fault that keeps cameras away once, when it shows. Resolves when the signal is aborted. */
export async function reportFaults(
	watch: Pick<CameraWatch, 'diagnosis'>,
	{ everyMs, onStillWaiting, reported }: { everyMs: number; onStillWaiting: FindOptions['onStillWaiting']; reported?: Hint | undefined },
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const known = new Set(reported === undefined ? [] : [reported]);
	for (;;) {
		await clock.sleep(Math.max(everyMs, FAULT_CHECK_MS), signal);
		if (signal.aborted) return;
		const { diagnosis } = watch;
		if (known.has(diagnosis.hint) || !FAULTS.has(diagnosis.hint)) continue;
		known.add(diagnosis.hint);
		onStillWaiting?.(diagnosis);
	}
}
