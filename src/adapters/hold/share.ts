/** One shared camera: the port where clients find it, and the sessions with the camera, one after the other. */
import type { Emit, Learnt } from '../../core/events.ts';
import { keepAlivePlan } from '../../core/hold/keep-alive.ts';
import { HOLD_LIMITS, type HoldLimits } from '../../core/hold/limits.ts';
import type { HeldStatus } from '../../core/hold/status.ts';
import { guidOf } from '../../core/identity.ts';
import { printable } from '../../core/text.ts';
import { MalformedBytes } from '../../core/wire/bytes.ts';
import type { AttemptEnd, Clock, HoldJob, Share, ShareOptions, Sharing } from '../../flows/ports.ts';
import { Camera } from '../builtin/camera.ts';
import { linkedAbort } from '../builtin/linked-abort.ts';
import { learntOf, makeReady } from '../builtin/session.ts';
import { ConnectionLost } from '../ptpip/connection.ts';
import { dial } from '../ptpip/dial.ts';
import { LIMITS, type Limits } from '../ptpip/limits.ts';
import { OperationRefused, WrongLength } from '../ptpip/operations.ts';
import { Counter, Door } from './door.ts';
import { HeldCamera, NOBODY } from './held-camera.ts';
import { listen } from './listener.ts';
import { Upkeep } from './upkeep.ts';

export interface SharingOptions {
	clock: Clock;
	/** Of the connection to the camera. */
	limits?: Partial<Limits>;
	/** Of clients. */
	clientLimits?: Partial<HoldLimits>;
}

/** How long CloseSession may take at the end. */
const GOODBYE_MS = 1500;

export function sharing({ clock, limits, clientLimits }: SharingOptions): Sharing {
	const all = { ...LIMITS, ...limits };
	const ofClients = { ...HOLD_LIMITS, ...clientLimits };
	return {
		async open(options, emit) {
			const counter = new Counter();
			const door = new Door({ ...options, limits: ofClients, clock, emit, counter });
			const listener = await listen(options, (socket) => door.take(socket));
			door.port = listener.port;
			return new SharedCamera(options, listener, door, counter, clock, all);
		},
	};
}

class SharedCamera implements Share {
	readonly address: string;
	readonly port: number;
	readonly #options: ShareOptions;
	readonly #listener: { close(): Promise<void> };
	readonly #door: Door;
	readonly #counter: Counter;
	readonly #clock: Clock;
	readonly #limits: Limits;
	#state: HeldStatus['state'] = 'waiting';
	#camera: string | null = null;
	#known: Pick<HeldStatus, 'model' | 'serial'> = NOBODY;
	#since: number | undefined;
	#sessions = 0;
	#upkeep: Upkeep | undefined;

	constructor(
		options: ShareOptions,
		listener: { port: number; close(): Promise<void> },
		door: Door,
		counter: Counter,
		clock: Clock,
		limits: Limits,
	) {
		this.#options = options;
		this.address = options.address;
		this.port = listener.port;
		this.#listener = listener;
		this.#door = door;
		this.#counter = counter;
		this.#clock = clock;
		this.#limits = limits;
	}

	status(): HeldStatus {
		return {
			id: this.#options.id,
			state: this.#state,
			camera: this.#camera,
			mac: null,
			...this.#known,
			address: this.address,
			port: this.port,
			sessions: this.#sessions,
			age: this.#since === undefined ? null : Math.round((this.#clock.now() - this.#since) / 1000),
			keepalive: this.#upkeep?.keptBy ?? null,
			...this.#counter.totals,
			clients: this.#door.clients(),
		};
	}

	async close(): Promise<void> {
		this.#door.close();
		await this.#listener.close();
	}

	async attempt(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		this.#camera = job.address;
		this.#state = 'connecting';
		try {
			return await this.#attempt(job, emit, signal);
		} finally {
			this.#state = 'waiting';
			this.#since = undefined;
			this.#upkeep = undefined;
		}
	}

