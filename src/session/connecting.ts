/**
 * Connects to a camera: finds it, lets the chosen client make attempts until the camera grants a session, and keeps discovery
 * running during the session. Nothing else ever connects to the camera's port.
 */

import type { Clock } from '#base/clock.ts';
import type { CameraInfo, Emit } from '#contract/events.ts';
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

/** Which camera to connect to, with what, and how. */
export interface ConnectingRequest {
	discovery: DiscoveryRequest;
	wanted: CameraFilter;
	/** Its last address, which is answered before others when too many search. */
	lastAddress?: string | null | undefined;
	/** The client; `null` to only find the camera (`--tool none`). */
	client: Client | null;
	/** What the client has to do; the address is added when the camera is found. */
	job: Omit<Job, 'address'>;
	/** Time limit for finding the camera and being granted a session, each time, in milliseconds; Infinity for none. */
	limitMs: number;
	/** Wait for the camera again after each session. */
	reconnect: boolean;
	/** When to report what is missing, in milliseconds. */
	hintAfterMs: number;
}

/** The result of `connect`. */
export interface Connected {
	camera: DetectedCamera;
	/** Absent with `--tool none`. */
	learnt: CameraInfo | null;
	end: SessionEnd | null;
}

/** Called as things happen. */
export interface ConnectingHooks {
	/** A camera was found. `readAgain` waits until SET has been pressed on it. With `client: null`, `connect` ends when this settles. */
	onCamera?(camera: DetectedCamera, readAgain: () => Promise<void>): Promise<void> | void;
	/** The camera granted a session; called before the `connected` event. */
	onConnected?(camera: DetectedCamera, learnt: CameraInfo): void;
	/** A saved camera came that is not wanted; it is left alone. */
	onOther?(other: { address: string; mac: string | null }): void;
	/** No camera has been found for a while. */
	onStillWaiting?(diagnosis: Diagnosis): void;
}

/** What all parts of `connect` share. */
interface Context {
	request: ConnectingRequest;
	watch: CameraWatch;
	clock: Clock;
	emit: Emit;
	signal: AbortSignal;
	hooks: ConnectingHooks;
}

/**
 * Connects, and returns when the last session has ended. Throws `noCamera`, `cameraRefused`, `cameraSilent`,
 * `severalCameras`, what discovery throws, or the signal's reason. A lost session is `end.lost`, not an error.
 */
export async function connect(
	request: ConnectingRequest,
	ports: DiscoveryPorts & WatchPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: ConnectingHooks = {},
): Promise<Connected> {
	const watch = new CameraWatch(ports);
	const discovery = await startDiscovery(request.discovery, ports, emit, {
		observe: (observation) => watch.observe(observation),
		knows: (address) => address === request.wanted.address || address === request.lastAddress || watch.sightings.isCanon(address),
	});
	watch.explainBy(discovery);
	try {
		return await runSessions({ request, watch, clock: ports.clock, emit, signal, hooks });
	} finally {
		await discovery.close();
	}
}

/** Runs one session after the other, until one is the last. */
async function runSessions(context: Context): Promise<Connected> {
	const { request, watch, clock, emit, signal } = context;
	let shortSessions = 0;
	for (;;) {
		const deadline = clock.now() + request.limitMs;
		const found = await findAndReport(context, deadline);
		const { client } = request;
		if (client === null) return { camera: found, learnt: null, end: null };
		const began = clock.now();
		const ended = await runOneSession(found, client, deadline, context);
		if (ended === undefined) {
			watch.forget();
			continue;
		}
		const { end, back, camera } = ended;
		emit({ type: 'ended', tool: client.tool, exitCode: end.exitCode, signal: end.signal });
		signal.throwIfAborted();
		if (!request.reconnect) return { camera, learnt: end.learnt, end };
		const short = clock.now() - began < SHORT_SESSION_MS && (end.lost !== undefined || end.exitCode !== 0);
		shortSessions = short ? shortSessions + 1 : 0;
		// A camera that is already back does not show itself again.
		watch.forget(back);
		await clock.sleep(pauseBeforeReconnect(shortSessions), signal);
	}
}

async function findAndReport({ request, watch, clock, emit, signal, hooks }: Context, deadline: number): Promise<DetectedCamera> {
	const { onStillWaiting, onOther } = hooks;
	const limitMs = Math.max(deadline - clock.now(), 0);
	const found = await findCamera(watch, { ...request, limitMs, onStillWaiting, onOther }, clock, signal);
	emit(cameraEvent(found));
	await hooks.onCamera?.(found, () => untilReadAgain(watch, found.address, clock, signal));
	return found;
}

/** Makes attempts on this camera and runs the session. Resolves to undefined when the camera left before it granted one. */
async function runOneSession(
	found: DetectedCamera,
	client: Client,
	deadline: number,
	{ request, watch, clock, emit, signal, hooks }: Context,
): Promise<(WatchedEnd & { camera: DetectedCamera }) | undefined> {
	const spacing = { mayLeave: request.reconnect && found.matchedBy !== 'flag', eager: 'never' } as const;
	const tracked = new TrackedCamera(found, watch, request.wanted, spacing, clock, emit);
	const emitOnce = lostOnce(emit);
	const result = await attemptUntilGranted(
		{
			tool: client.tool,
			address: found.address,
			connect: (address, report, within) => client.connect({ ...request.job, address }, report, within),
			limitMs: Math.max(deadline - clock.now(), 0),
			next: (failed, stop) => tracked.next(failed, stop),
		},
		clock,
		emitOnce,
		signal,
	);
	if (result === undefined) return undefined;
	const { camera } = tracked;
	if (result.outcome !== 'session') return { end: result.end, back: undefined, camera };
	hooks.onConnected?.(camera, result.info);
	emit({ type: 'connected', tool: client.tool, address: camera.address, ...result.info });
	return { ...(await runWatched(result, camera, watch, emitOnce, signal)), camera };
}
