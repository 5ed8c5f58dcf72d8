/** The device between switching on and Wi-Fi off: its properties, its CHDK, and its session. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { Card } from './card/card.ts';
import { watchCard } from './card/watch.ts';
import { ChdkExtension } from './chdk/extension.ts';
import { lazyMachine } from './chdk/lua/lazy.ts';
import { Memory } from './chdk/memory.ts';
import type { SimulatorClock } from './clock.ts';
import type { SimulatorEmit } from './events.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { CameraModel, ChdkBuild } from './models/model.ts';
import { CameraEvents } from './ptp/camera-events.ts';
import type { Device } from './ptp/device.ts';
import type { OperationTable } from './ptp/operation.ts';
import { DeviceProperties } from './ptp/properties.ts';
import { operationsOf } from './ptp/table.ts';
import { runTransactions } from './ptp/transactions.ts';
import type { CameraConnection } from './ptpip/connection.ts';

export interface PowerCycleOptions {
	model: CameraModel;
	os: CameraOs;
	/** Its CHDK; `undefined`: it has none. */
	chdk: ChdkBuild | undefined;
	card: Card;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	sessionOpened(): void;
	operationBegun(): void;
	ptpModeAsked(): void;
	levent(number: number): void;
	powerDown(): void;
	/** The camera is busy for this many milliseconds after OpenSession. */
	busyMs?: number | undefined;
	faults?: FaultPlan | undefined;
}

/** The device of one round. */
export class PowerCycle {
	readonly #options: PowerCycleOptions;
	readonly #operations: OperationTable<Device>;
	readonly #device: Device;
	/** The event connection of the session. */
	#event: CameraConnection | undefined;
	/** The camera answers Device Busy. */
	#busy = false;
	#stopBusy = (): void => {};
	#stopWatching: (() => void) | undefined;

	constructor(options: PowerCycleOptions) {
		const { model, clock, emit, card } = options;
		this.#options = options;
		this.#operations = operationsOf(model, options.chdk !== undefined);
		const properties = new DeviceProperties(model.properties, () => clock.date());
		this.#device = {
			model,
			operationCodes: [...this.#operations.keys()],
			card,
			properties,
			session: { id: 0, lastTransaction: 0, dead: false },
			events: new CameraEvents({
				model,
				send: (code, params) => this.#event?.out.sendEvent(code, params),
				property: (code) => properties.number(code),
			}),
			eos: { remoteMode: 0, properties: new Map(Object.entries(model.eosProperties ?? {}).map(([code, value]) => [Number(code), value])) },
			announced: undefined,
			archived: new Set(),
			faults: options.faults,
			chdk: options.chdk === undefined ? undefined : this.#chdk(options.chdk),
			effects: {
				sessionOpened: (sessionId) => {
					emit({ type: 'sessionOpened', sessionId });
					this.#beBusy();
					this.#watch();
					options.sessionOpened();
				},
				sessionClosed: (sessionId) => {
					this.#stopWatching?.();
					this.#stopWatching = undefined;
					emit({ type: 'sessionClosed', sessionId });
				},
				ptpModeAsked: () => options.ptpModeAsked(),
				powerDown: () => options.powerDown(),
			},
		};
	}

	#chdk(build: ChdkBuild): ChdkExtension {
		const { os, clock, emit, card } = this.#options;
		return new ChdkExtension({
			machine: lazyMachine({ root: card.root, buildInfo: { ...build, os } }),
			memory: new Memory(),
			root: card.root,
			clock,
			space: async () => (await card.space()) ?? { capacity: 0n, free: 0n },
			levent: (number) => this.#options.levent(number),
			shutDown: () => this.#options.powerDown(),
			reported: (id, status) => emit({ type: 'script', id, status }),
		});
	}

	#beBusy(): void {
		const { busyMs = 0, clock } = this.#options;
		this.#stopBusy();
		this.#busy = busyMs > 0;
		if (this.#busy)
			this.#stopBusy = clock.after(busyMs, () => {
				this.#busy = false;
			});
	}

	/** Watches the card: while a session is open, changes made by others become events. */
	#watch(): void {
		const { card, clock } = this.#options;
		const { events } = this.#device;
		this.#stopWatching?.();
		this.#stopWatching = watchCard({ card, clock, added: (object) => events.added(object), removed: (object) => events.removed(object) });
	}

	/** Serves a session until its command connection is over. */
	async serve(command: CameraConnection, event: CameraConnection): Promise<void> {
		const { emit, faults, operationBegun } = this.#options;
		this.#event = event;
		try {
			await runTransactions({
				command,
				event,
				operations: this.#operations,
				device: this.#device,
				emit,
				begun: operationBegun,
				busy: () => this.#busy,
				faults,
			});
		} finally {
			this.#event = undefined;
		}
	}

	switchOff(): void {
		this.#stopBusy();
		this.#stopWatching?.();
		this.#stopWatching = undefined;
		this.#device.chdk?.switchOff();
	}
}
