/** The interface of the machine that runs CHDK's scripts. */

/** A value that a script returns or sends, in the form of CHDK's messages. */
export type MessageValue =
	| { type: 'nil' }
	| { type: 'boolean'; value: boolean }
	| { type: 'integer'; value: number }
	| { type: 'string'; value: Uint8Array }
	/** Text made by the script's own `usb_msg_table_to_string`. */
	| { type: 'table'; text: Uint8Array }
	/** A value that messages cannot carry; `name` is its Lua type. */
	| { type: 'unsupported'; name: string };

/** A script's return values, and the error that ended it or prevented the conversion of the next value. */
export interface ScriptEnd {
	returned: readonly MessageValue[];
	error?: string | undefined;
}

/**
 * The calls from a script to the camera. The script's thread waits for the answer without blocking anything else. Times are
 * in milliseconds.
 */
export interface CameraCalls {
	/** `post_levent_to_ui` and its like. */
	levent(number: number): void;
	/** Milliseconds since the camera was switched on. */
	ticks(): number;
	/** Seconds since 1970 on the camera's clock, which has no time zone. */
	time(): number;
	sleep(ms: number): Promise<void>;
	/** `write_usb_msg`. False if there was no room in time. */
	write(value: MessageValue, timeoutMs: number): Promise<boolean> | boolean;
	/** `read_usb_msg`. `undefined` if no message came in time. */
	read(timeoutMs: number): Promise<Uint8Array | undefined> | Uint8Array | undefined;
	mode(): { rec: boolean; video: boolean; mode: number };
	switchMode(rec: boolean): void;
	/** Reads a word in the camera's memory; `undefined` where there is no memory. */
	peek(address: number, size: number): number | undefined;
	poke(address: number, value: number, size: number): boolean;
	call(pointer: number, args: readonly number[]): number;
	/** Resolves to the kilobytes of the card. */
	space(): Promise<{ size: number; free: number }>;
	/** Switches the camera off. */
	shutDown(): void;
}

/** A running script. */
export interface RunningScript {
	/** Never rejects, and never resolves once the script has been killed. */
	readonly ended: Promise<ScriptEnd>;
	/** Ends the script at once, whatever it is doing. */
	kill(): void;
}

/** Runs scripts, one at a time. */
export interface ScriptMachine {
	/** Compiles and starts a script. Resolves to the compiler's message if it does not compile. */
	start(source: Uint8Array, calls: CameraCalls): Promise<RunningScript | { compileError: string }>;
	/** Ends the running script and releases all resources. The machine can be started again. */
	close(): void;
}
