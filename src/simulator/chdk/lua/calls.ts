/** What the thread of a script and the camera say to each other. */
import type { ScriptEnd, ScriptValue } from '../machine.ts';

/**
 * What a script asks of the camera: its thread stands still until the answer is there, so that a script waits without
 * blocking anything else. Times in milliseconds.
 */
export interface CameraCalls {
	/** `post_levent_to_ui` and its like. */
	levent(number: number): void;
	/** Milliseconds since the camera was switched on. */
	ticks(): number;
	/** Seconds since 1970 as the camera's clock shows them: it knows no time zone. */
	time(): number;
	sleep(ms: number): Promise<void>;
	/** `write_usb_msg`: false when there was no room in time. */
	write(value: ScriptValue, timeoutMs: number): Promise<boolean> | boolean;
	/** `read_usb_msg`: nothing when none came in time. */
	read(timeoutMs: number): Promise<Uint8Array | undefined> | Uint8Array | undefined;
	mode(): { rec: boolean; video: boolean; mode: number };
	switchMode(rec: boolean): void;
	/** Words in the camera's memory; nothing where there is no memory. */
	peek(address: number, size: number): number | undefined;
	poke(address: number, value: number, size: number): boolean;
	call(pointer: number, args: readonly number[]): number;
	/** Kilobytes of the card. */
	space(): Promise<{ size: number; free: number }>;
	/** Switches the camera off. */
	shutDown(): void;
}

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
