/** What the thread of a script and the camera say to each other. */
import type { CameraCalls, ScriptEnd } from '../machine.ts';

/** What the thread sends: a call that it waits for, or what became of the script. */
export type FromThread =
	| { type: 'call'; name: keyof CameraCalls; args: readonly unknown[] }
	| { type: 'compiled'; error?: string }
	| { type: 'ended'; end: ScriptEnd };

/** What it is sent: a script, or the answer to its call. */
export type ToThread = { type: 'run'; source: Uint8Array } | { type: 'answer'; value: unknown };

/** What a thread is started with. */
export interface ThreadData {
	/** Its `answers` goes up by one with each answer. */
	answers: Int32Array;
	port: import('node:worker_threads').MessagePort;
	/** The folder that is the card `A/`. */
	root: string;
	buildInfo: Readonly<Record<string, string | number>>;
}
