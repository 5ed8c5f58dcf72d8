/**
 * A tool is data and pure functions: what runs, what it needs beside it, and what its words mean. `client.ts` and
 * `run.ts` do the rest, so that `--dry-run`, the log and the tests see exactly what a run sees.
 */

import type { CameraInfo, EventOf, Refusal } from '#contract/events.ts';
import type { Warning } from '#contract/warnings.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { Job, ToolFinding } from '#session/client.ts';
import type { Activity } from './rules/silence.ts';

/** Where a run finds the program and keeps its own files. All paths are absolute. */
export interface ToolPaths {
	/** The program. */
	readonly program: string;
	/** A folder of ours (mode 0700) for this run alone. It exists, with the files of `prepare`, when the tool starts. */
	readonly folder: string;
	/**
	 * A file that the tool may append lines to, to tell us what its stdout cannot: that may be the user's own terminal.
	 * It exists and is empty at the start. `null`: nobody listens (the command line is only shown, to be pasted).
	 */
	readonly report: string | null;
	/** Folder of the templates that we ship. */
	readonly templates: string;
	readonly platform: NodeJS.Platform;
	/** Version of the library that does the program's work, where it is one of its own (libgphoto2). */
	readonly library?: string;
	/** Folder of the program, if what belongs to it lies there (`Tool.beside`). */
	readonly home?: string;
	/** GNU's `stdbuf`, where it was found: it has a program pass its lines on as they come, which behind a pipe it would not. */
	readonly stdbuf?: string;
	/** The environment that we run in. */
	readonly env: Readonly<Record<string, string | undefined>>;
}

