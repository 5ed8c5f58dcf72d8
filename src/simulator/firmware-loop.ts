/** Runs the state machine of a mode. It keeps the timers and the screen, and passes all other effects on. */
import type { ScreenContents } from './events.ts';
import { FirmwareTimers } from './firmware-timers.ts';
import type { Effect, Input } from './modes/machine.ts';
import type { ModeHost, ModeMaker, WifiMode } from './modes/mode.ts';

export interface FirmwareLoopOptions<S, I> {
	mode: ModeMaker<S, I>;
	host: Omit<ModeHost<S, I>, 'input' | 'state'>;
	/** Returns the name of the latest picture on the card. */
	picture(): string | null;
	/** Performs an effect that is neither a timer nor an event. */
	perform(effect: Extract<Effect, { do: 'admit' | 'remember' }>): void;
	/** Called after all effects of a step that changed the state. */
	changed(before: S, state: S): void;
}

/** The firmware of one camera. */
export class FirmwareLoop<S extends { at: string }, I> {
	readonly mode: WifiMode<S, I>;
	readonly #options: FirmwareLoopOptions<S, I>;
	readonly #limits: FirmwareTimers;
	#state = { at: 'off' } as S;
	#screen: ScreenContents = { shows: 'off' };
	#stopped = false;

	constructor(options: FirmwareLoopOptions<S, I>) {
		this.#options = options;
		this.#limits = new FirmwareTimers(options.host.clock, (timer) => this.input({ type: 'expired', timer }));
		this.mode = options.mode({ ...options.host, input: (input) => this.input(input), state: () => this.#state });
	}

	get state(): S {
		return this.#state;
	}

	get screen(): ScreenContents {
		return this.#screen;
	}

	input(input: Input | I): void {
		if (this.#stopped) return;
		const before = this.#state;
		const [state, ...effects] = this.mode.step(before, input);
		this.#state = state;
		for (const effect of effects) this.#perform(effect);
		this.#show();
		if (state !== before) this.#options.changed(before, state);
	}

	/** Ignores further inputs and stops all timers. */
	stop(): void {
		this.#stopped = true;
		this.#limits.stopAll();
	}

	#perform(effect: Effect): void {
		switch (effect.do) {
			case 'start':
				this.#limits.start(effect.timer, effect.ms);
				return;
			case 'stop':
				this.#limits.stop(effect.timer);
				return;
			case 'emit':
				this.#options.host.emit(effect.event);
				return;
			default:
				this.#options.perform(effect);
		}
	}

	#show(): void {
		const screen = this.mode.screen(this.#state, this.#options.picture());
		if (JSON.stringify(screen) === JSON.stringify(this.#screen)) return;
		this.#screen = screen;
		this.#options.host.emit({ type: 'screen', screen });
	}
}
