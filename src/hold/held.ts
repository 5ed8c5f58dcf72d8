/** One held camera from its first sighting to the end of the hold: found, taken, lost and taken again. */

import { childAbort } from '#base/child-abort.ts';
import type { Emit, Event } from '#contract/events.ts';
import { macToKeep } from '#contract/same-camera.ts';
import { findCamera } from '#discovery/finding.ts';
import type { Missing } from '#discovery/rules/hints.ts';
import type { Sighting } from '#discovery/rules/sightings.ts';
import { CameraWatch, type Found } from '#discovery/watching.ts';
import type { AttemptEnd } from '#session/client.ts';
import { gaveUp, pauseBeforeAttempt, pauseBeforeReconnect, refusal, SHORT_SESSION_MS, UNHEARD_MS } from '#session/rules/attempts.ts';
import type { HoldingHooks, HoldingPorts, HoldingRequest, HoldWish } from './hold-request.ts';
import type { Share } from './ports.ts';
import type { Slot } from './rules/whose.ts';

/** With --camera: an address that was given by hand is tried now and then, as adb does, though nothing is seen of it. */
const UNSEEN_MS = 10_000;
/**
 * A camera that has read the description opens its port a moment later: the first attempt waits for this, and where it was
 * held before the next ones are for a while this far apart instead of half a second. In milliseconds.
 */
const READY_MS = 100;
const EAGER_MS = 250;
const EAGER_FOR_MS = 2000;

export interface HeldOptions {
	wish: HoldWish;
	index: number;
	/** The only camera. */
	alone: boolean;
	share: Share;
	request: HoldingRequest;
	ports: HoldingPorts;
	emit: Emit;
	hooks: HoldingHooks;
}

const COME_BACK = 'Choose the connection to this computer on the camera again: it is taken back by itself.';

/** One camera's life: found, taken, lost, found again. */
export class Held implements Slot {
	readonly watch: CameraWatch;
	/** Settles when `run` has. */
	ended: Promise<unknown> = Promise.resolve();
	mac: string | null;
	address: string | null;
	/** Where it was held in this run. */
	lastHeld: string | undefined;
	readonly #options: HeldOptions;
	readonly #over = new AbortController();
	#sessions = 0;
	/** It has shown that it left its session: since when, in the clock's milliseconds. */
	#back: number | undefined;

	constructor(options: HeldOptions) {
		const { wish } = options;
		this.#options = options;
		this.watch = new CameraWatch(options.ports);
		this.mac = wish.wanted.mac ?? null;
		this.address = wish.wanted.address ?? wish.lastAddress;
	}

	/** Ends it: `run` rejects with the reason. Each has a signal of its own, so that one does not gather the listeners of all. */
	stop(reason: unknown): void {
		this.#over.abort(reason);
	}

	/** Whether this MAC is that of another saved camera. */
	leavesAlone(mac: string): boolean {
		return this.#options.wish.wanted.not?.includes(mac) ?? false;
	}

	/** Never resolves. */
	run(): Promise<void> {
		const running = this.#run(this.#over.signal);
		this.ended = running;
		return running;
	}

	async #run(signal: AbortSignal): Promise<void> {
		const { ports, request, alone, emit } = this.#options;
		const { clock } = ports;
		let before: Found | undefined;
		for (let shortOnes = 0; ; ) {
			const began = clock.now();
			const first = before === undefined && alone;
			const limitMs = first ? request.limitMs : Number.POSITIVE_INFINITY;
			const camera = before === undefined ? await this.#first(limitMs, signal) : await this.#again(before, signal);
			this.mac = macToKeep(this.mac, camera);
			this.address = camera.address;
			emit({ type: 'camera', ...camera });
			const sessionBegan = clock.now();
			const taken = await this.#take(camera, limitMs - (clock.now() - began), signal);
			signal.throwIfAborted();
			before = taken ?? before ?? camera;
			// One that is back already does not show itself once more.
			this.watch.forget(this.#back);
			this.#back = undefined;
			shortOnes = taken === undefined || clock.now() - sessionBegan >= SHORT_SESSION_MS ? 0 : shortOnes + 1;
			// The first time it comes back it is taken at once; one that is lost again and again is not pressed.
			await clock.sleep(pauseBeforeReconnect(Math.max(0, shortOnes - 2)), signal);
			signal.throwIfAborted();
		}
	}

