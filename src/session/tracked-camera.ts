/** Follows a camera between attempts: when to try again, whether it has left, and where it is now. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { CameraWatch } from '#discovery/camera-watch.ts';
import { cameraEvent, type DetectedCamera } from '#discovery/detected-camera.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import { pauseBeforeAttempt, UNHEARD_MS } from './rules/attempts.ts';

/** How long after reading the description a camera opens its port, in milliseconds. */
const READY_MS = 100;
/** Attempts on a camera that was held before are this far apart at first, in milliseconds, and for this long. */
const EAGER_MS = 250;
const EAGER_FOR_MS = 2000;

/** How the attempts on a camera are spaced. */
export interface Spacing {
	/** Whether a camera that was not heard for a minute counts as gone. */
	mayLeave: boolean;
	/**
	 * `never`: wait for the whole pause, unless the camera is heard. `whenRead`: also try as soon as it has read the description.
	 * `held`: also try more often at first.
	 */
	eager: 'never' | 'whenRead' | 'held';
}

/** A camera while attempts are made on it. */
export class TrackedCamera {
	readonly #watch: CameraWatch;
	readonly #wanted: CameraFilter;
	readonly #spacing: Spacing;
	readonly #clock: Clock;
	readonly #emit: Emit;
	readonly #began: number;
	#camera: DetectedCamera;
	/** How often the camera had read the description before the last attempt. */
	#reads = 0;

	constructor(camera: DetectedCamera, watch: CameraWatch, wanted: CameraFilter, spacing: Spacing, clock: Clock, emit: Emit) {
		this.#camera = camera;
		this.#watch = watch;
		this.#wanted = wanted;
		this.#spacing = spacing;
		this.#clock = clock;
		this.#emit = emit;
		this.#began = clock.now();
	}

	/** The camera where it is now. */
	get camera(): DetectedCamera {
		return this.#camera;
	}

	/** Waits until the camera is ready for the first attempt. */
	async ready(signal: AbortSignal): Promise<void> {
		if (this.#spacing.eager !== 'never') await this.#clock.sleep(READY_MS, signal);
	}

	/** Notes that an attempt begins. */
	attempt(): void {
		this.#reads = this.#watch.sightings.readsBy(this.#camera.address);
	}

	/** Waits before the next attempt. Resolves to its address, or undefined when the camera has left. Emits `camera` when it has moved. */
	async next(failed: number, signal: AbortSignal): Promise<string | undefined> {
		const eager = this.#spacing.eager === 'held' && this.#unheardMs() < EAGER_FOR_MS;
		await this.#pause(eager ? EAGER_MS : pauseBeforeAttempt(failed), signal);
		if (this.#spacing.mayLeave && this.#unheardMs() > UNHEARD_MS) return undefined;
		const moved = this.#watch.moved(this.#camera, this.#wanted);
		if (moved !== undefined) {
			this.#camera = moved;
			this.#emit(cameraEvent(moved));
		}
		return this.#camera.address;
	}

	#unheardMs(): number {
		return this.#clock.now() - Math.max(this.#began, this.#watch.sightings.lastSeen(this.#camera.address) ?? 0);
	}

	/**
	 * Pauses for up to `ms`. A camera on which SET was just pressed searches again: then half a second is enough. One that reads
	 * the description is ready now.
	 */
	async #pause(ms: number, signal: AbortSignal): Promise<void> {
		const { address } = this.#camera;
		const least = Math.min(ms, pauseBeforeAttempt(1));
		const over = childAbort(signal);
		const sleep = (time: number) => this.#clock.sleep(time, over.signal);
		const heard = this.#watch.untilSeen(address, over.signal);
		const read =
			this.#spacing.eager === 'never' ? new Promise<never>(() => {}) : this.#watch.untilReadMoreThan(address, this.#reads, over.signal);
		await Promise.race([read.then(() => sleep(READY_MS)), sleep(least)]);
		if (ms > least) await Promise.race([read, heard, sleep(ms - least)]);
		over.abort('heard');
		over.release();
	}
}
