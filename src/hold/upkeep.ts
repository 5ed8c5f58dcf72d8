/** What a held camera needs between the operations of its clients: its screen back, and a sign of life now and then. */

import type { Clock } from '#base/clock.ts';
import { linkedAbort } from '#base/linked-abort.ts';
import { isAnswer } from '#camera/session.ts';
import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { HeldCamera } from './held-camera.ts';
import { type KeepAlivePlan, nextChore } from './rules/keep-alive.ts';
import { afterOperation, type Screen, unlockAt } from './rules/screen.ts';
import { unlockScreen } from './unlock.ts';

/** A script of a client is in the way: when to look again, in milliseconds, and how often messages that wait are respected. */
const RETRY_MS = 500;
const RETRIES_FOR_MESSAGES = 10;
/** A camera of which it is doubted that it is there is lost when it says nothing for this long, in milliseconds. */
const DOUBT_MS = 2000;
/** Refusals in a row after which a camera's screen is left alone. */
const FAILURES = 3;

export interface UpkeepOptions {
	held: HeldCamera;
	plan: KeepAlivePlan;
	/** `null`: the screen cannot be given back, or is not to be. */
	unlock: CameraOs | null;
	clock: Clock;
	clients(): number;
	emit: Emit;
	signal: AbortSignal;
}

export class Upkeep {
	/** The last operation that kept the camera awake. */
	keptBy: string | null = null;
	readonly #options: UpkeepOptions;
	readonly #refused = new Set<number>();
	#screen: Screen;
	#lastTraffic: number;
	#lastOnce: number;
	#failures = 0;
	#retries = 0;
	#wake: (() => void) | undefined;

	constructor(options: UpkeepOptions) {
		this.#options = options;
		const now = options.clock.now();
		this.#screen = { lastOperation: now, notBefore: 0 };
		this.#lastTraffic = now;
		this.#lastOnce = now;
	}

	/** An operation of a client has ended. */
	operationOver(code: number): void {
		const now = this.#options.clock.now();
		this.#lastTraffic = now;
		const wasBlack = this.#screen.black !== undefined;
		this.#screen = afterOperation(this.#screen, code, now);
		if (!wasBlack && this.#screen.black !== undefined) this.#wake?.();
	}

	/** Works until the signal is aborted or the camera is lost. Never rejects for what a camera may do. */
	async run(): Promise<void> {
		const { signal, held, clock } = this.#options;
		try {
			while (!signal.aborted && held.connection.lost === undefined) {
				const unlock = this.#unlockDue();
				const chore = this.#choreDue();
				const due = Math.min(unlock, chore);
				if (due > clock.now()) await this.#wait(due - clock.now());
				else if (unlock <= chore) await this.#unlock();
				else await this.#keepAlive();
			}
		} catch (error) {
			if (!signal.aborted && held.connection.lost === undefined) throw error;
		}
	}

	/** Whether the camera answers, after what is under way; when either does not come on within `DOUBT_MS`, the connection is lost. */
	async answers(): Promise<boolean> {
		const { held, plan, signal } = this.#options;
		const code = plan.shared[0]?.code ?? OPERATION.getDeviceInfo;
		held.connection.hurry(DOUBT_MS);
		try {
			await held.alone(() => held.connection.transact({ code }, { signal, silenceMs: DOUBT_MS }), signal);
			return true;
		} catch {
			return false;
		}
	}

	#unlockDue(): number {
		if (this.#options.unlock === null || this.#failures >= FAILURES) return Number.POSITIVE_INFINITY;
		return unlockAt(this.#screen) ?? Number.POSITIVE_INFINITY;
	}

	#choreDue(): number {
		const { everyMs } = this.#options.plan;
		return everyMs === null ? Number.POSITIVE_INFINITY : this.#lastTraffic + everyMs;
	}

	async #unlock(): Promise<void> {
		const { held, unlock, signal, clock, emit } = this.#options;
		if (unlock === null) return;
		await held.alone(async () => {
			const { black } = this.#screen;
			try {
				const end = await unlockScreen(held.connection, unlock, this.#retries >= RETRIES_FOR_MESSAGES, signal);
				this.#lastTraffic = clock.now();
				if (end.done) {
					this.#failures = 0;
					this.#retries = 0;
					if (this.#screen.black === black) this.#screen = { ...this.#screen, black: undefined };
					return emit({ type: 'unlock', tool: 'builtin', done: true, levent: end.levent, os: unlock });
				}
				if (end.why === 'failed') this.#failed('the script failed');
				else this.#retries++;
			} catch (error) {
				if (!isAnswer(error)) throw error;
				this.#failed(error.message);
			}
			this.#screen = { ...this.#screen, notBefore: clock.now() + RETRY_MS };
		}, signal);
	}

	#failed(why: string): void {
		this.#failures++;
		if (this.#failures < FAILURES) return;
		this.#options.emit({ type: 'unlock', tool: 'builtin', done: false, why: 'failed' });
		this.#options.emit(warning('unlockFailed', { why }));
	}

	async #keepAlive(): Promise<void> {
		const { held, plan, signal, clock, emit, clients } = this.#options;
		const chore = nextChore(plan, { clients: clients(), sinceOnceMs: clock.now() - this.#lastOnce, refused: this.#refused });
		this.#lastTraffic = clock.now();
		if (chore === undefined) return;
		await held.alone(async () => {
			const { code } = await held.connection.transact({ code: chore.code }, { signal });
			this.#lastTraffic = clock.now();
			if (chore.code === plan.once?.chore.code) this.#lastOnce = clock.now();
			if (code !== RESPONSE.ok && code !== RESPONSE.deviceBusy) return void this.#refused.add(chore.code);
			this.keptBy = chore.operation;
			emit({ type: 'keepalive', tool: 'builtin', operation: chore.operation });
		}, signal);
	}

	async #wait(ms: number): Promise<void> {
		const over = linkedAbort(this.#options.signal);
		this.#wake = () => over.abort('something happened');
		await this.#options.clock.sleep(ms, over.signal);
		this.#wake = undefined;
		over.abort('over');
		over.release();
	}
}
