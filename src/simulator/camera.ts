/** The software camera: the firmware's states around a searcher, a PTP-IP port and a card. */
import { CanonWifiError } from '../core/errors.ts';
import { guidOf } from '../core/identity.ts';
import { Card } from './card/card.ts';
import { openCard } from './card/open.ts';
import { realClock, type SimulatorClock } from './clock.ts';
import { type Searcher, startSearching } from './discovery/searcher.ts';
import type { OffReason, Screen, SimulatorEmit } from './events.ts';
import { type Effect, firmware, type Input, type Key, type Limit } from './firmware/reduce.ts';
import { portMood, type Rules, type State, screenOf, searches } from './firmware/state.ts';
import { type CameraOptions, DEFAULTS, rulesOf } from './options.ts';
import { Pairings } from './pairings.ts';
import { PowerCycle } from './power-cycle.ts';
import { Responder } from './ptpip/responder.ts';

/** How the camera's life ended. */
export interface CameraEnd {
	why: OffReason;
	/** A PTP session was opened at least once. */
	session: boolean;
}

export interface SoftwareCamera {
	readonly address: string;
	/** PTP-IP port as bound; with port 0 known once it was open for the first time. */
	readonly ptpipPort: number;
	readonly screen: Screen;
	press(key: Key): void;
	/** Moves to this name and presses SET; false when it is not on the screen. */
	select(name: string): boolean;
	/** The power key: ends the camera, also one that would survive. */
	powerOff(): void;
	/** Resolves when the Wi-Fi went off for good and all sockets are closed; rejects on a defect. */
	readonly ended: Promise<CameraEnd>;
	/** Switches off and waits for `ended`. Closing twice is fine. */
	close(): Promise<void>;
}

export interface CameraPorts {
	emit: SimulatorEmit;
	clock?: SimulatorClock;
	/** Aborted: switches off. */
	signal?: AbortSignal;
}

/**
 * Switches a camera on. Resolves when it searches (or, paired, looks for its computer). Rejects with `notOurAddress`,
 * `cannotListen` or `usage` when address, port or card cannot be used.
 */
export async function startCamera(options: CameraOptions, ports: CameraPorts): Promise<SoftwareCamera> {
	const pairings = await Pairings.load(options.state);
	if (options.scenario === 'reconnect' && pairings.list().length === 0)
		throw new CanonWifiError('usage', {
			problem: 'This camera has not been paired with any computer, so it has none to look for.',
			next: 'Let it pair first with --scenario pair and --state FILE, then give the same file.',
		});
	const opened = await openCard(options.media, options.model);
	const camera = new Camera(options, ports, pairings, new Card(opened.root), opened.close);
	await camera.start();
	return camera;
}

class Camera implements SoftwareCamera {
	readonly ended: Promise<CameraEnd>;
	readonly #options: CameraOptions;
	readonly #rules: Rules;
	readonly #emit: SimulatorEmit;
	readonly #clock: SimulatorClock;
	readonly #signal: AbortSignal | undefined;
	readonly #pairings: Pairings;
	readonly #card: Card;
	readonly #removeCard: () => Promise<void>;
	readonly #responder: Responder;
	readonly #timers = new Map<Limit, () => void>();
	#settle: { resolve(end: CameraEnd): void; reject(error: unknown): void } | undefined;
	#state: State = { at: 'off' };
	#screen: Screen = { shows: 'off' };
	#searcher: { for: State['at']; searcher: Searcher } | undefined;
	#cycle: PowerCycle | undefined;
	/** Work at the edges, one piece after the other. */
	#work: Promise<void> = Promise.resolve();
	#round = 0;
	#hadSession = false;
	#lastOff: OffReason = 'powerOff';
	#final = false;
	#over = false;
	#stopPause = (): void => {};

