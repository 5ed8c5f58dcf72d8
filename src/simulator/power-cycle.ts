/** The device between switching on and Wi-Fi off: its properties, its CHDK, and the session that runs on it. */
import type { CameraOs } from '../core/events.ts';
import { OPERATION } from '../core/ptp/operations.ts';
import type { Card } from './card/card.ts';
import { ChdkExtension } from './chdk/extension.ts';
import { snippetMachine } from './chdk/snippets.ts';
import type { SimulatorClock } from './clock.ts';
import type { SimulatorEmit } from './events.ts';
import type { CameraModel, ChdkBuild } from './models/model.ts';
import type { Device } from './ptp/device.ts';
import type { OperationTable } from './ptp/operation.ts';
import { DeviceProperties } from './ptp/properties.ts';
import { operationsOf } from './ptp/table.ts';
import { runTransactions } from './ptp/transactions.ts';
import type { Connection } from './ptpip/connection.ts';

export interface PowerCycleOptions {
	model: CameraModel;
	os: CameraOs;
	/** Its CHDK; nothing: without. */
	chdk: ChdkBuild | undefined;
	card: Card;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	sessionOpened(): void;
	ptpModeAsked(): void;
	levent(number: number): void;
	powerDown(): void;
}

export class PowerCycle {
	readonly #options: PowerCycleOptions;
	readonly #operations: OperationTable<Device>;
	readonly #device: Device;
	readonly #switchedOff = new AbortController();

	constructor(options: PowerCycleOptions) {
		const { model, clock, emit, card } = options;
		this.#options = options;
		this.#operations = operationsOf(model, options.chdk !== undefined);
		this.#device = {
			model,
			operationCodes: [...model.operations, ...(options.chdk === undefined ? [] : [OPERATION.chdk])],
			card,
			properties: new DeviceProperties(model.properties, () => clock.date()),
			session: { id: 0, lastTransaction: 0 },
			chdk: options.chdk === undefined ? undefined : this.#chdk(options.chdk),
			effects: {
				sessionOpened: (sessionId) => {
					emit({ type: 'sessionOpened', sessionId });
					options.sessionOpened();
				},
				sessionClosed: (sessionId) => emit({ type: 'sessionClosed', sessionId }),
				ptpModeAsked: () => options.ptpModeAsked(),
				powerDown: () => options.powerDown(),
			},
		};
	}

	#chdk(build: ChdkBuild): ChdkExtension {
		const { os, clock, emit } = this.#options;
		const start = clock.now();
		return new ChdkExtension(
			snippetMachine,
			{
				buildInfo: { ...build, os },
				postLevent: (number) => this.#options.levent(number),
				ticks: () => Math.floor(clock.now() - start),
				sleep: (ms) => this.#sleep(ms),
			},
			(id, status) => emit({ type: 'script', id, status }),
		);
	}

	/** Ends when the camera is switched off, too. */
	#sleep(ms: number): Promise<void> {
		const { signal } = this.#switchedOff;
		return new Promise((resolve) => {
			if (signal.aborted) return resolve();
			const stop = this.#options.clock.after(ms, done);
			function done(): void {
				stop();
				signal.removeEventListener('abort', done);
				resolve();
			}
			signal.addEventListener('abort', done);
		});
	}

	/** Serves a session until its command connection is over. */
	serve(command: Connection, event: Connection): Promise<void> {
		return runTransactions({ command, event, operations: this.#operations, device: this.#device, emit: this.#options.emit });
	}

	switchOff(): void {
		this.#switchedOff.abort();
		this.#device.chdk?.kill();
	}
}
