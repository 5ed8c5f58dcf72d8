/** Keeps a held camera awake between its clients' operations, and unlocks its screen. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import { isAnswer } from '#camera/ready-camera.ts';
import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { type KeepAlivePlan, nextKeepAlive } from './rules/keep-alive.ts';
import { afterOperation, type UnlockTimer, unlockAt } from './rules/unlock-timer.ts';
import type { SharedConnection } from './shared-connection.ts';
import { unlockScreen } from './unlock.ts';

/** When a client's script is running: when to try again, in milliseconds, and how many times waiting messages are respected. */
const RETRY_MS = 500;
const RETRIES_FOR_MESSAGES = 10;
/** Probe time-out in milliseconds: a suspect camera that does not answer within this time is considered lost. */
const PROBE_MS = 2000;
/** Number of failures in a row after which unlocking is given up. */
const FAILURES = 3;

/** What a `KeepAliveLoop` needs. */
export interface KeepAliveLoopOptions {
	shared: SharedConnection;
	plan: KeepAlivePlan;
	/** The camera's system, for unlocking; `null` when the screen cannot or must not be unlocked. */
	unlock: CameraOs | null;
	clock: Clock;
	/** Number of clients now. */
	clients(): number;
	emit: Emit;
	signal: AbortSignal;
}

/** Sends what is due while no client does. */
export class KeepAliveLoop {
	/** Name of the last operation sent to keep the camera awake. */
	lastKeepAlive: string | null = null;
	readonly #options: KeepAliveLoopOptions;
	readonly #refused = new Set<number>();
	#unlockTimer: UnlockTimer;
	#lastTraffic: number;
	#lastOnce: number;
	#failures = 0;
	#retries = 0;
	#wake: (() => void) | undefined;

	constructor(options: KeepAliveLoopOptions) {
		this.#options = options;
		const now = options.clock.now();
		this.#unlockTimer = { lastOperation: now, notBefore: 0 };
		this.#lastTraffic = now;
		this.#lastOnce = now;
	}

	/** Notes that a client's operation has ended. */
	operationOver(code: number): void {
		const now = this.#options.clock.now();
		this.#lastTraffic = now;
		const wasBlack = this.#unlockTimer.black !== undefined;
		this.#unlockTimer = afterOperation(this.#unlockTimer, code, now);
		if (!wasBlack && this.#unlockTimer.black !== undefined) this.#wake?.();
	}

	/** Runs until the signal is aborted or the camera is lost. Does not reject for anything that a camera may do. */
	async run(): Promise<void> {
		const { signal, shared, clock } = this.#options;
		try {
			while (!signal.aborted && shared.connection.lost === undefined) {
				const unlock = this.#unlockDue();
				const keepAlive = this.#keepAliveDue();
				const due = Math.min(unlock, keepAlive);
				if (due > clock.now()) await this.#wait(due - clock.now());
				else if (unlock <= keepAlive) await this.#unlock();
				else await this.#keepAlive();
			}
		} catch (error) {
			if (!signal.aborted && shared.connection.lost === undefined) throw error;
		}
	}

	/**
	 * Whether the camera answers a probe. What is under way goes first. When that or the probe makes no progress for `PROBE_MS`,
	 * the connection is lost.
	 */
	async answers(): Promise<boolean> {
		const { shared, plan, signal } = this.#options;
		const code = plan.shared[0]?.code ?? OPERATION.getDeviceInfo;
		shared.connection.setDeadline(PROBE_MS);
		try {
			await shared.alone(() => shared.connection.transact({ code }, { signal, silenceMs: PROBE_MS }), signal);
			return true;
		} catch {
			return false;
		}
	}

	#unlockDue(): number {
		if (this.#options.unlock === null || this.#failures >= FAILURES) return Number.POSITIVE_INFINITY;
		return unlockAt(this.#unlockTimer) ?? Number.POSITIVE_INFINITY;
	}

	#keepAliveDue(): number {
		const { everyMs } = this.#options.plan;
		return everyMs === null ? Number.POSITIVE_INFINITY : this.#lastTraffic + everyMs;
	}

	async #unlock(): Promise<void> {
		const { shared, unlock, signal, clock, emit } = this.#options;
		if (unlock === null) return;
		await shared.alone(async () => {
			const { black } = this.#unlockTimer;
			try {
				const end = await unlockScreen(shared.connection, unlock, this.#retries >= RETRIES_FOR_MESSAGES, signal);
				this.#lastTraffic = clock.now();
				if (end.done) {
					this.#failures = 0;
					this.#retries = 0;
					if (this.#unlockTimer.black === black) this.#unlockTimer = { ...this.#unlockTimer, black: undefined };
					return emit({ type: 'unlock', tool: 'builtin', done: true, levent: end.levent, os: unlock });
				}
				if (end.why === 'failed') this.#unlockFailed('the script failed');
				else this.#retries++;
			} catch (error) {
				if (!isAnswer(error)) throw error;
				this.#unlockFailed(error.message);
			}
			this.#unlockTimer = { ...this.#unlockTimer, notBefore: clock.now() + RETRY_MS };
		}, signal);
	}

	#unlockFailed(why: string): void {
		this.#failures++;
		if (this.#failures < FAILURES) return;
		this.#options.emit({ type: 'unlock', tool: 'builtin', done: false, why: 'failed' });
		this.#options.emit(warning('unlockFailed', { why }));
	}

	async #keepAlive(): Promise<void> {
		const { shared, plan, signal, clock, emit, clients } = this.#options;
		const operation = nextKeepAlive(plan, { clients: clients(), sinceOnceMs: clock.now() - this.#lastOnce, refused: this.#refused });
		this.#lastTraffic = clock.now();
		if (operation === undefined) return;
		await shared.alone(async () => {
			const { code } = await shared.connection.transact({ code: operation.code }, { signal });
			this.#lastTraffic = clock.now();
			if (operation.code === plan.once?.operation.code) this.#lastOnce = clock.now();
			if (code !== RESPONSE.ok && code !== RESPONSE.deviceBusy) return void this.#refused.add(operation.code);
			this.lastKeepAlive = operation.name;
			emit({ type: 'keepalive', tool: 'builtin', operation: operation.name });
		}, signal);
	}

	async #wait(ms: number): Promise<void> {
		const over = childAbort(this.#options.signal);
		this.#wake = () => over.abort('something happened');
		await this.#options.clock.sleep(ms, over.signal);
		this.#wake = undefined;
		over.abort('over');
		over.release();
	}
}