/** A program to start. `env` is added to the environment that we run in. */
export interface CommandLine {
	readonly file: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

/**
 * A file to write before the run (mode 0600 unless it says otherwise, parents are made). `fifo`: a named pipe, left out where there is none
 * (Windows, a file system without them).
 */
export type PreparedFile = { readonly path: string } & ({ readonly content: string; readonly mode?: number } | { readonly fifo: true });

/** One line that a tool said, without its line end, at most 4096 characters. */
export interface OutputLine {
	/**
	 * `sockets`: not said by the tool, but seen from outside: `session`, what came in on its connections is more than the
	 * opening of a session; `open`, both connections have stood for longer than a session takes to fail;
	 * `silent`, it has waited for the camera for as long as is sensible; `signalled`, it gets a signal that was passed on.
	 */
	readonly from: 'stdout' | 'stderr' | 'report' | 'sockets';
	readonly text: string;
	/** It has not ended yet (a prompt, or half of a line that comes again as a whole). Only of stdout, until `connected`. */
	readonly partial?: true;
}

/** How the process ended. `stopped`: because we ended it. */
export interface Exit {
	readonly code: number | null;
	readonly signal: string | null;
	readonly stopped: false | 'asked' | 'silent';
}

/** What a line, or the end, shows. */
export type Observation =
	/** Something was learnt of the camera. Told before `connected` it becomes part of that event. */
	| { saw: 'learnt'; learnt: Partial<CameraInfo> }
	/** The camera took the connection and the session is open. From now on its output is passed on. */
	| { saw: 'connected' }
	| { saw: 'keepalive'; operation: string }
	| { saw: 'unlock'; done: boolean; levent?: number; os?: CameraOs; why?: NonNullable<EventOf<'unlock'>['why']> }
	/** What it is about, of a tool without time-outs. */
	| { saw: 'activity'; activity: Activity }
	| { saw: 'warning'; warning: Warning }
	/** This attempt failed; a later one may do. After `connected` the client takes it for `lost`. */
	| { saw: 'refusal'; outcome: Refusal; said: string }
	/** The session ended without being asked to. The tool is given a few seconds to end by itself. */
	| { saw: 'lost'; why: string }
	/** What no further attempt can cure: a `CanonWifiError`. */
	| { saw: 'error'; error: Error };

/** A question to the program that touches no camera. */
export interface Probe {
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
}

/** What came back within the limits of time (5 s) and size (64 KiB a stream). */
export interface ProbeResult {
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** It could not be started or did not end in time: why, for people. */
	readonly problem?: string;
}

/** What the answers say about the program. */
export type ProbeVerdict = Pick<ToolFinding, 'version' | 'note' | 'next'> & {
	readonly state: Exclude<ToolFinding['state'], 'missing'>;
	/** See `ToolPaths`. */
	readonly library?: string;
};

/** What to do when the camera has taken the connection. */
export interface OnConnected {
	/** A file to make as the sign of it. */
	readonly sign: string;
	/** A program to run then. */
	readonly command: CommandLine;
	/** When that ends with this exit code, the tool is ended, and this is the tool's exit code. */
	readonly fatal?: number;
}

/**
 * One tool. `S` is what it remembers of the lines so far: `read` takes a line into it and says what the line shows,
 * `end` says what the end shows that no line did (for a tool that ended before `connected` it must report a `refusal`,
 * an `error` or, when the tool did its work unseen, `connected`).
 */
export interface Tool<S = unknown> {
	readonly id: 'gphoto2' | 'chdkptp';
	/** Its name for people. */
	readonly name: string;
	/** Oldest release that was run against a camera; older ones get a note. */
	readonly minimum: string;
	/** The sentence a person needs when the program is not there. */
	install(platform: NodeJS.Platform): string;
	/** Names to look for in each folder of PATH, best first. On Windows `.exe` and its like are tried too. */
	names(platform: NodeJS.Platform): readonly string[];
	/** A file that lies beside the program where it is used from the folder in which it was built. */
	readonly beside?: string;
	/** Environment by which the program finds what lies beside it in this folder. */
	home?(folder: string, env: ToolPaths['env']): Readonly<Record<string, string>>;
	/** Whether `home` can name this folder. One that it cannot is named by a link of ours. */
	canName?(folder: string): boolean;
	/** Environment variable that names the program, looked at before PATH. */
	readonly variable: string | null;
	/** Asked one after the other, all of them, in a folder of ours. */
	readonly probes: readonly Probe[];
	/** One answer per probe. */
	judge(answers: readonly ProbeResult[], path: string): ProbeVerdict;
	/** Whether these ARGS (none: its shell) make it ask a person for commands, so that it wants the terminal for itself. */
	interactive(args: readonly string[]): boolean;
	/**
	 * On a terminal its stderr goes there directly too, in order with its prompts: it is not needed to be read, and a refused
	 * attempt says nothing on it.
	 */
	readonly stderrToTty?: boolean;
	/** It has no time-outs: a camera that has gone keeps it waiting for good, so canon-wifi watches whether it waits. */
	readonly noTimeout?: boolean;
	/** Lines that it prints on stdout while it connects and that are not what it was asked for: not passed on. */
	readonly banner?: readonly string[];
	/** What a person should know about the command line that is shown, one sentence; nothing where there is nothing. */
	remark?(job: Job, paths: ToolPaths): string | undefined;
	/** This run will not say that it is connected: its connections are to be looked at (Linux). */
	silentConnect?(job: Job, paths: ToolPaths): boolean;
	/** Programs of the user's that it will start by these ARGS: paths that must be executable. */
	starts?(args: readonly string[]): readonly string[];
	/** Files of this computer that it will read by these ARGS: they must be readable. */
	reads?(args: readonly string[]): readonly string[];
	/** What to do when the camera has taken the connection. */
	onConnected?(job: Job, paths: ToolPaths): OnConnected | undefined;
	prepare(job: Job, paths: ToolPaths): readonly PreparedFile[];
	command(job: Job, paths: ToolPaths): CommandLine;
	/**
	 * Signals that ask the tool to end so that the camera is released, one after the other with a few seconds in between; then
	 * comes SIGKILL. Its stdin, when that is a pipe, is closed with the first.
	 */
	readonly quit: readonly NodeJS.Signals[];
	/**
	 * A named pipe that the tool waits on, if `prepare` made one, after its attempt and before it takes the terminal or reads
	 * stdin. Opened when `connected` is seen; a tool that was refused is ended behind it.
	 */
	startGate?(paths: ToolPaths): string;
	start(job: Job, paths: ToolPaths): S;
	read(state: S, line: OutputLine): readonly [S, ...Observation[]];
	end(state: S, exit: Exit): readonly Observation[];
}

/** Signals with which a person ends a program. Not SIGKILL: that is also how a system without memory ends it. */
const WISHED: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** Whether this is how a tool ends that nobody wanted to end. @param signal what ended it; nothing when it ended by itself */
export const diedOf = (signal: string | null): signal is string => signal !== null && !WISHED.has(signal);
