/**
 * From "answer the camera" to the end of the session: the camera is found, the chosen client makes attempts until
 * the camera takes it, and the answering goes on during the whole session. Nobody else ever touches the camera's port.
 */

import type { Emit, Learnt } from '#contract/events.ts';
import { CameraWatch, type WatchPorts } from '#discovery/camera-watch.ts';
import { cameraEvent, type DetectedCamera } from '#discovery/detected-camera.ts';
import { type DiscoveryPorts, startDiscovery } from '#discovery/discovering.ts';
import { findCamera, untilReadAgain } from '#discovery/finding.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
import { attemptUntilGranted } from './attempts.ts';
import type { Client, Job, SessionEnd } from './client.ts';
import { pauseBeforeReconnect, SHORT_SESSION_MS } from './rules/attempts.ts';
import { lostOnce, runWatched, type WatchedEnd } from './running.ts';
import { TrackedCamera } from './tracked-camera.ts';

export interface ConnectingRequest {
	discovery: DiscoveryRequest;
	wanted: CameraFilter;
	/** Where it was the last time: answered before others when too many search. */
	lastAddress?: string | null;
	/** `null`: only find the camera (`--tool none`). */
	client: Client | null;
	/** What the client is to do; the address is filled in when the camera is found. */
	job: Omit<Job, 'address'>;
	/** How long to wait for the camera and for it to take the client, each time, in milliseconds; Infinity for as long as it takes. */
	limitMs: number;
	/** Wait for the camera again after each session. */
	reconnect: boolean;
	/** Tells what is still missing after this long without a camera, in milliseconds. */
	hintAfterMs: number;
}

export interface Connected {
	camera: DetectedCamera;
	/** Absent with `--tool none`. */
	learnt: Learnt | null;
	end: SessionEnd | null;
}

export interface ConnectingHooks {
	/** A camera was found; `readAgain` waits until SET has been pressed on it. With `client: null` all ends when this settles. */
	onCamera?(camera: DetectedCamera, readAgain: () => Promise<void>): Promise<void> | void;
	/** The camera granted a session; called before the `connected` event. */
	onConnected?(camera: DetectedCamera, learnt: Learnt): void;
	/** Another saved camera came than the one that is meant; it is left alone. */
	onOther?(other: { address: string; mac: string | null }): void;
	/** Nothing has been found for a while. */
	onStillWaiting?(diagnosis: Diagnosis): void;
}

/**
 * Connects and returns when the last session has ended. Throws `noCamera`, `cameraRefused`, `cameraSilent`,
 * `severalCameras`, what discovery throws, or the signal's reason. A lost session is `end.lost`, not an error.
 */
export async function connect(
	request: ConnectingRequest,
	ports: DiscoveryPorts & WatchPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: ConnectingHooks = {},
): Promise<Connected> {
	const { clock } = ports;
	const watch = new CameraWatch(ports);
	const discovery = await startDiscovery(request.discovery, ports, emit, {
		observe: (what) => watch.observe(what),
		knows: (address) => address === request.wanted.address || address === request.lastAddress || watch.sightings.isCanon(address),
	});
	watch.explainBy(discovery);
	try {
		let shortSessions = 0;
		for (;;) {
			const began = clock.now();
			const left = () => Math.max(request.limitMs - (clock.now() - began), 0);
			const { onStillWaiting, onOther } = hooks;
			const found = await findCamera(watch, { ...request, limitMs: left(), onStillWaiting, onOther }, clock, signal);
			emit(cameraEvent(found));
			await hooks.onCamera?.(found, () => untilReadAgain(watch, found.address, clock, signal));
			const { client } = request;
			if (client === null) return { camera: found, learnt: null, end: null };
			const sessionBegan = clock.now();
			const ended = await oneSession(found, { ...request, client, limitMs: left() }, watch, clock, emit, signal, hooks);
			if (ended === undefined) {
				watch.forget();
				continue;
			}
			const { end, back, camera } = ended;
			emit({ type: 'ended', tool: client.tool, exitCode: end.exitCode, signal: end.signal });
			signal.throwIfAborted();
			if (!request.reconnect) return { camera, learnt: end.learnt, end };
			const short = clock.now() - sessionBegan < SHORT_SESSION_MS && (end.lost !== undefined || end.exitCode !== 0);
			shortSessions = short ? shortSessions + 1 : 0;
			// A camera that is back already does not show itself once more.
			watch.forget(back);
			await clock.sleep(pauseBeforeReconnect(shortSessions), signal);
		}
	} finally {
		await discovery.close();
	}
}

/** Attempts on this camera, and the session; nothing when the camera left before it granted one. */
async function oneSession(
	found: DetectedCamera,
	request: ConnectingRequest & { client: Client },
	watch: CameraWatch,
	clock: WatchPorts['clock'],
	emit: Emit,
	signal: AbortSignal,
	hooks: ConnectingHooks,
): Promise<(WatchedEnd & { camera: DetectedCamera }) | undefined> {
	const { client, job, limitMs } = request;
	const spacing = { mayLeave: request.reconnect && found.matchedBy !== 'flag', eager: 'never' } as const;
	const tracked = new TrackedCamera(found, watch, request.wanted, spacing, clock, emit);
	const tell = lostOnce(emit);
	const result = await attemptUntilGranted(
		{
			tool: client.tool,
			address: found.address,
			connect: (address, say, within) => client.connect({ ...job, address }, say, within),
			limitMs,
			next: (failed, stop) => tracked.next(failed, stop),
		},
		clock,
		tell,
		signal,
	);
	if (result === undefined) return undefined;
	const { camera } = tracked;
	if (result.outcome !== 'session') return { end: result.end, back: undefined, camera };
	hooks.onConnected?.(camera, result.info);
	emit({ type: 'connected', tool: client.tool, address: camera.address, ...result.info });
	return { ...(await runWatched(result, camera, watch, tell, signal)), camera };
}
