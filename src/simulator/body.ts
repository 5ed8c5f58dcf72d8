/** The camera's body: one flow's states around the PTP-IP port, the card and what runs on the network. */
import { guidOf } from '#protocol/ptpip/guid.ts';
import { Activities } from './activities.ts';
import type { Card } from './card/card.ts';
import { realClock, type SimulatorClock } from './clock.ts';
import type { OffReason, Screen, SimulatorEmit } from './events.ts';
import { FaultPlan } from './faults/plan.ts';
import { FirmwareLoop } from './firmware-loop.ts';
import type { Decision, Input, Key, PortMood } from './modes/machine.ts';
import type { ModeMaker } from './modes/mode.ts';
import { type CameraOptions, DEFAULTS, osOf } from './options.ts';
import type { Pairings } from './pairings.ts';
import { PowerCycle } from './power-cycle.ts';
import { Responder } from './ptpip/responder.ts';
import type { CameraEnd, CameraPorts, SoftwareCamera } from './software-camera.ts';

/** What a body is made of. */
export interface Parts<S, I> {
	options: CameraOptions;
	ports: CameraPorts;
	flow: ModeMaker<S, I>;
	pairings: Pairings;
	card: Card;
	/** Takes the built-in card away again. */
	removeCard(): Promise<void>;
}

/** The camera's GUID: its network address behind a fixed beginning, as seen from an EOS T6. */
export function cameraGuid({ mac }: { mac: string }): Uint8Array {
	return guidOf(`00000000-0000-0000-0001-${mac.replaceAll(':', '')}`);
}

export class Body<S extends { at: string } | { at: 'off' }, I> implements SoftwareCamera {
	readonly ended: Promise<CameraEnd>;
	readonly #parts: Parts<S, I>;
	readonly #loop: FirmwareLoop<S, I>;
	readonly #emit: SimulatorEmit;
	readonly #clock: SimulatorClock;
	readonly #responder: Responder;
	readonly #faults: FaultPlan | undefined;
	readonly #activities = new Activities();
	#settle: { resolve(end: CameraEnd): void; reject(error: unknown): void } | undefined;
	#mood: PortMood = 'closed';
	#cycle: PowerCycle | undefined;
	/** The initiator whose Ack is held back. */
	#waiting: ((admission: Decision) => void) | undefined;
	/** Work at the edges, one piece after the other. */
	#work: Promise<void> = Promise.resolve();
	#round = 0;
	#hadSession = false;
	#lastOff: OffReason = 'powerOff';
	#final = false;
	#over = false;
	#stopPause = (): void => {};

