/** The built program as people run it: a process, its events, its exit code. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/canon-wifi.mjs', import.meta.url));
if (!existsSync(new URL('../../dist/main.js', import.meta.url))) throw new Error('dist/ is missing: run `npm run build` first');

export type Json = { type: string; [field: string]: unknown };

export interface Run {
	/** All of stdout, as it came. */
	stdout: string;
	/** Every line of stdout, as text. */
	lines: string[];
	/** The lines of stdout that are JSON. */
	events: Json[];
	stderr: string;
	/** Exit code, once it has ended; 128 + n for a signal is not made up: a killed process gives the signal's name. */
	ended: Promise<number | string>;
	/** Waits for an event; rejects when the process ends without it or the limit is over. */
	until(like: (event: Json) => boolean, limitMs?: number): Promise<Json>;
	stdin: NodeJS.WritableStream;
	kill(signal: NodeJS.Signals): void;
	/** Ends it, if it still lives. */
	[Symbol.asyncDispose](): Promise<void>;
}

export interface RunOptions {
	/** Network namespace. */
	in?: string | undefined;
	env?: Record<string, string>;
	cwd?: string;
	/** Written to stdin, which is then closed. Without it stdin is empty, unless `openStdin`. */
	input?: string;
	openStdin?: boolean;
	/** Another program than canon-wifi: file and leading arguments. */
	program?: readonly string[];
}

const LIMIT_MS = 40_000;

/** Starts the program. The environment holds no CI, no colours and a home of its own where that is given. */
export function start(args: readonly string[], options: RunOptions = {}): Run {
	const command = [
		...(options.in === undefined ? [] : ['ip', 'netns', 'exec', options.in]),
		...(options.program ?? [process.execPath, BIN]),
		...args,
	];
	const [file = '', ...rest] = command;
	const { CI: _, ...env } = process.env;
	const child = spawn(file, rest, { stdio: 'pipe', cwd: options.cwd, env: { ...env, NO_COLOR: '1', ...options.env } });
	const waiting = new Set<() => void>();
	const run: Run = {
		stdout: '',
		lines: [],
		events: [],
		stderr: '',
		stdin: child.stdin,
		ended: new Promise((resolve) => {
			child.once('error', (error) => resolve(error.message));
			child.once('close', (code, signal) => {
				over = true;
				for (const wake of waiting) wake();
				resolve(code ?? signal ?? 'unknown');
			});
		}),
		until: (like, limitMs = LIMIT_MS) =>
			new Promise((resolve, reject) => {
				const done = (settle: () => void) => {
					clearTimeout(limit);
					waiting.delete(look);
					settle();
				};
				const told = () => `${args.join(' ')}\n${run.lines.join('\n')}\n${run.stderr}`;
				const look = () => {
					const found = run.events.find(like);
					if (found !== undefined) done(() => resolve(found));
					else if (over) done(() => reject(new Error(`ended without it: ${told()}`)));
				};
				const limit = setTimeout(() => done(() => reject(new Error(`not within ${limitMs} ms: ${told()}`))), limitMs);
				waiting.add(look);
				look();
			}),
		kill: (signal) => void child.kill(signal),
		async [Symbol.asyncDispose]() {
			if (!over) child.kill('SIGTERM');
			const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
			await run.ended;
			clearTimeout(hard);
		},
	};
	let over = false;
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		run.stderr += text;
	});
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		run.stdout += text;
	});
	createInterface(child.stdout).on('line', (line) => {
		run.lines.push(line);
		try {
			run.events.push(JSON.parse(line) as Json);
		} catch {
			// Not an event; a test that wants only events counts lines.
		}
		for (const wake of waiting) wake();
	});
	child.stdin.on('error', () => {}); // a program that ended does not read
	if (options.input !== undefined) child.stdin.end(options.input);
	else if (options.openStdin !== true) child.stdin.end();
	return run;
}

/** Runs it to its end. */
export async function finish(args: readonly string[], options: RunOptions = {}): Promise<Run & { code: number | string }> {
	const run = start(args, options);
	const code = await run.ended;
	return Object.assign(run, { code });
}

export const event =
	(type: string, fields: Record<string, unknown> = {}) =>
	(one: Json): boolean =>
		one.type === type && Object.entries(fields).every(([key, value]) => one[key] === value);
