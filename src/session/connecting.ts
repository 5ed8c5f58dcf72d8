/**
 * From "answer the camera" to the end of the session: the camera is found, the chosen client makes attempts until
 * the camera takes it, and the answering goes on during the whole session. Nobody else ever touches the camera's port.
 */

import { childAbort } from '#base/child-abort.ts';
import type { Emit, Event, Learnt, Refusal } from '#contract/events.ts';
import { type AnsweringPorts, type AnsweringRequest, startAnswering } from '#discovery/answering.ts';
import { findCamera } from '#discovery/finding.ts';
import type { Missing } from '#discovery/rules/hints.ts';
import type { Wanted } from '#discovery/rules/sightings.ts';
import { CameraWatch, type Found, type WatchPorts } from '#discovery/watching.ts';
import type { AttemptEnd, Client, Job } from './client.ts';
import { gaveUp, pauseBeforeAttempt, pauseBeforeReconnect, refusal, SHORT_SESSION_MS, UNHEARD_MS } from './rules/attempts.ts';
import { SessionWatch } from './session-watch.ts';

export interface ConnectingRequest {
	answering: AnsweringRequest;
	wanted: Wanted;
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
	camera: Found;
	/** Absent with `--tool none`. */
	learnt: Learnt | null;
	end: Extract<AttemptEnd, { outcome: 'session' }> | null;
}

export interface ConnectingHooks {
	/** A camera was found. With `client: null` the session lasts until this settles. */
	onCamera?(camera: Found): Promise<void> | void;
	/** The client is connected; called before its `connected` event is told. */
	onConnected?(camera: Found, learnt: Learnt): void;
	/** Another saved camera came than the one that is meant; it is left alone. */
	onOther?(other: { address: string; mac: string | null }): void;
	/** Nothing has been found for a while. */
	onMissing?(missing: Missing): void;
}

/**
 * Connects and returns when the last session has ended. Throws `noCamera`, `cameraRefused`, `cameraSilent`,
 * `severalCameras`, what the answering throws, or the signal's reason. A lost session is `end.lost`, not an error.
 */
export async function connect(
	request: ConnectingRequest,
	ports: AnsweringPorts & WatchPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: ConnectingHooks = {},
): Promise<Connected> {
	const watch = new CameraWatch(ports);
	const answering = await startAnswering(
		request.answering,
		ports,
		emit,
		(seen) => watch.seen(seen),
		(address) => address === request.wanted.address || address === request.lastAddress || watch.isCanon(address),
	);
	watch.explainBy(answering);
	try {
		let shortSessions = 0;
		let began = ports.clock.now();
		for (;;) {
			const left = () => Math.max(request.limitMs - (ports.clock.now() - began), 0);
			const { onMissing, onOther } = hooks;
			const camera = await findCamera(watch, { ...request, limitMs: left(), onMissing, onOther }, ports.clock, signal);
			emit({ type: 'camera', ...camera });
			await hooks.onCamera?.(camera);
			if (request.client === null) return { camera, learnt: null, end: null };
			const { client } = request;
			const sessionBegan = ports.clock.now();
			const ended = await attemptUntilTaken(watch, { ...request, client }, camera, left(), ports, emit, signal, hooks);
			if (ended === undefined) {
				watch.forget();
				continue;
			}
			const { end, at, back } = ended;
			emit({ type: 'ended', tool: client.tool, exitCode: end.exitCode, signal: end.signal });
			signal.throwIfAborted();
			if (!request.reconnect) return { camera: at, learnt: end.learnt, end };
			shortSessions =
				ports.clock.now() - sessionBegan < SHORT_SESSION_MS && (end.lost !== undefined || end.exitCode !== 0) ? shortSessions + 1 : 0;
			// A camera that is back already does not show itself once more.
			watch.forget(back);
			await ports.clock.sleep(pauseBeforeReconnect(shortSessions), signal);
			began = ports.clock.now();
		}
	} finally {
		await answering.close();
	}
}

/** A session that has ended, and the camera where it was last. */
interface Ended {
	end: Extract<AttemptEnd, { outcome: 'session' }>;
	at: Found;
	/** Since when the camera is back, if it is. */
	back?: number;
}