	#first(limitMs: number, signal: AbortSignal): Promise<Found> {
		const { request, ports, hooks, wish, index } = this.#options;
		const onMissing = (missing: Missing) => hooks.onMissing?.(index, missing);
		const onOther = (other: Sighting) => hooks.onOther?.(index, other);
		return findCamera(
			this.watch,
			{ wanted: wish.wanted, limitMs, hintAfterMs: request.hintAfterMs, onMissing, onOther },
			ports.clock,
			signal,
		);
	}

	/** The camera comes back: it shows itself, or its address was given by hand and it is simply tried now and then. */
	async #again(before: Found, signal: AbortSignal): Promise<Found> {
		const { ports, wish } = this.#options;
		const over = childAbort(signal);
		const seen = this.watch.back(before, over.signal);
		try {
			if (wish.wanted.address === undefined) return await seen;
			const tried = ports.clock.sleep(UNSEEN_MS, over.signal).then((): Found => ({ ...before, because: 'flag' }));
			return await Promise.race([seen, tried]);
		} finally {
			over.release();
			over.abort(new Error('it is back'));
			seen.catch(() => {});
		}
	}

	/** Attempts until it is taken, and the session; nothing when it has left before. */
	async #take(found: Found, limitMs: number, signal: AbortSignal): Promise<Found | undefined> {
		const { share, wish, ports, emit, hooks, index } = this.#options;
		const { clock } = ports;
		const began = clock.now();
		let camera = found;
		let heardAt = began;
		await clock.sleep(READY_MS, signal);
		for (let number = 1; ; number++) {
			signal.throwIfAborted();
			const attempt = { type: 'attempt', number, tool: 'builtin', address: camera.address } as const;
			emit(attempt);
			const over = new AbortController();
			const tell = (event: Event) => {
				if (event.type !== 'connected') return emit(event);
				this.lastHeld = camera.address;
				hooks.onConnected?.(index, camera, event);
				emit(event);
				hooks.onHeld?.(index);
				void this.#doubt(camera, over.signal);
			};
			const reads = this.watch.readsBy(camera.address);
			const end: AttemptEnd = await share.attempt({ ...wish.job, address: camera.address }, tell, signal).finally(() => over.abort());
			if (end.outcome === 'session') {
				this.#sessions++;
				if (end.lost !== undefined && this.#back === undefined) emit({ type: 'instruction', step: 'openMenu', text: COME_BACK });
				return camera;
			}
			signal.throwIfAborted();
			emit({ ...attempt, ...refusal(end) });
			const pause = pauseBeforeAttempt(number);
			const now = clock.now();
			const seconds = Math.round((now - began) / 1000);
			if (now - began + pause > limitMs) throw gaveUp(end, camera.address, number, seconds);
			const eager = this.#sessions > 0 && clock.now() - heardAt < EAGER_FOR_MS;
			if (await this.#pause(camera.address, reads, eager ? EAGER_MS : pause, signal)) heardAt = clock.now();
			else if (clock.now() - heardAt > UNHEARD_MS && limitMs === Number.POSITIVE_INFINITY) return undefined;
			const moved = this.watch.moved(camera, wish.wanted);
			if (moved !== undefined) {
				camera = moved;
				this.address = camera.address;
				emit({ type: 'camera', ...camera });
			}
		}
	}

	/**
	 * A camera that has a session and looks for a computer has left the session, though TCP may know nothing of it: its battery
	 * was taken out. Anybody can send a search in its name, so it is asked; one that does not answer is lost at once.
	 */
	async #doubt(camera: Found, signal: AbortSignal): Promise<void> {
		for (;;) {
			this.#back = await this.watch.leftSession(camera, signal);
			if (this.#back === undefined || !(await this.#options.share.answers())) return;
		}
	}

	/**
	 * Waits before the next attempt; true when the camera was heard of. One whose user has just pressed SET searches again, and
	 * then half a second is enough; when it reads the description it is ready now.
	 * @param reads how often it had read the description before the last attempt
	 */
	async #pause(address: string, reads: number, ms: number, signal: AbortSignal): Promise<boolean> {
		const { clock } = this.#options.ports;
		const least = Math.min(ms, pauseBeforeAttempt(1));
		const over = childAbort(signal);
		let heard = false;
		const hearing = this.watch.heardOf(address, over.signal).then(() => {
			heard ||= !over.signal.aborted;
		});
		const ready = this.watch.readMoreThan(address, reads, over.signal);
		await Promise.race([ready.then(() => clock.sleep(READY_MS, over.signal)), clock.sleep(least, over.signal)]);
		if (ms > least) await Promise.race([ready, hearing, clock.sleep(ms - least, over.signal)]);
		over.abort('heard');
		over.release();
		await Promise.all([hearing, ready]);
		return heard || this.watch.readsBy(address) > reads;
	}
}
