/** The proxy for one camera: the port where clients find it, and one session with the camera after the other. */

import type { Clock } from '#base/clock.ts';
import { printable } from '#base/text.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import type { Camera } from '#camera/camera.ts';
import { type OpenCamera, openCamera } from '#camera/open-camera.ts';
import { cameraInfoOf, makeReady } from '#camera/ready-camera.ts';
import type { CameraInfo, Emit, Event } from '#contract/events.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import type { Attempted, Finished, Session, SessionEnd } from '#session/client.ts';
import { ClientAcceptor, Counter } from './client-acceptor.ts';
import { KeepAliveLoop } from './keep-alive-loop.ts';
import { type Listener, listen } from './listener.ts';
import type { CameraProxies, CameraProxy, CameraProxyOptions, HoldJob } from './ports.ts';
import { keepAlivePlan } from './rules/keep-alive.ts';
import { HOLD_LIMITS, type HoldLimits } from './rules/limits.ts';
import { SharedConnection, UNKNOWN_CAMERA } from './shared-connection.ts';

/** How long a refused attempt is shown in the status, in milliseconds. Attempts are at most 3 s apart. */
const REFUSED_MS = 4000;

/** Clock and limits of all camera proxies. */
export interface CameraProxiesOptions {
	clock: Clock;
	/** Timeouts of the connection to the camera. */
	limits?: Partial<Timeouts> | undefined;
	/** Timeouts of clients. */
	clientLimits?: Partial<HoldLimits> | undefined;
}

/** Creates what opens camera proxies. */
export function cameraProxies({ clock, limits, clientLimits }: CameraProxiesOptions): CameraProxies {
	const all = { ...DEFAULT_TIMEOUTS, ...limits };
	const ofClients = { ...HOLD_LIMITS, ...clientLimits };
	return {
		async open(options, emit) {
			const counter = new Counter();
			const acceptor = new ClientAcceptor({ ...options, limits: ofClients, clock, emit, counter });
			const listener = await listen(options, (socket) => acceptor.accept(socket));
			acceptor.port = listener.port;
			return new SharingCameraProxy({ options, listener, acceptor, counter, clock, limits: all });
		},
	};
}

/** What a camera proxy is made of. */
interface CameraProxyParts {
	options: CameraProxyOptions;
	listener: Listener;
	acceptor: ClientAcceptor;
	counter: Counter;
	clock: Clock;
	/** Timeouts of the connection to the camera. */
	limits: Timeouts;
}

class SharingCameraProxy implements CameraProxy {
	readonly address: string;
	readonly port: number;
	readonly #parts: CameraProxyParts;
	#state: HeldStatus['state'] = 'waiting';
	#refusedAt = Number.NEGATIVE_INFINITY;
	#camera: string | null = null;
	#identity: Pick<HeldStatus, 'model' | 'serial'> = UNKNOWN_CAMERA;
	#since: number | undefined;
	#sessions = 0;
	#keepAlive: KeepAliveLoop | undefined;

