// Programs whose output goes to files, because Node for Windows cannot write to a pipe of Linux under Wine.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often output is looked at, in milliseconds. */
const LOOK_MS = 50;

/** Starts programs, keeps their output below `folder`, and ends those that still run. */
export function jobsIn(folder) {
	const running = new Set();
	let started = 0;

	/**
	 * Starts a program: file and arguments. `ended` resolves with its exit code, its stdout and all that it said; a program
	 * that takes longer than `limitMs` is killed. `host`: in whose network it runs (hosts.mjs), this computer's by default.
	 */
	function start(command, { cwd = folder, env = process.env, limitMs = 120_000, host } = {}) {
		const name = join(folder, `job-${++started}`);
		const [out, err] = [`${name}.out`, `${name}.err`].map((path) => openSync(path, 'w'));
		const [file, ...args] = host === undefined ? command : ['ip', 'netns', 'exec', host.name, ...command];
		const child = spawn(file, args, { cwd, env, stdio: ['ignore', out, err] });
		closeSync(out);
		closeSync(err);
		running.add(child);
		const [stdout, stderr] = ['out', 'err'].map((end) => () => readFileSync(`${name}.${end}`, 'utf8'));
		let over = false;
		const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
		const ended = new Promise((resolve) => {
			const end = (code) => {
				over = true;
				clearTimeout(limit);
				running.delete(child);
				resolve({ code, stdout: stdout(), output: stdout() + stderr() });
			};
			child.once('error', ({ message }) => end(message));
			child.once('exit', (code, signal) => end(code ?? `${signal}, after ${limitMs / 1000} s at most`));
		});
		return {
			ended,
			kill: (signal) => child.kill(signal),
			/** Resolves with the first NDJSON event that `like` holds for. */
			async until(like) {
				for (;;) {
					const last = over;
					const found = events(stdout()).find(like);
					if (found !== undefined) return found;
					if (last) throw new Error(`it ended before that:\n${stdout()}${stderr()}`);
					await sleep(LOOK_MS);
				}
			},
		};
	}

	return {
		start,
		/** Runs a program to its end and resolves with its stdout; rejects when it fails. */
		async must(command, options) {
			const { code, stdout, output } = await start(command, options).ended;
			if (code !== 0) throw new Error(`${command.join(' ')}: ${code}\n${output}`);
			return stdout;
		},
		/** Ends all that still run. */
		close: () => {
			for (const child of running) child.kill('SIGKILL');
		},
	};
}

/** The NDJSON events of an output whose last line may not be whole yet. */
export function events(output) {
	return output
		.split('\n')
		.slice(0, -1)
		.filter((line) => line.startsWith('{'))
		.map((line) => JSON.parse(line));
}
