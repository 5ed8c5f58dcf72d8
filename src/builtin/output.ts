/** How the built-in client speaks: on the terminal or the streams handed in, or as events only. */

import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import { widthOf } from '#base/table.ts';
import { printable } from '#base/text.ts';
import type { Emit } from '#contract/events.ts';
import type { Warning } from '#contract/warnings.ts';
import { type Progress, progressLine, Rate } from '#transfer/rules/progress.ts';

/** The streams of the program, and what they are. */
export interface BuiltinIo {
	stdin: NodeJS.ReadableStream;
	stdout: NodeJS.WritableStream;
	stderr: NodeJS.WritableStream;
	stdinIsTerminal: boolean;
	stdoutIsTerminal: boolean;
	stderrIsTerminal: boolean;
	/** Width of the terminal now. */
	columns(): number;
	/** When the terminal is ours. */
	stay?: ForegroundCheck;
	/** Ends the whole run as Ctrl-C does where it is a signal and no key. */
	interrupt(): void;
}

/** The course of one file. */
interface TransferNote {
	/** The camera's path and name of the file, unchecked. */
	file: string;
	/** Where it goes on this computer. */
	to: string;
	bytes: number;
	total: number | undefined;
	state: 'running' | 'done' | 'skipped';
}

export interface CommandOutput {
	/** A line of a command's result. Whatever it holds is made printable. */
	out(line: string): void;
	/** A line about what went wrong or is worth knowing. */
	err(line: string): void;
	/** Something is odd, and the command goes on. `command`: which one says so. */
	warn(command: string, warning: Warning): void;
	transfer(note: TransferNote): void;
	/** Takes the progress line away, if one is shown. */
	quiet(): void;
}

/** The progress line is drawn at most this often, in milliseconds. */
const REDRAW_MS = 100;
/** Events about a file on its way come at most this often, in milliseconds. */
const EVENT_MS = 500;

export function streamOutput(io: BuiltinIo, now: () => number): CommandOutput {
	const bar = io.stderrIsTerminal ? progressBar(io, now) : undefined;
	const say = (stream: NodeJS.WritableStream, line: string) => {
		bar?.clear();
		stream.write(`${printable(line)}\n`);
	};
	return {
		out: (line) => say(io.stdout, line),
		err: (line) => say(io.stderr, line),
		warn: (command, { message }) => say(io.stderr, `${command}: ${message}`),
		transfer: (note) => {
			if (note.state === 'running') bar?.show(note);
			else bar?.over();
		},
		quiet: () => bar?.over(),
	};
}

/** Everything as `toolSaid` and `transfer` events; nothing is written anywhere. */
export function eventOutput(emit: Emit, now: () => number): CommandOutput {
	let last = Number.NEGATIVE_INFINITY;
	const say = (stream: 'stdout' | 'stderr', line: string) => emit({ type: 'toolSaid', tool: 'builtin', stream, line: printable(line) });
	return {
		out: (line) => say('stdout', line),
		err: (line) => say('stderr', line),
		warn: (_command, warning) => emit(warning),
		transfer: ({ file, to, bytes, total, state }) => {
			if (state === 'running' && now() - last < EVENT_MS) return;
			last = now();
			emit({ type: 'transfer', file: printable(file), to, bytes, total: total ?? 0, state });
		},
		quiet: () => {},
	};
}

function progressBar(io: BuiltinIo, now: () => number) {
	let rate: Rate | undefined;
	let drawn = Number.NEGATIVE_INFINITY;
	let width = 0;
	const { stay = alwaysForeground } = io;
	let drawnIn: number | undefined;
	/** Whether the terminal is ours. What was drawn in another stay there is no longer ours to erase. */
	const here = () => {
		const is = stay();
		if (is !== drawnIn) width = 0;
		drawnIn = is;
		return is !== undefined;
	};
	// Spaces instead of an escape sequence: that works on every terminal.
	const clear = () => {
		if (here() && width > 0) io.stderr.write(`\r${' '.repeat(width)}\r`);
		width = 0;
	};
	return {
		clear,
		show({ file, bytes, total }: TransferNote) {
			rate ??= new Rate();
			rate.mark(now(), bytes);
			if (now() - drawn < REDRAW_MS) return;
			drawn = now();
			if (!here()) return;
			const progress: Progress = { name: file.split('/').at(-1) ?? file, bytes, total, bytesPerSecond: rate.bytesPerSecond };
			const line = progressLine(progress, io.columns());
			const before = width;
			width = widthOf(line);
			io.stderr.write(`\r${line}${' '.repeat(Math.max(before - width, 0))}`);
		},
		over() {
			clear();
			rate = undefined;
			drawn = Number.NEGATIVE_INFINITY;
		},
	};
}
