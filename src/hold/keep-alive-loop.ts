/** What a held camera needs between the operations of its clients: its screen back, and a sign of life now and then. */

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

/** A script of a client is in the way: when to look again, in milliseconds, and how often messages that wait are respected. */
const RETRY_MS = 500;
const RETRIES_FOR_MESSAGES = 10;
/** A camera of which it is doubted that it is there is lost when it says nothing for this long, in milliseconds. */
const PROBE_MS = 2000;
/** Refusals in a row after which a camera's screen is left alone. */
const FAILURES = 3;

export interface KeepAliveLoopOptions {
	shared: SharedConnection;
	plan: KeepAlivePlan;
	/** `null`: the screen cannot be given back, or is not to be. */
	unlock: CameraOs | null;
	clock: Clock;
	clients(): number;
	emit: Emit;
	signal: AbortSignal;
}

export class KeepAliveLoop {
	/** The last operation that kept the camera awake. */
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

	/** An operation of a client has ended. */
	operationOver(code: number): void {
		const now = this.#options.clock.now();
		this.#lastTraffic = now;
		const wasBlack = this.#unlockTimer.black !== undefined;
		this.#unlockTimer = afterOperation(this.#unlockTimer, code, now);
		if (!wasBlack && this.#unlockTimer.black !== undefined) this.#wake?.();
	}

	/** Works until the signal is aborted or the camera is lost. Never rejects for what a camera may do. */
	async run(): Promise<void> {
		const { signal, shared, clock } = this.#options;
		try {
			while (!signal.aborted && shared.connection.lost === undefined) {
				const unlock = this.#unlockDue();
				const operation = this.#keepAliveDue();
				const due = Math.min(unlock, operation);
				if (due > clock.now()) await this.#wait(due - clock.now());
				else if (unlock <= operation) await this.#unlock();
				else await this.#keepAlive();
			}
		} catch (error) {
			if (!signal.aborted && shared.connection.lost === undefined) throw error;
		}
	}

	/** Whether the camera answers, after what is under way; when either does not come on within `DOUBT_MS`, the connection is lost. */
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
			this.lastKeepAlive = operation.operation;
			emit({ type: 'keepalive', tool: 'builtin', operation: operation.operation });
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
