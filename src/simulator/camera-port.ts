/** The camera's PTP-IP port: the responder behind it, and the one initiator whose Ack the firmware is holding back. */
import { guidOf } from '#protocol/ptpip/guid.ts';
import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { SimulatorClock } from './clock.ts';
import type { OffReason, SimulatorEmit } from './events.ts';
import type { FaultPlan } from './faults/plan.ts';
import type { Decision, PortState } from './modes/machine.ts';
import { type CameraOptions, DEFAULTS } from './options.ts';
import type { CameraConnection } from './ptpip/connection.ts';
import { PtpipResponder } from './ptpip/responder.ts';

export interface CameraPortOptions {
	options: CameraOptions;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	faults: FaultPlan | undefined;
	/** An initiator sent Init Command Request and waits for `decide`. */
	asked(initiator: InitiatorFacts): void;
	/** Both connections are open. */
	ready(command: CameraConnection, event: CameraConnection): void;
	/** The connections ended: the round is over for this reason. */
	lost(why: OffReason): void;
}

/** The camera's GUID: its MAC address behind a fixed beginning, as seen from an EOS T6. */
export function cameraGuid({ mac }: { mac: string }): Uint8Array {
	return guidOf(`00000000-0000-0000-0001-${mac.replaceAll(':', '')}`);
}

export class CameraPort {
	readonly #responder: PtpipResponder;
	#waiting: ((decision: Decision) => void) | undefined;

	constructor({ options, clock, emit, faults, asked, ready, lost }: CameraPortOptions) {
		this.#responder = new PtpipResponder({
			address: options.address,
			port: options.ptpipPort ?? DEFAULTS.ptpipPort,
			guid: cameraGuid(options.model),
			name: options.model.eos?.nickname ?? options.model.model,
			clock,
			emit,
			rate: options.rate,
			faults,
			admit: (initiator) =>
				new Promise((resolve) => {
					this.#waiting = resolve;
					asked(initiator);
				}),
			ready,
			lost,
		});
	}

	/** The TCP port as bound; the wanted one until the port was open for the first time. */
	get number(): number {
		return this.#responder.port;
	}

	/** Answers the initiator that waits, if there is one. */
	decide(decision: Decision): void {
		this.#waiting?.(decision);
		this.#waiting = undefined;
	}

	/** Forgets the initiator that waits: its connection is gone. */
	forgetWaiting(): void {
		this.#waiting = undefined;
	}

	/** Rejects with `notOurAddress` or `cannotListen` when the port cannot be bound. */
	switchTo(state: PortState): Promise<void> {
		return this.#responder.switchTo(state);
	}

	/** Opens the port once and closes it again, so that a taken port is reported at the start and not after pairing. */
	async check(): Promise<void> {
		if (this.number === 0) return;
		await this.#responder.switchTo('refusing');
		await this.#responder.switchTo('closed');
	}
}
