/** What runs CHDK's scripts. The extension talks to it by this interface only. */

/** A value that a script returns or sends, as CHDK's messages can carry it. */
export type ScriptValue =
	| { type: 'nil' }
	| { type: 'boolean'; value: boolean }
	| { type: 'integer'; value: number }
	| { type: 'string'; value: Uint8Array }
	/** Text made by the script's own `usb_msg_table_to_string`. */
	| { type: 'table'; text: Uint8Array }
	/** A value that messages cannot carry; `name` is its Lua type. */
	| { type: 'unsupported'; name: string };

/** What the camera offers to scripts. */
export interface ScriptHost {
	/** Answers of `get_buildinfo`. */
	buildInfo: Readonly<Record<string, string | number>>;
	/** `post_levent_to_ui`. */
	postLevent(number: number): void;
	/** `write_usb_msg`: false when the queue is full. */
	write(value: ScriptValue): boolean;
	/** `read_usb_msg`: nothing when none waits. */
	read(): Uint8Array | undefined;
	/** `get_tick_count`: milliseconds since the camera was switched on. */
	ticks(): number;
	/** Sleeps; ends early when the script is killed. */
	sleep(ms: number): Promise<void>;
}

/** How a script ended. */
export type ScriptEnd = { returned: readonly ScriptValue[] } | { error: string };

/** A script that runs. */
export interface RunningScript {
	/** Never rejects. */
	readonly ended: Promise<ScriptEnd>;
	/** Ends it soon, wherever it is; `ended` then tells an error. */
	kill(): void;
}

export interface ScriptMachine {
	/** Compiles and starts. A source that does not compile gives the compiler's words. */
	start(source: Uint8Array, host: ScriptHost): RunningScript | { compileError: string };
}
