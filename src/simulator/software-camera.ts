/** The software camera as its users see it: switched on with options, with keys, a screen and an end. */
import type { SimulatorClock } from './clock.ts';
import type { CameraScreen, OffReason, SimulatorEmit } from './events.ts';
import type { Key } from './modes/machine.ts';

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
	readonly screen: CameraScreen;
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
