/** The interface of a simulated camera: its keys, its screen and its end. */
import type { SimulatorClock } from './clock.ts';
import type { OffReason, ScreenContents, SimulatorEmit } from './events.ts';
import type { Key } from './modes/machine.ts';

/** How the camera ended. */
export interface CameraEnd {
	why: OffReason;
	/** A PTP session was opened at least once. */
	session: boolean;
}

/** A simulated camera that is switched on. */
export interface SoftwareCamera {
	readonly address: string;
	/** PTP-IP port as bound. With port 0 it is known once the port was open for the first time. */
	readonly ptpipPort: number;
	readonly screen: ScreenContents;
	press(key: Key): void;
	/** Moves to this name and presses SET. Returns false if the name is not on the screen. */
	select(name: string): boolean;
	/** Presses the power key, which also ends a camera that would switch on again. */
	powerOff(): void;
	/** Resolves when the camera is off for good and all sockets are closed; rejects on a defect. */
	readonly ended: Promise<CameraEnd>;
	/** Switches off and waits for `ended`. Closing twice is allowed. */
	close(): Promise<void>;
}

/** What a camera gets from its caller. */
export interface CameraPorts {
	emit: SimulatorEmit;
	clock?: SimulatorClock | undefined;
	/** Switches the camera off when aborted. */
	signal?: AbortSignal | undefined;
}
