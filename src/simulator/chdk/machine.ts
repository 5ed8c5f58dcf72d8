/** What runs CHDK's scripts. The extension talks to it by this interface only. */

/** A value that a script returns or sends, as CHDK's messages can carry it. */
export type MessageValue =
	| { type: 'nil' }
	| { type: 'boolean'; value: boolean }
	| { type: 'integer'; value: number }
	| { type: 'string'; value: Uint8Array }
	/** Text made by the script's own `usb_msg_table_to_string`. */
	| { type: 'table'; text: Uint8Array }
	/** A value that messages cannot carry; `name` is its Lua type. */
	| { type: 'unsupported'; name: string };

/** What a script gave back, and the error that ended it or kept the next value from being told. */
export interface ScriptEnd {
	returned: readonly MessageValue[];
	error?: string;
}

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
	write(value: MessageValue, timeoutMs: number): Promise<boolean> | boolean;
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

/** A script that runs. */
export interface RunningScript {
	/** Never rejects, and never resolves once the script has been killed. */
	readonly ended: Promise<ScriptEnd>;
	/** Ends it at once, whatever it is doing. */
	kill(): void;
}

/** What runs scripts, one at a time. */
export interface ScriptMachine {
	/** Compiles and starts. A source that does not compile gives the compiler's words. */
	start(source: Uint8Array, calls: CameraCalls): Promise<RunningScript | { compileError: string }>;
	/** Ends a script that runs, and gives back what the machine holds. It can be started again. */
	close(): void;
}