	async #attempt(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		const limits = this.#limits;
		const { connection, failure } = await dial({
			host: job.address,
			port: job.port,
			guid: guidOf(job.identity.uuid),
			name: job.name,
			limits,
			signal,
		});
		if (failure !== undefined) {
			const { outcome, said } = failure;
			return { outcome, said: printable(said), ...(failure.outcome === 'rejected' ? { reason: failure.reason } : {}) };
		}
		const camera = new Camera(connection, limits);
		const over = linkedAbort(signal);
		void connection.over.then((lost) => over.abort(lost));
		try {
			try {
				await camera.open(over.signal);
			} catch (error) {
				signal.throwIfAborted();
				return notTaken(error);
			}
			return await this.#session(camera, job, emit, over.signal, signal);
		} finally {
			over.release();
			await camera.closeSession(GOODBYE_MS);
			await connection.close();
		}
	}

	/** From the open session to its end. */
	async #session(camera: Camera, job: HoldJob, emit: Emit, over: AbortSignal, signal: AbortSignal): Promise<AttemptEnd> {
		const learnt = learntOf(camera);
		this.#known = { model: learnt.model, serial: learnt.serial };
		const ended = new AbortController();
		let why: string | undefined;
		try {
			const held = await this.#makeReady(camera, job, learnt, emit, over, ended.signal);
			emit({ type: 'connected', tool: 'builtin', address: job.address, ...learnt });
			this.#state = 'connected';
			this.#since = this.#clock.now();
			this.#sessions++;
			const closed = this.#door.open(held);
			const running = this.#upkeep?.run();
			why = await Promise.race([closed, connectionEnd(camera, over)]);
			ended.abort();
			await running;
		} catch (error) {
			if (camera.connection.lost === undefined && !signal.aborted) throw error;
		}
		ended.abort();
		const { lost } = camera.connection;
		const said = signal.aborted && lost === undefined ? undefined : printable(lost?.message ?? why ?? 'the session ended');
		await this.#door.shut(said === undefined ? 'the hold was ended' : `the camera is gone: ${said}`);
		if (said === undefined) return { outcome: 'session', exitCode: null, signal: null, learnt };
		emit({ type: 'lost', address: job.address, why: said });
		return { outcome: 'session', exitCode: null, signal: null, lost: said, learnt };
	}

	async #makeReady(camera: Camera, job: HoldJob, learnt: Learnt, emit: Emit, over: AbortSignal, ended: AbortSignal): Promise<HeldCamera> {
		const { keepalive } = this.#options;
		await makeReady(camera, { ...job, keepalive: keepalive === 'off' ? 'never' : 'auto' }, learnt, this.#limits, emit, over);
		const held = new HeldCamera(camera, { operationOver: (code) => this.#upkeep?.operationOver(code) });
		this.#upkeep = new Upkeep({
			held,
			plan: keepAlivePlan(keepalive, camera.device.operations),
			unlock: job.unlock === 'never' || typeof learnt.chdk !== 'string' ? null : learnt.os,
			clock: this.#clock,
			clients: () => this.#door.count,
			emit,
			signal: AbortSignal.any([over, ended]),
		});
		return held;
	}
}

/** Settles when the connection is over or the hold is ended. */
function connectionEnd(camera: Camera, over: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (over.aborted) return resolve(undefined);
		over.addEventListener('abort', () => resolve(undefined), { once: true });
		void camera.connection.over.then(() => resolve(undefined));
	});
}

/** The camera took the connection but no session: the same to whoever tries again. */
function notTaken(error: unknown): AttemptEnd {
	if (error instanceof ConnectionLost) return { outcome: error.kind === 'silent' ? 'noAnswer' : 'refused', said: printable(error.message) };
	if (error instanceof OperationRefused || error instanceof WrongLength || error instanceof MalformedBytes)
		return { outcome: 'refused', said: printable(`no session: ${error.message}`) };
	throw error;
}
