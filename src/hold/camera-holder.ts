/** Holds one camera from its first sighting to the end of the hold: finds it, connects, and does so again when it is lost. */

import { childAbort } from '#base/child-abort.ts';
import type { Emit } from '#contract/events.ts';
import { macToKeep } from '#contract/same-camera.ts';
import { CameraWatch } from '#discovery/camera-watch.ts';
import { cameraEvent, type DetectedCamera } from '#discovery/detected-camera.ts';
import { findCamera } from '#discovery/finding.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
import type { Sighting } from '#discovery/rules/sightings.ts';
import { attemptUntilGranted } from '#session/attempts.ts';
import { pauseBeforeReconnect, SHORT_SESSION_MS } from '#session/rules/attempts.ts';
import { lostOnce, runWatched } from '#session/running.ts';
import { TrackedCamera } from '#session/tracked-camera.ts';
import type { HoldingHooks, HoldingPorts, HoldingRequest, HoldTarget } from './hold-request.ts';
import type { CameraProxy } from './ports.ts';
import type { KnownCamera } from './rules/route-sighting.ts';

/** With --camera: how often the given address is tried although nothing is seen of it, as adb does. In milliseconds. */
const UNSEEN_MS = 10_000;

/** What a `CameraHolder` needs. */
export interface CameraHolderOptions {
	target: HoldTarget;
	index: number;
	/** Whether this is the only camera. */
	alone: boolean;
	proxy: CameraProxy;
	request: HoldingRequest;
	ports: HoldingPorts;
	emit: Emit;
	hooks: HoldingHooks;
}

const COME_BACK = 'Choose the connection to this computer on the camera again: it is taken back by itself.';

/** Holds one camera. */
export class CameraHolder implements KnownCamera {
	readonly watch: CameraWatch;
	/** Settles with `run`. */
	ended: Promise<unknown> = Promise.resolve();
	mac: string | null;
	address: string | null;
	/** Its address when it was last held, in this run. */
	lastHeld: string | undefined;
	readonly #options: CameraHolderOptions;
	readonly #over = new AbortController();
	#sessions = 0;
	/** Since when the camera has been back after it left its session, in the clock's milliseconds. */
	#backSince: number | undefined;

	constructor(options: CameraHolderOptions) {
		const { target } = options;
		this.#options = options;
		this.watch = new CameraWatch(options.ports);
		this.mac = target.wanted.mac ?? null;
		this.address = target.wanted.address ?? target.lastAddress;
	}

	/** Ends it: `run` rejects with the reason. Each holder has its own signal, so that one signal does not collect all listeners. */
	stop(reason: unknown): void {
		this.#over.abort(reason);
	}

	/** Whether this MAC is that of another saved camera. */
	excludes(mac: string): boolean {
		return this.#options.target.wanted.exclude?.includes(mac) ?? false;
	}

	/** Holds the camera until `stop`. Never resolves; rejects with the reason, or with what no other attempt can cure. */
	run(): Promise<void> {
		const running = this.#run(this.#over.signal);
		this.ended = running;
		return running;
	}

	async #run(signal: AbortSignal): Promise<void> {
		const { ports, request, alone, emit } = this.#options;
		const { clock } = ports;
		let before: DetectedCamera | undefined;
		for (let shortOnes = 0; ; ) {
			const began = clock.now();
			const first = before === undefined && alone;
			const limitMs = first ? request.limitMs : Number.POSITIVE_INFINITY;
			const camera = before === undefined ? await this.#find(limitMs, signal) : await this.#findAgain(before, signal);
			this.mac = macToKeep(this.mac, camera);
			this.address = camera.address;
			emit(cameraEvent(camera));
			this.#options.hooks.onCamera?.(this.#options.index, camera);
			const sessionBegan = clock.now();
			const connected = await this.#connect(camera, limitMs - (clock.now() - began), signal);
			signal.throwIfAborted();
			before = connected ?? before ?? camera;
			// A camera that is already back does not show itself again.
			this.watch.forget(this.#backSince);
			this.#backSince = undefined;
			shortOnes = connected === undefined || clock.now() - sessionBegan >= SHORT_SESSION_MS ? 0 : shortOnes + 1;
			// The first time it comes back we connect at once. A camera that is lost again and again is left in peace for longer.
			await clock.sleep(pauseBeforeReconnect(Math.max(0, shortOnes - 2)), signal);
			signal.throwIfAborted();
		}
	}

	#find(limitMs: number, signal: AbortSignal): Promise<DetectedCamera> {
		const { request, ports, hooks, target, index } = this.#options;
		const onStillWaiting = (diagnosis: Diagnosis) => hooks.onStillWaiting?.(index, diagnosis);
		const onOther = (other: Sighting) => hooks.onOther?.(index, other);
		return findCamera(
			this.watch,
			{ wanted: target.wanted, limitMs, hintAfterMs: request.hintAfterMs, onStillWaiting, onOther },
			ports.clock,
			signal,
		);
	}

	/** Waits until the camera shows itself again. An address that was given by hand is also tried now and then. */
	async #findAgain(before: DetectedCamera, signal: AbortSignal): Promise<DetectedCamera> {
		const { ports, target } = this.#options;
		const over = childAbort(signal);
		const seen = this.watch.untilReturned(before, over.signal);
		try {
			if (target.wanted.address === undefined) return await seen;
			const tried = ports.clock.sleep(UNSEEN_MS, over.signal).then((): DetectedCamera => ({ ...before, matchedBy: 'flag' }));
			return await Promise.race([seen, tried]);
		} finally {
			over.release();
			over.abort(new Error('it is back'));
			seen.catch(() => {});
		}
	}

	/** Makes attempts until the camera grants a session, and runs it. Resolves to undefined when the camera left before. */
	async #connect(found: DetectedCamera, limitMs: number, signal: AbortSignal): Promise<DetectedCamera | undefined> {
		const { proxy, target, ports, emit, hooks, index } = this.#options;
		const { clock } = ports;
		const spacing = { mayLeave: limitMs === Number.POSITIVE_INFINITY, eager: this.#sessions > 0 ? 'held' : 'whenRead' } as const;
		const tracked = new TrackedCamera(found, this.watch, target.wanted, spacing, clock, emit);
		const emitOnce = lostOnce(emit);
		await tracked.ready(signal);
		const result = await attemptUntilGranted(
			{
				tool: 'builtin',
				address: found.address,
				connect: (address, report, within) => {
					this.address = address;
					tracked.attempt();
					return proxy.connect({ ...target.job, address }, report, within);
				},
				limitMs,
				next: (failed, stop) => tracked.next(failed, stop),
			},
			clock,
			emitOnce,
			signal,
		);
		if (result === undefined) return undefined;
		const { camera } = tracked;
		this.#sessions++;
		let { end } = result.outcome === 'finished' ? result : { end: undefined };
		if (result.outcome === 'session') {
			this.lastHeld = camera.address;
			hooks.onConnected?.(index, camera, result.info);
			emit({ type: 'connected', tool: 'builtin', address: camera.address, ...result.info });
			const running = runWatched(result, camera, this.watch, emitOnce, signal);
			hooks.onHeld?.(index);
			const { back, ...watched } = await running;
			this.#backSince = back;
			end = watched.end;
		}
		if (end?.lost !== undefined && this.#backSince === undefined) emit({ type: 'instruction', step: 'openMenu', text: COME_BACK });
		return camera;
	}
}
