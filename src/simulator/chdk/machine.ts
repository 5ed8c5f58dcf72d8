/** What runs CHDK's scripts. The extension talks to it by this interface only. */
import type { CameraCalls } from './lua/calls.ts';

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

/** What a script gave back, and the error that ended it or kept the next value from being told. */
export interface ScriptEnd {
	returned: readonly ScriptValue[];
	error?: string;
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
