/** CHDK's PTP extension, protocol 2.9: a single operation, 0x9999, whose first parameter is the sub-command. */

import { namer } from '../ptp/codes.ts';
import type { CameraOs } from './os.ts';

/** The protocol version of these tables. 2.6 added the flags of ExecuteScript, 2.9 added Canon raw. */
export const CHDK_VERSION = { major: 2, minor: 9 } as const;

/** Sub-command codes of operation 0x9999. */
export const CHDK = {
	version: 0,
	getMemory: 1,
	setMemory: 2,
	callFunction: 3,
	tempData: 4,
	uploadFile: 5,
	downloadFile: 6,
	executeScript: 7,
	scriptStatus: 8,
	scriptSupport: 9,
	readScriptMsg: 10,
	writeScriptMsg: 11,
	getDisplayData: 12,
	remoteCaptureIsReady: 13,
	remoteCaptureGetData: 14,
} as const;

/** Returns the name of a sub-command, `executeScript` for 7; an unknown code is returned in hexadecimal. */
export const chdkCommandName = namer(CHDK);

/** Sub-commands with a data phase from the computer to the camera. TempData has one too, but only without a flag. */
export const CHDK_DATA_OUT: ReadonlySet<number> = new Set([
	CHDK.setMemory,
	CHDK.callFunction,
	CHDK.uploadFile,
	CHDK.executeScript,
	CHDK.writeScriptMsg,
]);

/** GetMemory's mode (parameter 4). */
export const GET_MEMORY = { direct: 0, buffered: 1 } as const;
/** TempData's flags (parameter 2). Without a flag TempData stores the data that follows. */
export const TEMP_DATA = { download: 1, clear: 2 } as const;

/** Language byte of ExecuteScript's parameter 2. */
export const LANGUAGE = { lua: 0, ubasic: 1 } as const;
/** Bits of ScriptSupport's answer. */
export const SCRIPT_SUPPORT = { lua: 1 } as const;
/** Flags of ExecuteScript's parameter 2, added to the language byte. */
export const EXECUTE = { languageMask: 0xff, noKill: 0x100, flushCameraMessages: 0x200, flushHostMessages: 0x400 } as const;
/** Second response parameter of ExecuteScript. `running`: another script runs, and `noKill` forbids ending it. */
export const SCRIPT_ERROR = { none: 0, compile: 1, run: 2, running: 0x1000 } as const;
/** Bits of ScriptStatus. */
export const SCRIPT_STATUS = { running: 1, messages: 2 } as const;

/** Message types of ReadScriptMsg. */
export const MESSAGE = { none: 0, error: 1, returned: 2, user: 3 } as const;
/** Message subtypes of `returned` and `user`. An `error` message has a `SCRIPT_ERROR` as subtype. */
export const VALUE = { unsupported: 0, nil: 1, boolean: 2, integer: 3, string: 4, table: 5 } as const;
/** WriteScriptMsg's answer. */
export const WRITE_STATUS = { ok: 0, notRunning: 1, queueFull: 2, badId: 3 } as const;
/** Messages that one of CHDK's queues holds: it has 16 slots, and one stays free. */
export const QUEUE_CAPACITY = 15;

/** Bits of RemoteCaptureIsReady's answer; `notSetUp` is the answer before remote capture was set up. */
export const CAPTURE = { jpeg: 1, raw: 2, dngHeader: 4, canonRaw: 8, notSetUp: 0x1000_0000 } as const;

/** Numbers of the logical events that enter and leave the firmware's "PTP mode", for `post_levent_to_ui`. */
export const LEVENT: Readonly<Record<CameraOs, { blackScreen: number; unlock: number; keysOnly: number }>> = {
	dryos: { blackScreen: 4481, unlock: 4482, keysOnly: 4484 },
	vxworks: { blackScreen: 4417, unlock: 4418, keysOnly: 4420 },
};

/** Milliseconds to wait between entering PTP mode and the unlock, because the firmware takes time to switch (chdkptp). */
export const PTP_MODE_SETTLE_MS = 250;
