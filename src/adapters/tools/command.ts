/** A program of the user's own, run as it was given: no shell, our streams, its own exit code. */
import { constants } from 'node:os';
import { CanonWifiError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { start } from './run.ts';

/** How long it may take to end when it is asked to, in milliseconds. */
const GRACE_MS = 5000;

/** Starts it. `ended` rejects with `usage` when it cannot be started; a signal is told as shells do, 128 + its number. */
export function runCommand(
	[file = '', ...args]: readonly string[],
	env: Readonly<Record<string, string>>,
	options: {
		/** Ctrl-C is the program's until what comes back is called. */
		lendTerminal(): () => void;
		/** Our stdout is for something else: what it says there goes to stderr. */
		stdoutToStderr: boolean;
	},
): { readonly ended: Promise<number>; stop(): Promise<void> } {
	const giveBack = options.lendTerminal();
	const stdout = options.stdoutToStderr ? 'pipe' : 'inherit';
	const run = start({ file, args, env }, { stdin: 'inherit', stdout, stderr: 'inherit', platform: process.platform });
	run.stdout?.pipe(process.stderr, { end: false });
	return {
		ended: run.ended.then(({ code, signal, problem }) => {
			giveBack();
			if (problem !== undefined)
				throw new CanonWifiError('usage', { problem: `${printable(file)} cannot be run: ${problem}.`, next: 'Correct what follows "--".' });
			return code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
		}),
		stop: async () => {
			giveBack();
			await run.quit(['SIGTERM'], GRACE_MS);
		},
	};
}
