/** The messages between a script's thread and the camera. */
import type { CameraCalls, ScriptEnd } from '../machine.ts';

/** From the thread: a call that it waits for, or the result of compiling or running the script. */
export type FromThread =
	| { type: 'call'; name: keyof CameraCalls; args: readonly unknown[] }
	| { type: 'compiled'; error?: string }
	| { type: 'ended'; end: ScriptEnd };

/** To the thread: a script, or the answer to its call. */
export type ToThread = { type: 'run'; source: Uint8Array } | { type: 'answer'; value: unknown };

/** What a thread is started with. */
export interface ThreadData {
	/** A counter that goes up by one with each answer. */
	answers: Int32Array;
	port: import('node:worker_threads').MessagePort;
	/** The folder that is the card `A/`. */
	root: string;
	buildInfo: Readonly<Record<string, string | number>>;
}