	constructor(parts: CameraProxyParts) {
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
			...this.#identity,
			address: this.address,
			port: this.port,
			sessions: this.#sessions,
			age: this.#since === undefined ? null : Math.round((this.#parts.clock.now() - this.#since) / 1000),
			keepalive: this.#keepAlive?.lastKeepAlive ?? null,
			...this.#parts.counter.totals,
			clients: this.#parts.acceptor.clients(),
		};
	}

	async close(): Promise<void> {
		this.#parts.acceptor.close();
		await this.#parts.listener.close();
	}

	async connect(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<Attempted> {
		this.#camera = job.address;
		this.#state = 'connecting';
		try {
			const result = await openCamera<Finished | Session>(job, this.#parts.limits, signal, (open) => this.#open(open, job, emit));
			if (result.outcome !== 'session') this.#reset();
			if (result.outcome !== 'session' && result.outcome !== 'finished' && result.outcome !== 'noAnswer')
				this.#refusedAt = this.#parts.clock.now();
			return result;
		} catch (error) {
			this.#reset();
			throw error;
		}
	}

	#reset(): void {
		this.#state = 'waiting';
		this.#since = undefined;
		this.#keepAlive = undefined;
	}

	/** Makes the camera ready for clients, and returns the session. */
	async #open(open: OpenCamera, job: HoldJob, emit: Emit): Promise<Finished | Session> {
		const { camera, over } = open;
		this.#refusedAt = Number.NEGATIVE_INFINITY;
		const learnt = cameraInfoOf(camera);
		this.#identity = { model: learnt.model, serial: learnt.serial };
		const ended = new AbortController();
		/** What was done to the camera before the session began; reported after the connection. */
		const early: Event[] = [];
		let begun = false;
		const report: Emit = (event) => void (begun ? emit(event) : early.push(event));
		const reportEarly = () => {
			begun = true;
			for (const event of early) emit(event);
		};
		try {
			const shared = await this.#makeReady(camera, job, learnt, report, over, ended.signal);
			const beginning = withResolvers<void>();
			const end = beginning.promise.then(() => {
				reportEarly();
				return this.#serveUntilEnd(open, shared, job, learnt, emit, ended);
			});
			end.catch(() => {}); // the caller that awaits it gets the error
			return {
				outcome: 'session',
				info: learnt,
				ended: end,
				begin: () => beginning.resolve(),
				close: () => {
					open.end();
					beginning.resolve();
				},
				answers: async () => (await this.#keepAlive?.answers()) ?? false,
			};
		} catch (error) {
			ended.abort();
			reportEarly();
			const lost = open.lost();
			if (lost === undefined || open.ending) throw error;
			emit({ type: 'lost', address: job.address, why: lost });
			await open.close();
			return { outcome: 'finished', end: { exitCode: null, signal: null, lost, learnt } };
		}
	}

	/** Lets clients use the camera until it is gone or the session is closed. */
	async #serveUntilEnd(
		open: OpenCamera,
		shared: SharedConnection,
		job: HoldJob,
		learnt: CameraInfo,
		emit: Emit,
		ended: AbortController,
	): Promise<SessionEnd> {
		const { camera, over } = open;
		let why: string | undefined;
		try {
			this.#state = 'connected';
			this.#since = this.#parts.clock.now();
			this.#sessions++;
			const closed = this.#parts.acceptor.attachCamera(shared);
			const running = this.#keepAlive?.run();
			why = await Promise.race([closed, aborted(over)]);
			ended.abort();
			await running;
		} catch (error) {
			if (camera.connection.lost === undefined && !open.ending) {
				await open.close();
				throw error;
			}
		}
		ended.abort();
		this.#reset();
		const lost = open.lost() ?? (open.ending ? undefined : printable(why ?? 'the session ended'));
		await this.#parts.acceptor.detachCamera(lost === undefined ? 'the hold was ended' : `the camera is gone: ${lost}`);
		if (lost !== undefined) emit({ type: 'lost', address: job.address, why: lost });
		await open.close();
		return { exitCode: null, signal: null, lost, learnt };
	}

	async #makeReady(
		camera: Camera,
		job: HoldJob,
		learnt: CameraInfo,
		emit: Emit,
		over: AbortSignal,
		ended: AbortSignal,
	): Promise<SharedConnection> {
		const { keepalive } = this.#parts.options;
		await makeReady(camera, { ...job, keepalive: keepalive === 'off' ? 'never' : 'auto' }, learnt, this.#parts.limits, emit, over);
		const shared = new SharedConnection(camera, { operationOver: (code) => this.#keepAlive?.operationOver(code) });
		this.#keepAlive = new KeepAliveLoop({
			shared,
			plan: keepAlivePlan(keepalive, camera.device.operations),
			unlock: job.unlock === 'never' || typeof learnt.chdk !== 'string' ? null : learnt.os,
			clock: this.#parts.clock,
			clients: () => this.#parts.acceptor.count,
			emit,
			signal: AbortSignal.any([over, ended]),
		});
		return shared;
	}
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<undefined> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve(undefined);
		else signal.addEventListener('abort', () => resolve(undefined), { once: true });
	});
}
