/** What `simulate` needs of the simulated camera and of the terminal. */
import type { CameraSetUp } from './set-up.ts';

export type CameraKey = 'up' | 'down' | 'set' | 'cancel' | 'power';

/** The simulated camera; simulator/port.ts is one. */
export interface SimulatedCameraPort {
	start(
		setUp: CameraSetUp,
		on: { emit(event: { type: string }, words: string | undefined): void; signal: AbortSignal },
	): Promise<{ ended: Promise<{ why: string; session: boolean }>; press(key: CameraKey): void; close(): Promise<void> }>;
}

/** The camera's screen on a terminal; simulator/screen/terminal.ts is one. */
export interface CameraScreen {
	show(event: { type: string }, words: string | undefined): void;
	close(): void;
}

export interface SimulatePorts {
	camera: SimulatedCameraPort;
	/** Writes to stdout. With --json too: the camera's events are its own, and go there as they are. */
	write(text: string): void;
	/** No plain lines. */
	quiet: boolean;
	/** Keeps an event of the camera in the log. */
	record(event: { type: string }): void;
	/** Takes the terminal; absent: there is none to draw on. */
	openScreen: ((press: (key: CameraKey) => void) => CameraScreen) | undefined;
}
