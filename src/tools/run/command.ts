/** A program of the user's own, run as it was given: no shell, our streams, its own exit code. */
import { constants } from 'node:os';
import { basename, delimiter, dirname, resolve } from 'node:path';
import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { type FindOptions, fileProblem, onPath } from '../find/find.ts';
import { start } from './run.ts';

/** How long it may take to end when it is asked to, in milliseconds. */
const GRACE_MS = 5000;

/** Why this program cannot be started, as the system looks for it: also in relative folders of PATH, on Windows first here. */
export async function commandProblem(file: string, { platform, env }: Pick<FindOptions, 'platform' | 'env'>): Promise<string | undefined> {
	const windows = platform === 'win32';
	if (file.includes('/') || (windows && file.includes('\\')))
		return windows && (await onPath([basename(file)], { platform, env: { ...env, PATH: resolve(dirname(file)) } })) !== undefined
			? undefined
			: fileProblem(resolve(file), platform);
	const name = Object.keys(env).find((one) => (windows ? one.toUpperCase() : one) === 'PATH');
	const folders = [...(windows ? ['.'] : []), ...(name === undefined ? [] : (env[name] ?? '').split(delimiter))];
	const found = await onPath([file], {
		platform,
		env: { PATHEXT: env.PATHEXT, PATH: folders.map((folder) => resolve(folder)).join(delimiter) },
	});
	return found === undefined ? 'there is no such program on PATH' : undefined;
}

/** Starts it. `ended` rejects with `usage` when it cannot be started; a signal gives the exit code of shells, 128 + its number. */
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
	const run = start(
		{ file, args, env },
		{ stdin: 'inherit', stdout, stderr: 'inherit', platform: process.platform, control: { names: [] } },
	);
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
