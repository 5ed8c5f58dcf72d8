/** The interface of a mode: the firmware's states, and what runs on the network in each. */
import type { Card } from '../card/card.ts';
import type { SimulatorClock } from '../clock.ts';
import type { ScreenContents, SimulatorEmit, SimulatorEvent } from '../events.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Effect, Input, PortState } from './machine.ts';

/** Something that runs on the network until it is stopped. Stopping twice is allowed. */
export interface Activity {
	stop(): Promise<void>;
}

/** An activity of a state. It begins when its key first appears and stops when the state no longer names it. */
export interface Planned {
	key: string;
	begin(): Promise<Activity>;
}

/** What the camera provides for a mode. */
export interface ModeHost<S, I> {
	/** The camera's IPv4 address. */
	address: string;
	/** UDP port of SSDP; 1900 except in tests. */
	ssdpPort: number;
	card: Card;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	/** The requested faults. */
	faults: FaultPlan | undefined;
	/** Feeds the firmware. */
	input(input: Input | I): void;
	state(): S;
}

/**
 * One entry of the camera's Wi-Fi menu. `S` are its states; `{ at: 'off' }` is the first and the last of them. `I` are its
 * own inputs, besides those of every mode.
 */
export interface WifiMode<S, I> {
	/** Returns the next state and the effects to perform. */
	step(state: S, input: Input | I): [S, ...Effect[]];
	/** Returns what port 15740 does. */
	portState(state: S): PortState;
	/** Returns what the screen shows. `picture` is the name of the latest picture on the card. */
	screen(state: S, picture: string | null): ScreenContents;
	/** Returns what runs on the network. */
	activities(state: S): readonly Planned[];
	/** Returns the event to report when the port begins to accept an initiator. */
	portOpened(state: S, address: string, port: number): SimulatorEvent | undefined;
}

/** Makes a mode for a camera. */
export type ModeMaker<S, I> = (host: ModeHost<S, I>) => WifiMode<S, I>;