	constructor(parts: Parts<S, I>) {
		const { options, ports, flow } = parts;
		this.ended = new Promise((resolve, reject) => {
			this.#settle = { resolve, reject };
		});
		this.ended.catch(() => {}); // whoever waits for it still hears of it
		this.#parts = parts;
		this.#clock = ports.clock ?? realClock;
		this.#emit = (event) => {
			ports.emit(event);
			if (event.type === 'wifiOff') this.#lastOff = event.why;
			if (event.type === 'operation') this.#input({ type: 'operationDone', code: event.code });
		};
		const { faults = [], seed = DEFAULTS.seed } = options;
		this.#faults = faults.length === 0 ? undefined : new FaultPlan(faults, seed, (what) => this.#emit({ type: 'fault', what }));
		this.#loop = new FirmwareLoop({
			flow,
			host: {
				card: parts.card,
				address: options.address,
				ssdpPort: options.ssdpPort ?? DEFAULTS.ssdpPort,
				clock: this.#clock,
				emit: this.#emit,
				faults: this.#faults,
			},
			picture: () => parts.card.latestPicture(),
			perform: (effect) => {
				if (effect.do === 'remember') this.#enqueue(() => parts.pairings.add(effect.computer));
				else this.#admit(effect.admission);
			},
			changed: (before, state) => this.#enqueue(() => this.#follow(before, state)),
		});
		this.#responder = new Responder({
			address: options.address,
			port: options.ptpipPort ?? DEFAULTS.ptpipPort,
			guid: cameraGuid(options.model),
			name: options.model.eos?.nickname ?? options.model.model,
			clock: this.#clock,
			emit: this.#emit,
			rate: options.rate,
			faults: this.#faults,
			admit: (initiator) =>
				new Promise((resolve) => {
					this.#waiting = resolve;
					this.#input({ type: 'initiatorAsks', initiator });
				}),
			ready: (command, event) => {
				this.#input({ type: 'eventConnected' });
				this.#cycle?.serve(command, event).catch((error: unknown) => this.#enqueue(() => Promise.reject(error)));
			},
			lost: (why) => this.#input({ type: 'ended', why }),
		});
	}

	get address(): string {
		return this.#parts.options.address;
	}

	get ptpipPort(): number {
		return this.#responder.port;
	}

	get screen(): Screen {
		return this.#loop.screen;
	}

	async start(): Promise<void> {
		const { options, ports } = this.#parts;
		// A port that cannot be had is told of now, not when somebody has paired.
		if (this.ptpipPort !== 0)
			this.#enqueue(async () => {
				await this.#responder.become('refusing');
				await this.#responder.become('closed');
			});
		await this.#work;
		if (this.#over) return void (await this.ended);
		ports.signal?.addEventListener('abort', this.#onAbort, { once: true });
		this.#powerOn(options.scenario ?? DEFAULTS.scenario);
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

	#powerOn(scenario: 'pair' | 'reconnect'): void {
		this.#round++;
		const { options, card, pairings } = this.#parts;
		const { model } = options;
		const paired = pairings.list();
		const comesBack = scenario === 'reconnect' && paired.length > 0; // what has no computer yet, shows the list again
		this.#emit({ type: 'poweredOn', model: model.model, scenario: comesBack ? 'reconnect' : 'pair', round: this.#round });
		this.#cycle = new PowerCycle({
			model,
			os: osOf(options),
			chdk: options.chdk === false ? undefined : model.chdk,
			card,
			clock: this.#clock,
			emit: this.#emit,
			busyMs: options.busyMs,
			faults: this.#faults,
			sessionOpened: () => {
				this.#hadSession = true;
				this.#input({ type: 'sessionOpened' });
			},
			operationBegun: () => this.#input({ type: 'operationBegun' }),
			ptpModeAsked: () => this.#input({ type: 'ptpModeAsked' }),
			levent: (number) => this.#input({ type: 'levent', number }),
			powerDown: () => this.#input({ type: 'ended', why: 'poweredDown' }),
		});
		this.#input({ type: 'powerOn', scenario, paired });
	}

	#input(input: Input | I): void {
		this.#loop.input(input);
	}

	#admit(admission: Decision): void {
		this.#waiting?.(admission);
		this.#waiting = undefined;
	}

	/** Makes network and port follow the state. */
	async #follow(before: S, state: S): Promise<void> {
		const mood = this.#loop.flow.mood(state);
		// First the port that is told of, then what tells of it; and the other way round on the way down.
		if (mood === 'closed') await this.#activities.become(this.#loop.flow.activities(state));
		await this.#responder.become(mood);
		if (mood !== 'closed') await this.#activities.become(this.#loop.flow.activities(state));
		if (mood === 'taking' && this.#mood !== 'taking') {
			const opened = this.#loop.flow.portOpened(state, this.address, this.ptpipPort);
			if (opened !== undefined) this.#emit(opened);
		}
		this.#mood = mood;
		if (state.at === 'off' && before.at !== 'off') await this.#roundOver();
	}

	async #roundOver(): Promise<void> {
		const { options } = this.#parts;
		this.#cycle?.switchOff();
		this.#cycle = undefined;
		this.#waiting = undefined;
		if (this.#final || options.survive !== true) return this.#end(this.#lastOff);
		this.#stopPause = this.#clock.after(options.pauseMs ?? DEFAULTS.pauseMs, () => this.#powerOn('reconnect'));
	}

	/** Runs after all that was enqueued before. What it throws ends the camera. */
	#enqueue(task: () => Promise<void>): void {
		this.#work = this.#work.then(() => (this.#over ? undefined : task())).catch((error: unknown) => this.#end(undefined, error));
	}

	async #end(why: OffReason | undefined, defect?: unknown): Promise<void> {
		if (this.#over) return;
		this.#over = true;
		this.#parts.ports.signal?.removeEventListener('abort', this.#onAbort);
		this.#stopPause();
		this.#loop.stop();
		this.#cycle?.switchOff();
		await this.#activities.become([]);
		await this.#responder.become('closed');
		await this.#parts.removeCard();
		if (why === undefined) this.#settle?.reject(defect);
		else this.#settle?.resolve({ why, session: this.#hadSession });
	}
}