function lostSession({ lost = '', learnt, back }: SessionWatch, at: Found, end?: Ended['end']): Ended {
	const unknown: Learnt = { model: null, serial: null, firmware: null, chdk: null, os: null };
	const none: Ended['end'] = { outcome: 'session', exitCode: null, signal: null, learnt: learnt ?? unknown };
	return { end: { ...(end ?? none), lost }, at, ...(back === undefined ? {} : { back }) };
}

/** Attempts, gently, until one becomes a session or the time is up. Nothing when the camera has left before that. */
async function attemptUntilTaken(
	watch: CameraWatch,
	request: ConnectingRequest & { client: Client },
	found: Found,
	limitMs: number,
	ports: WatchPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: ConnectingHooks,
): Promise<Ended | undefined> {
	const { client } = request;
	const { clock } = ports;
	const began = clock.now();
	let camera = found;
	let before: { outcome: Refusal; said?: string } = { outcome: 'noAnswer' };
	for (let number = 1; ; number++) {
		signal.throwIfAborted();
		const attempt = { type: 'attempt', number, tool: client.tool, address: camera.address } as const;
		emit(attempt);
		const limit = limited(signal, clock, limitMs - (clock.now() - began));
		const session = new SessionWatch(watch, camera, emit, () => limit.cut());
		const tell = (event: Event) => {
			if (event.type === 'connected') {
				limit.lift();
				hooks.onConnected?.(camera, event);
			}
			session.tell(event);
		};
		let end: AttemptEnd;
		try {
			end = await client.attempt({ ...request.job, address: camera.address }, tell, limit.signal);
		} catch (error) {
			if (error !== limit.over) throw error;
			if (session.learnt !== undefined && session.lost !== undefined) return lostSession(session, camera);
			// What an attempt would have come to that had less time than it needs, the one before it tells.
			throw gaveUp(before, camera.address, number, Math.round((clock.now() - began) / 1000));
		} finally {
			session.close();
			limit.release();
		}
		if (end.outcome === 'session') return session.lost === undefined ? { end, at: camera } : lostSession(session, camera, end);
		signal.throwIfAborted();
		emit({ ...attempt, ...refusal(end) });
		before = end;
		const pause = pauseBeforeAttempt(number);
		const seconds = Math.round((clock.now() - began) / 1000);
		if (clock.now() - began + pause > limitMs) throw gaveUp(end, camera.address, number, seconds);
		await pauseUnlessHeard(watch, camera.address, pause, clock, signal);
		const unheardMs = clock.now() - (watch.lastSeen(camera.address) ?? began);
		if (request.reconnect && camera.because !== 'flag' && unheardMs > UNHEARD_MS) return undefined;
		const moved = watch.moved(camera, request.wanted);
		if (moved !== undefined) {
			camera = moved;
			emit({ type: 'camera', ...camera });
		}
	}
}

/** The signal, and the limit of time as long as nothing is connected: a client may wait longer for an answer than the person wants to. */
function limited(signal: AbortSignal, clock: WatchPorts['clock'], ms: number) {
	const own = childAbort(signal);
	const lifted = new AbortController();
	const over = new Error('the time to connect is over');
	void clock.sleep(Math.max(ms, 1), lifted.signal).then(() => {
		if (!lifted.signal.aborted) own.abort(over);
	});
	return {
		signal: own.signal,
		over,
		/** It is over now. */
		cut: () => own.abort(over),
		/** It is connected: from now on only the outer signal counts. */
		lift: () => lifted.abort(),
		release: () => {
			lifted.abort();
			own.release();
		},
	};
}

/** A camera whose user has just pressed SET searches again: then half a second is enough. */
async function pauseUnlessHeard(
	watch: CameraWatch,
	address: string,
	pauseMs: number,
	clock: WatchPorts['clock'],
	signal: AbortSignal,
): Promise<void> {
	const least = pauseBeforeAttempt(1);
	await clock.sleep(least, signal);
	if (pauseMs <= least) return;
	const over = childAbort(signal);
	await Promise.race([watch.heardOf(address, over.signal), clock.sleep(pauseMs - least, over.signal)]);
	over.abort('heard');
	over.release();
}
