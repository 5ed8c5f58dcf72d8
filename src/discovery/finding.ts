/** Waiting for a camera, with a word to the person when it takes long. */

import type { Clock } from '#base/clock.ts';
import { linkedAbort } from '#base/linked-abort.ts';
import type { DetectedCamera } from './detected-camera.ts';
import { type Diagnosis, FAULTS, type Hint } from './rules/hints.ts';
import type { CameraFilter, Sighting } from './rules/sightings.ts';
import type { CameraWatch } from './watching.ts';

/** Faults are not looked for more often than this. */
const LEAST_MS = 1000;

export interface FindOptions {
	wanted: CameraFilter;
	/** Milliseconds; Infinity for as long as it takes. */
	limitMs: number;
	/** Tells what is still missing after this long without a camera, in milliseconds; later once each what is wrong besides. */
	hintAfterMs: number;
	onStillWaiting: ((diagnosis: Diagnosis) => void) | undefined;
	onOther: ((other: Sighting) => void) | undefined;
}

/** The camera, as soon as it is there. Throws as `CameraWatch.camera`. */
export async function findCamera(watch: CameraWatch, finding: FindOptions, clock: Clock, signal: AbortSignal): Promise<DetectedCamera> {
	const found = linkedAbort(signal);
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
	await reportFaults(watch, { everyMs: hintAfterMs, onStillWaiting, told: first.hint }, clock, signal);
}

/** How long SET is waited for, in milliseconds. Assumed to be enough for a person with the camera in hand. */
const SET_MS = 60_000;
/** A camera may search and read more than once; it is not left alone in the middle, in milliseconds. */
const SETTLE_MS = 2000;

/** After SET the camera reads the description once more. Resolves a moment after that or after a minute; throws the signal's reason. */
export async function untilReadAgain(watch: CameraWatch, address: string, clock: Clock, signal: AbortSignal): Promise<void> {
	const over = linkedAbort(signal);
	try {
		await Promise.race([watch.untilReadMoreThan(address, watch.readsBy(address), over.signal), clock.sleep(SET_MS, over.signal)]);
		await clock.sleep(SETTLE_MS, signal);
		signal.throwIfAborted();
	} finally {
		over.abort('read');
		over.release();
	}
}

/** Tells each fault that keeps cameras away once, when it shows. Resolves when the signal is aborted. */
export async function reportFaults(
	watch: Pick<CameraWatch, 'diagnosis'>,
	{ everyMs, onStillWaiting, told }: { everyMs: number; onStillWaiting: FindOptions['onStillWaiting']; told?: Hint },
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const known = new Set(told === undefined ? [] : [told]);
	for (;;) {
		await clock.sleep(Math.max(everyMs, LEAST_MS), signal);
		if (signal.aborted) return;
		const { diagnosis } = watch;
		if (known.has(diagnosis.hint) || !FAULTS.has(diagnosis.hint)) continue;
		known.add(diagnosis.hint);
		onStillWaiting?.(diagnosis);
	}
}
