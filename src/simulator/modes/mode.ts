/** What a way to a PTP session is made of: the firmware's states, and what runs on the network in each. */
import type { Card } from '../card/card.ts';
import type { SimulatorClock } from '../clock.ts';
import type { CameraScreen, SimulatorEmit, SimulatorEvent } from '../events.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Effect, Input, PortState } from './machine.ts';

/** Something that runs on the network until it is stopped. Stopping twice is fine. */
export interface Activity {
	stop(): Promise<void>;
}

/** An activity of a state: begun when its key appears, stopped when a state comes that does not name it. */
export interface Planned {
	key: string;
	begin(): Promise<Activity>;
}

/** What the camera's body gives to a flow. */
export interface ModeHost<S, I> {
	/** The camera's IPv4 address. */
	address: string;
	/** UDP port of SSDP; 1900 outside of tests. */
	ssdpPort: number;
	card: Card;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	/** Faults that were asked for. */
	faults: FaultPlan | undefined;
	input(input: Input | I): void;
	state(): S;
}

/**
 * One entry of the camera's Wi-Fi menu. `S`: its states; `{ at: 'off' }` is one of them, the first and the last.
 * `I`: its own inputs, besides those that every flow has.
 */
export interface WifiMode<S, I> {
	step(state: S, input: Input | I): [S, ...Effect[]];
	/** What port 15740 does. */
	portState(state: S): PortState;
	/** `picture`: name of the latest picture on the card. */
	screen(state: S, picture: string | null): CameraScreen;
	activities(state: S): readonly Planned[];
	/** Told when the port begins to take an initiator in this state. */
	portOpened(state: S, address: string, port: number): SimulatorEvent | undefined;
}

/** A flow before it has a body. */
export type ModeMaker<S, I> = (host: ModeHost<S, I>) => WifiMode<S, I>;
