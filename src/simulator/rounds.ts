/** The camera's rounds: each one lasts from switching on to Wi-Fi off and has a device of its own. */
import type { Card } from './card/card.ts';
import type { SimulatorClock } from './clock.ts';
import type { OffReason, SimulatorEmit } from './events.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { Input } from './modes/machine.ts';
import { type CameraOptions, osOf } from './options.ts';
import type { Pairings } from './pairings.ts';
import { PowerCycle } from './power-cycle.ts';
import type { CameraConnection } from './ptpip/connection.ts';

export interface RoundsOptions {
	options: CameraOptions;
	card: Card;
	pairings: Pairings;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	faults: FaultPlan | undefined;
	/** Feeds the firmware. */
	input(input: Input): void;
}

export class Rounds {
	/** A PTP session was opened in some round. */
	hadSession = false;
	/** Why the Wi-Fi went off the last time. */
	lastOff: OffReason = 'powerOff';
	readonly #options: RoundsOptions;
	#number = 0;
	#cycle: PowerCycle | undefined;

	constructor(options: RoundsOptions) {
		this.#options = options;
	}

	/** Switches the camera on. Without a paired computer `reconnect` is the same as `pair`. */
	begin(scenario: 'pair' | 'reconnect'): void {
		this.#number++;
		const { options, pairings, emit, input } = this.#options;
		const { model } = options;
		const paired = pairings.list();
		const comesBack = scenario === 'reconnect' && paired.length > 0;
		emit({ type: 'poweredOn', model: model.model, scenario: comesBack ? 'reconnect' : 'pair', round: this.#number });
		this.#cycle = this.#powerCycle();
		input({ type: 'powerOn', scenario, paired });
	}

	#powerCycle(): PowerCycle {
		const { options, card, clock, emit, faults, input } = this.#options;
		const { model } = options;
		return new PowerCycle({
			model,
			os: osOf(options),
			chdk: options.chdk === false ? undefined : model.chdk,
			card,
			clock,
			emit,
			busyMs: options.busyMs,
			faults,
			sessionOpened: () => {
				this.hadSession = true;
				input({ type: 'sessionOpened' });
			},
			operationBegun: () => input({ type: 'operationBegun' }),
			ptpModeAsked: () => input({ type: 'ptpModeAsked' }),
			levent: (number) => input({ type: 'levent', number }),
			powerDown: () => input({ type: 'ended', why: 'poweredDown' }),
		});
	}

	/** Serves a session of this round until its command connection is over. Rejects on a defect. */
	async serve(command: CameraConnection, event: CameraConnection): Promise<void> {
		await this.#cycle?.serve(command, event);
	}

	/** Ends the round, if one is under way. */
	end(): void {
		this.#cycle?.switchOff();
		this.#cycle = undefined;
	}
}
