/** The simulated camera as a whole: one menu entry's firmware, the PTP-IP port, the card and the network around it. */

import { CameraPort } from './camera-port.ts';
import type { Card } from './card/card.ts';
import { realClock, type SimulatorClock } from './clock.ts';
import type { OffReason, ScreenContents, SimulatorEmit } from './events.ts';
import { FaultPlan } from './faults/plan.ts';
import { FirmwareLoop } from './firmware-loop.ts';
import type { Input, Key } from './modes/machine.ts';
import type { ModeMaker } from './modes/mode.ts';
import { NetworkFollower } from './network-follower.ts';
import { type CameraOptions, DEFAULTS } from './options.ts';
import type { Pairings } from './pairings.ts';
import { Rounds } from './rounds.ts';
import type { CameraEnd, CameraPorts, SoftwareCamera } from './software-camera.ts';

/** What a camera is made of. */
export interface VirtualCameraParts<S, I> {
	options: CameraOptions;
	ports: CameraPorts;
	mode: ModeMaker<S, I>;
	pairings: Pairings;
	card: Card;
	/** Removes the built-in card. */
	removeCard(): Promise<void>;
}

export class VirtualCamera<S extends { at: string } | { at: 'off' }, I> implements SoftwareCamera {
	readonly ended: Promise<CameraEnd>;
	readonly #parts: VirtualCameraParts<S, I>;
	readonly #clock: SimulatorClock;
	readonly #loop: FirmwareLoop<S, I>;
	readonly #port: CameraPort;
	readonly #network: NetworkFollower<S>;
	readonly #rounds: Rounds;
	#settle: { resolve(end: CameraEnd): void; reject(error: unknown): void } | undefined;
	/** Work on sockets and files, one piece after the other. */
	#work: Promise<void> = Promise.resolve();
	/** The camera does not switch on again. */
	#final = false;
	#over = false;
	#stopPause = (): void => {};

	constructor(parts: VirtualCameraParts<S, I>) {
		const { options, ports, card, pairings } = parts;
		this.ended = new Promise((resolve, reject) => {
			this.#settle = { resolve, reject };
		});
		this.ended.catch(() => {}); // not unhandled: whoever awaits it still gets the error
		this.#parts = parts;
		this.#clock = ports.clock ?? realClock;
		const emit = this.#watchedEmit();
		const faults = faultsOf(options, emit);
		const shared = { options, clock: this.#clock, emit, faults };
		this.#rounds = new Rounds({ ...shared, card, pairings, input: (input) => this.#input(input) });
		this.#loop = this.#firmware(emit, faults);
		this.#port = new CameraPort({
			...shared,
			asked: (initiator) => this.#input({ type: 'initiatorAsks', initiator }),
			ready: (command, event) => {
				this.#input({ type: 'eventConnected' });
				this.#rounds.serve(command, event).catch((error: unknown) => this.#enqueue(() => Promise.reject(error)));
			},
			lost: (why) => this.#input({ type: 'ended', why }),
		});
		this.#network = new NetworkFollower({ mode: this.#loop.mode, port: this.#port, address: options.address, emit });
	}

	/** Passes events on, and takes from them what the firmware must know. */
	#watchedEmit(): SimulatorEmit {
		const { ports } = this.#parts;
		return (event) => {
			ports.emit(event);
			if (event.type === 'wifiOff') this.#rounds.lastOff = event.why;
			if (event.type === 'operation') this.#input({ type: 'operationDone', code: event.code });
		};
	}

	#firmware(emit: SimulatorEmit, faults: FaultPlan | undefined): FirmwareLoop<S, I> {
		const { options, card, mode, pairings } = this.#parts;
		return new FirmwareLoop({
			mode,
			host: { card, address: options.address, ssdpPort: options.ssdpPort ?? DEFAULTS.ssdpPort, clock: this.#clock, emit, faults },
			picture: () => card.latestPicture(),
			perform: (effect) => {
				if (effect.do === 'remember') this.#enqueue(() => pairings.add(effect.computer));
				else this.#port.decide(effect.admission);
			},
			changed: (before, state) => this.#enqueue(() => this.#follow(before, state)),
		});
	}

	get address(): string {
		return this.#parts.options.address;
	}

	get ptpipPort(): number {
		return this.#port.number;
	}

	get screen(): ScreenContents {
		return this.#loop.screen;
	}

	/** Resolves when the camera searches or announces itself; rejects when a port, address or file cannot be used. */
	async start(): Promise<void> {
		const { options, ports } = this.#parts;
		this.#enqueue(() => this.#port.check());
		await this.#work;
		if (this.#over) return void (await this.ended);
		ports.signal?.addEventListener('abort', this.#onAbort, { once: true });
		this.#rounds.begin(options.scenario ?? DEFAULTS.scenario);
		await this.#work;
		if (this.#over) await this.ended; // rejects with what went wrong
		if (ports.signal?.aborted === true) this.powerOff();
	}

	readonly #onAbort = (): void => this.powerOff();

	press(key: Key): void {
		if (key === 'power') this.powerOff();
		else this.#input({ type: 'pressed', key });
	}

	select(name: string): boolean {
		const { screen } = this;
		if ((screen.shows !== 'computers' && screen.shows !== 'phones') || !screen.names.includes(name)) return false;
		this.#input({ type: 'chosen', name });
		return true;
	}

	powerOff(): void {
		this.#final = true;
		this.#stopPause();
		if (this.#loop.state.at === 'off') this.#enqueue(() => this.#end('powerOff'));
		else this.#input({ type: 'pressed', key: 'power' });
	}

	async close(): Promise<void> {
		if (!this.#over) this.powerOff();
		await this.ended.catch(() => {});
	}

	#input(input: Input | I): void {
		this.#loop.input(input);
	}

	async #follow(before: S, state: S): Promise<void> {
		await this.#network.follow(state);
		if (state.at === 'off' && before.at !== 'off') await this.#roundOver();
	}

	async #roundOver(): Promise<void> {
		const { options } = this.#parts;
		this.#rounds.end();
		this.#port.forgetWaiting();
		if (this.#final || options.survive !== true) return this.#end(this.#rounds.lastOff);
		this.#stopPause = this.#clock.after(options.pauseMs ?? DEFAULTS.pauseMs, () => this.#rounds.begin('reconnect'));
	}

	/** Runs a task after those enqueued before. An error that it throws ends the camera. */
	#enqueue(task: () => Promise<void>): void {
		this.#work = this.#work.then(() => (this.#over ? undefined : task())).catch((error: unknown) => this.#end(undefined, error));
	}

	async #end(why: OffReason | undefined, defect?: unknown): Promise<void> {
		if (this.#over) return;
		this.#over = true;
		this.#parts.ports.signal?.removeEventListener('abort', this.#onAbort);
		this.#stopPause();
		this.#loop.stop();
		this.#rounds.end();
		await this.#network.stop();
		await this.#parts.removeCard();
		if (why === undefined) this.#settle?.reject(defect);
		else this.#settle?.resolve({ why, session: this.#rounds.hadSession });
	}
}

function faultsOf({ faults = [], seed = DEFAULTS.seed }: CameraOptions, emit: SimulatorEmit): FaultPlan | undefined {
	return faults.length === 0 ? undefined : new FaultPlan(faults, seed, (what) => emit({ type: 'fault', what }));
}
