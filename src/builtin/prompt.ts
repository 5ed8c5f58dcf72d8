/** Commands line by line: at a prompt on a terminal, or from a pipe. */
import { createInterface, type Interface } from 'node:readline';
import { type ChildAbort, childAbort } from '#base/child-abort.ts';
import { alwaysForeground } from '#base/foreground.ts';
import { untilForeground } from '#base/until-foreground.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { systemClock } from '#system/clock.ts';
import type { BuiltinIo, CommandOutput } from './output.ts';
import { type Command, parseLine } from './rules/arguments.ts';

/** Why a command was ended by hand. */
class Cancelled extends Error {
	override readonly name = 'Cancelled';
}

const PROMPT = 'canon> ';
/** A camera that takes notice of a Cancel does so within this, in milliseconds; one that does not may take ten times as long. */
const NOTICE_MS = 1000;
const STILL_BUSY = 'The camera has not stopped yet; Ctrl-C again ends the session.';
const IN_BACKGROUND = 'The prompt waits, as this program is in the background: bring it to the foreground with fg.';
const HOW_TO_LEAVE = ['Press Ctrl-C again or type quit to leave;', "leaving switches the camera's Wi-Fi off."];

export interface PromptOptions {
	io: BuiltinIo;
	/** Whether a person sits there: prompt, line editing, Ctrl-C ends the command rather than the program. */
	interactive: boolean;
	output: CommandOutput;
	/** Runs one command. Rejects when the session is over. */
	run(command: Command, signal: AbortSignal): Promise<number>;
	/** Ends the reading: the session is over. */
	signal: AbortSignal;
}

/** Reads and runs until the input ends, `quit`, or a second Ctrl-C at the empty prompt. 1 when the input was piped in and a command failed. */
export async function readCommands({ io, interactive, output, run, signal }: PromptOptions): Promise<number> {
	if (interactive) await untilForeground(io.stay ?? alwaysForeground, systemClock.sleep, signal, () => output.err(IN_BACKGROUND));
	const lines = createInterface({
		input: io.stdin,
		...(interactive ? { output: io.stdout, prompt: PROMPT, terminal: true, historySize: 200, completer } : { terminal: false }),
	});
	let current: ChildAbort | undefined;
	let notice: NodeJS.Timeout | undefined;
	let failed = false;
	const typed = lineQueue(lines);
	const close = () => lines.close();
	if (signal.aborted) close();
	else signal.addEventListener('abort', close, { once: true });
	// With the terminal in raw mode Ctrl-C is a key, not a signal.
	let warned = false;
	lines.on('line', () => {
		warned = false;
	});
	// After Ctrl-Z readline pauses its input and leaves it at that.
	lines.on('SIGCONT', () => {
		if (current === undefined) lines.prompt(true);
		else lines.resume();
	});
	lines.on('SIGINT', () => {
		if (current?.signal.aborted) io.interrupt();
		else if (current !== undefined) {
			current.abort(new Cancelled('cancelled'));
			notice = setTimeout(() => output.err(STILL_BUSY), NOTICE_MS);
		} else if (lines.line !== '') {
			warned = false;
			lines.write(null, { ctrl: true, name: 'e' }); // to its end, and from there all of it away
			lines.write(null, { ctrl: true, name: 'u' });
		} else {
			io.stdout.write('\n');
			if (warned) return lines.close();
			warned = true;
			for (const line of HOW_TO_LEAVE) output.out(line);
			lines.prompt();
		}
	});
	try {
		if (interactive) {
			output.out('Type help for the commands, quit to leave.');
			lines.prompt();
		}
		for (let line = await typed.next(); line !== undefined && !signal.aborted; line = await typed.next()) {
			const command = parseLine(line);
			if (command instanceof CanonWifiError) {
				output.err(`${command.message} ${command.next}`);
				failed = true;
			} else if (command?.do === 'quit') break;
			else if (command !== undefined) {
				const link = childAbort(signal);
				current = link;
				try {
					if ((await run(command, link.signal)) !== 0) failed = true;
				} catch (error) {
					if (signal.aborted || !(error instanceof Cancelled)) throw error;
					output.err(`${command.do}: cancelled.`);
					failed = true;
				} finally {
					current = undefined;
					clearTimeout(notice);
					link.release();
				}
			}
			if (interactive) lines.prompt();
		}
	} finally {
		signal.removeEventListener('abort', close);
		lines.close();
		if (interactive && signal.aborted) io.stdout.write('\n'); // the cursor stands behind the prompt
	}
	signal.throwIfAborted();
	return failed && !interactive ? 1 : 0;
}

/** Lines as they come, kept until they are asked for. Readline's own iterator misses what comes before it is waited on. */
function lineQueue(lines: Interface): { next(): Promise<string | undefined> } {
	const waiting: string[] = [];
	let closed = false;
	let wake = () => {};
	lines.on('line', (line) => {
		waiting.push(line);
		wake();
	});
	lines.on('close', () => {
		closed = true;
		wake();
	});
	return {
		async next() {
			while (waiting.length === 0 && !closed)
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			return waiting.shift();
		},
	};
}

function completer(line: string): [string[], string] {
	const names = ['info', 'ls ', 'get ', 'lua ', 'help', 'quit'];
	return [names.filter((name) => name.startsWith(line)), line];
}