	constructor(options: CameraOptions, ports: CameraPorts, pairings: Pairings, card: Card, removeCard: () => Promise<void>) {
		this.ended = new Promise((resolve, reject) => {
			this.#settle = { resolve, reject };
		});
		this.ended.catch(() => {}); // whoever waits for it still hears of it
		this.#options = options;
		this.#rules = rulesOf(options);
		this.#emit = ports.emit;
		this.#clock = ports.clock ?? realClock;
		this.#signal = ports.signal;
		this.#pairings = pairings;
		this.#card = card;
		this.#removeCard = removeCard;
		this.#responder = new Responder({
			address: options.address,
			port: options.ptpipPort ?? DEFAULTS.ptpipPort,
			guid: guidOf(`00000000-0000-0000-0001-${options.model.mac.replaceAll(':', '')}`),
			name: options.model.model,
			clock: this.#clock,
			emit: ports.emit,
			taken: () => this.#input({ type: 'initiatorTaken' }),
			ready: (command, event) => {
				this.#input({ type: 'eventConnected' });
				this.#cycle?.serve(command, event).catch((error: unknown) => this.#enqueue(() => Promise.reject(error)));
			},
			lost: (why) => this.#input({ type: 'ended', why }),
		});
	}

	get address(): string {
		return this.#options.address;
	}

	get ptpipPort(): number {
		return this.#responder.port;
	}

	get screen(): Screen {
		return this.#screen;
	}

	async start(): Promise<void> {
		this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
		this.#powerOn(this.#options.scenario ?? DEFAULTS.scenario);
		await this.#work;
		if (this.#over) await this.ended; // rejects with what went wrong
		if (this.#signal?.aborted === true) this.powerOff();
	}

	readonly #onAbort = (): void => this.powerOff();

	press(key: Key): void {
		if (key === 'power') this.powerOff();
		else this.#input({ type: 'pressed', key });
	}

	select(name: string): boolean {
		if (this.#state.at !== 'listing' || !this.#state.computers.some((computer) => computer.name === name)) return false;
		this.#input({ type: 'chosen', name });
		return true;
	}

	powerOff(): void {
		this.#final = true;
		this.#stopPause();
		if (this.#state.at === 'off') this.#enqueue(() => this.#end('powerOff'));
		else this.#input({ type: 'pressed', key: 'power' });
	}

	async close(): Promise<void> {
		if (!this.#over) this.powerOff();
		await this.ended.catch(() => {});
	}

	#powerOn(scenario: 'pair' | 'reconnect'): void {
		this.#round++;
		const { model } = this.#options;
		this.#emit({ type: 'poweredOn', model: model.model, scenario, round: this.#round });
		this.#cycle = new PowerCycle({
			model,
			os: this.#rules.os,
			chdk: this.#options.chdk ?? true,
			card: this.#card,
			clock: this.#clock,
			emit: this.#emit,
			sessionOpened: () => {
				this.#hadSession = true;
				this.#input({ type: 'sessionOpened' });
			},
			ptpModeAsked: () => this.#input({ type: 'ptpModeAsked' }),
			levent: (number) => this.#input({ type: 'levent', number }),
			powerDown: () => this.#input({ type: 'ended', why: 'poweredDown' }),
		});
		this.#input({ type: 'powerOn', scenario, paired: this.#pairings.list() });
	}

	#input(input: Input): void {
		if (this.#over) return;
		const before = this.#state;
		const [state, ...effects] = firmware(before, input, this.#rules);
		this.#state = state;
		for (const effect of effects) this.#perform(effect);
		this.#show();
		if (state !== before) this.#enqueue(() => this.#follow(before, state));
	}

	#perform(effect: Effect): void {
		switch (effect.do) {
			case 'start':
				this.#timers.get(effect.limit)?.();
				this.#timers.set(
					effect.limit,
					this.#clock.after(effect.ms, () => this.#input({ type: 'expired', limit: effect.limit })),
				);
				return;
			case 'stop':
				this.#timers.get(effect.limit)?.();
				this.#timers.delete(effect.limit);
				return;
			case 'remember':
				this.#enqueue(() => this.#pairings.add(effect.computer));
				return;
			case 'tell':
				if (effect.event.type === 'wifiOff') this.#lastOff = effect.event.why;
				this.#emit(effect.event);
		}
	}

	#show(): void {
		const screen = screenOf(this.#state, this.#latestPicture());
		if (JSON.stringify(screen) === JSON.stringify(this.#screen)) return;
		this.#screen = screen;
		this.#emit({ type: 'screen', screen });
	}

	#latestPicture(): string | null {
		let latest: string | null = null;
		for (const object of this.#card.objects()) if (!object.folder) latest = object.name;
		return latest;
	}

	/** Makes searches and port follow the state. */
	async #follow(before: State, state: State): Promise<void> {
		if (this.#searcher !== undefined && this.#searcher.for !== state.at) {
			await this.#searcher.searcher.stop();
			this.#searcher = undefined;
		}
		await this.#responder.become(portMood(state, this.#rules));
		if (searches(state) && this.#searcher === undefined) this.#searcher = { for: state.at, searcher: await this.#search() };
		if (state.at === 'connected' && state.portOpen) {
			const { name, uuid } = state.computer;
			this.#emit({ type: 'connected', name, uuid, address: this.address, port: this.ptpipPort });
		}
		if (state.at === 'off' && before.at !== 'off') await this.#roundOver();
	}

	#search(): Promise<Searcher> {
		return startSearching({
			address: this.address,
			ssdpPort: this.#options.ssdpPort ?? DEFAULTS.ssdpPort,
			clock: this.#clock,
			emit: this.#emit,
			wants: (uuid) => {
				const state = this.#state;
				if (state.at !== 'connecting' || state.wanted.some((one) => one.uuid === uuid)) return 'yes';
				return state.add ? 'notChosen' : 'notPaired';
			},
			found: (computer) => this.#input({ type: 'computerFound', computer }),
		});
	}

	async #roundOver(): Promise<void> {
		this.#cycle?.switchOff();
		this.#cycle = undefined;
		if (this.#final || this.#options.survive !== true) return this.#end(this.#lastOff);
		this.#stopPause = this.#clock.after(this.#options.pauseMs ?? DEFAULTS.pauseMs, () => this.#powerOn('reconnect'));
	}
	/** Runs after all that was enqueued before. What it throws ends the camera. */
	#enqueue(task: () => Promise<void>): void {
		this.#work = this.#work.then(() => (this.#over ? undefined : task())).catch((error: unknown) => this.#end(undefined, error));
	}

	async #end(why: OffReason | undefined, defect?: unknown): Promise<void> {
		if (this.#over) return;
		this.#over = true;
		this.#state = { at: 'off' };
		this.#signal?.removeEventListener('abort', this.#onAbort);
		this.#stopPause();
		for (const stop of this.#timers.values()) stop();
		this.#cycle?.switchOff();
		await this.#searcher?.searcher.stop();
		await this.#responder.become('closed');
		await this.#removeCard();
		if (why === undefined) this.#settle?.reject(defect);
		else this.#settle?.resolve({ why, session: this.#hadSession });
	}
}
