/** One shared camera: the port where clients find it, and the sessions with the camera, one after the other. */

import type { Clock } from '#base/clock.ts';
import { printable } from '#base/text.ts';
import type { Camera } from '#camera/camera.ts';
import { learntOf, makeReady } from '#camera/session.ts';
import { type OpenCamera, withCamera } from '#camera/with-camera.ts';
import type { Emit, Learnt } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import type { AttemptEnd } from '#session/client.ts';
import { Counter, Door } from './door.ts';
import { HeldCamera, NOBODY } from './held-camera.ts';
import { type Listener, listen } from './listener.ts';
import type { HoldJob, Share, ShareOptions, Sharing } from './ports.ts';
import { keepAlivePlan } from './rules/keep-alive.ts';
import { HOLD_LIMITS, type HoldLimits } from './rules/limits.ts';
import { Upkeep } from './upkeep.ts';

/** Attempts are at most 3 s apart: so long a refused one speaks for the camera, in milliseconds. */
const REFUSED_MS = 4000;

export interface SharingOptions {
	clock: Clock;
	/** Of the connection to the camera. */
	limits?: Partial<Timeouts>;
	/** Of clients. */
	clientLimits?: Partial<HoldLimits>;
}

export function sharing({ clock, limits, clientLimits }: SharingOptions): Sharing {
	const all = { ...DEFAULT_TIMEOUTS, ...limits };
	const ofClients = { ...HOLD_LIMITS, ...clientLimits };
	return {
		async open(options, emit) {
			const counter = new Counter();
			const door = new Door({ ...options, limits: ofClients, clock, emit, counter });
			const listener = await listen(options, (socket) => door.take(socket));
			door.port = listener.port;
			return new SharedCamera({ options, listener, door, counter, clock, limits: all });
		},
	};
}

/** What a shared camera is made of. */
interface Parts {
	options: ShareOptions;
	listener: Listener;
	door: Door;
	counter: Counter;
	clock: Clock;
	/** Of the connection to the camera. */
	limits: Timeouts;
}

class SharedCamera implements Share {
	readonly address: string;
	readonly port: number;
	readonly #parts: Parts;
	#state: HeldStatus['state'] = 'waiting';
	#refusedAt = Number.NEGATIVE_INFINITY;
	#camera: string | null = null;
	#known: Pick<HeldStatus, 'model' | 'serial'> = NOBODY;
	#since: number | undefined;
	#sessions = 0;
	#upkeep: Upkeep | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.address = parts.options.address;
		this.port = parts.listener.port;
	}

	status(): HeldStatus {
		return {
			id: this.#parts.options.id,
			state: this.#state !== 'connected' && this.#parts.clock.now() - this.#refusedAt < REFUSED_MS ? 'refused' : this.#state,
			camera: this.#camera,
			mac: null,
			...this.#known,
			address: this.address,
			port: this.port,
			sessions: this.#sessions,
			age: this.#since === undefined ? null : Math.round((this.#parts.clock.now() - this.#since) / 1000),
			keepalive: this.#upkeep?.keptBy ?? null,
			...this.#parts.counter.totals,
			clients: this.#parts.door.clients(),
		};
	}

	async close(): Promise<void> {
		this.#parts.door.close();
		await this.#parts.listener.close();
	}

	async answers(): Promise<boolean> {
		return (await this.#upkeep?.answers()) ?? false;
	}

	async attempt(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		this.#camera = job.address;
		this.#state = 'connecting';
		try {
			const end = await withCamera(job, this.#parts.limits, signal, (open) => this.#session(open, job, emit, signal));
			this.#refusedAt = end.outcome === 'session' || end.outcome === 'noAnswer' ? Number.NEGATIVE_INFINITY : this.#parts.clock.now();
			return end;
		} finally {
			this.#state = 'waiting';
			this.#since = undefined;
			this.#upkeep = undefined;
		}
	}

	/** From the open session to its end. */
	async #session(open: OpenCamera, job: HoldJob, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		const { camera, over, shutdown } = open;
		this.#refusedAt = Number.NEGATIVE_INFINITY;
		const learnt = learntOf(camera);
		this.#known = { model: learnt.model, serial: learnt.serial };
		const ended = new AbortController();
		let why: string | undefined;
		try {
			const held = await this.#makeReady(camera, job, learnt, emit, over, ended.signal);
			shutdown.connected();
			emit({ type: 'connected', tool: 'builtin', address: job.address, ...learnt });
			this.#state = 'connected';
			this.#since = this.#parts.clock.now();
			this.#sessions++;
			const closed = this.#parts.door.open(held);
			const running = this.#upkeep?.run();
			why = await Promise.race([closed, aborted(over)]);
			ended.abort();
			await running;
		} catch (error) {
			if (camera.connection.lost === undefined && !signal.aborted) throw error;
		}
		ended.abort();
		const said = open.lost() ?? (signal.aborted ? undefined : printable(why ?? 'the session ended'));
		await this.#parts.door.shut(said === undefined ? 'the hold was ended' : `the camera is gone: ${said}`);
		if (said === undefined) return { outcome: 'session', exitCode: null, signal: null, learnt };
		emit({ type: 'lost', address: job.address, why: said });
		return { outcome: 'session', exitCode: null, signal: null, lost: said, learnt };
	}

	async #makeReady(camera: Camera, job: HoldJob, learnt: Learnt, emit: Emit, over: AbortSignal, ended: AbortSignal): Promise<HeldCamera> {
		const { keepalive } = this.#parts.options;
		await makeReady(camera, { ...job, keepalive: keepalive === 'off' ? 'never' : 'auto' }, learnt, this.#parts.limits, emit, over);
		const held = new HeldCamera(camera, { operationOver: (code) => this.#upkeep?.operationOver(code) });
		this.#upkeep = new Upkeep({
			held,
			plan: keepAlivePlan(keepalive, camera.device.operations),
			unlock: job.unlock === 'never' || typeof learnt.chdk !== 'string' ? null : learnt.os,
			clock: this.#parts.clock,
			clients: () => this.#parts.door.count,
			emit,
			signal: AbortSignal.any([over, ended]),
		});
		return held;
	}
}

/** Settles when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
}
