/** Starts programs and ends them with all that they have started. The only file that knows execa. */
import { execFile } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { windowsProgram } from '#system/rules/windows-programs.ts';
import type { CommandLine, ProbeResult } from '../tool.ts';
import { anyIsAlive, groupIsAlive, handles, namedIn, signalTo, tree } from './processes.ts';

/** How a program is started. */
export interface RunOptions {
	readonly stdin: 'inherit' | 'ignore' | 'pipe';
	readonly stdout: 'inherit' | 'pipe';
	/** Default: `pipe`. */
	readonly stderr?: 'inherit' | 'pipe';
	readonly platform: NodeJS.Platform;
	readonly cwd?: string;
	/** Passes SIGUSR1 and SIGUSR2 that canon-wifi gets on to it, if it has a handler for them. Default: they go nowhere. */
	readonly control?: Control;
}

/** To whom signals are passed on. */
export interface Control {
	/** Names of its program, which may run behind a wrapper script. */
	readonly names: readonly string[];
	/** Called before each signal that is passed on. */
	passed?(): void;
}

/** How a process ended. `problem`: it could not be started, and why. */
export interface ProcessEnd {
	readonly code: number | null;
	readonly signal: string | null;
	readonly problem?: string;
}

/** A program that runs. A stream that it inherited is `null`. */
export interface Run {
	/** Absent when it could not be started. */
	readonly pid?: number;
	readonly stdin: Writable | null;
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
	/** Settles when the process itself has ended, even if another process still holds its pipes. Never rejects. */
	readonly ended: Promise<ProcessEnd>;
	/**
	 * Asks it to end, by one signal after the other with `graceMs` in between, then with SIGKILL; returns when it and all
	 * that it started are gone. Its stdin, when it is a pipe, is closed with the first signal.
	 */
	quit(signals: readonly NodeJS.Signals[], graceMs: number): Promise<void>;
	/** Lets go of its pipes. */
	close(): void;
}

/** How long SIGKILL may take, in milliseconds. */
const KILL_MS = 2000;

/** Starts a program. Unless it has the terminal, it gets a process group of its own. Never throws. */
export function start({ file, args, env }: CommandLine, { stdin, stdout, stderr = 'pipe', platform, cwd, control }: RunOptions): Run {
	// A group of its own, so that nothing behind a wrapper script is left over. Not on a terminal: there the tool must stay
	// in the foreground group, or it could neither read nor get Ctrl-C.
	const grouped = stdin !== 'inherit' && platform !== 'win32';
	const child = execa(file, args, {
		stdin,
		stdout,
		stderr,
		env,
		extendEnv: true,
		detached: grouped,
		cleanup: false,
		buffer: false,
		reject: false,
		encoding: 'buffer',
		windowsHide: true,
		...(cwd === undefined ? {} : { cwd }),
	});
	const { pid } = child;
	const reach = (signal: NodeJS.Signals): void => {
		if (pid !== undefined) signalTo(grouped ? -pid : pid, signal);
	};
	const killNow = (): void => reach('SIGKILL');
	process.once('exit', killNow);
	const ended = new Promise<ProcessEnd>((resolve) => {
		child.once('exit', (code, signal) => resolve({ code, signal }));
		// Only a program that could not be started settles without having ended.
		void child.then((result) => {
			if (pid === undefined) resolve({ code: null, signal: null, problem: startProblem(result.code, result.originalMessage) });
		});
	});
	void ended.then(() => process.removeListener('exit', killNow));
	if (pid !== undefined && control !== undefined) void ended.then(passOn(pid, control, platform));

	let hasEnded = false;
	void ended.then(() => {
		hasEnded = true;
	});
	const gone = async (pids: readonly number[], limitMs: number): Promise<boolean> => {
		for (let left = limitMs; ; left -= 20) {
			const alive = !hasEnded || (grouped ? await groupIsAlive(pid ?? 0, platform) : await anyIsAlive(pids, platform));
			if (!alive || left <= 0) return !alive;
			await sleep(20);
		}
	};

	return {
		...(pid === undefined ? {} : { pid }),
		stdin: child.stdin ?? null,
		stdout: child.stdout ?? null,
		stderr: child.stderr ?? null,
		ended,
		async quit(signals, graceMs) {
			if (pid === undefined) return;
			child.stdin?.end();
			if (platform === 'win32') return endTreeOnWindows(pid, signals.length > 0 ? graceMs : 0, ended);
			const pids = grouped ? [-pid] : await tree(pid, platform);
			for (const signal of signals) {
				for (const one of pids) signalTo(one, signal);
				if (await gone(pids, graceMs)) break;
			}
			if (await gone(pids, 0)) return;
			for (const one of pids) signalTo(one, 'SIGKILL');
			await gone(pids, KILL_MS);
		},
		close() {
			child.stdin?.destroy();
			child.stdout?.destroy();
			child.stderr?.destroy();
		},
	};
}

/** Signals by which a tool is controlled and that mean nothing to us. Windows has none. */
const CONTROL = ['SIGUSR1', 'SIGUSR2'] as const;

/** Passes signals on until the function that is returned is called. */
function passOn(pid: number, { names, passed }: Control, platform: NodeJS.Platform): () => void {
	const over = new AbortController();
	for (const name of CONTROL) {
		const on = async () => {
			const to = await namedIn(pid, names, platform);
			if (!(await handles(to, name, platform)) || over.signal.aborted) return;
			passed?.();
			signalTo(to, name);
		};
		process.on(name, on);
		over.signal.addEventListener('abort', () => process.off(name, on));
	}
	return () => over.abort();
}

/** What reads commands ends by itself when its stdin is closed, in this time at most, in milliseconds. */
const WINDOWS_GRACE_MS = 1000;

/**
 * Windows has no signals, and `taskkill` without /F reaches windows only, no console program. So once its stdin is closed the
 * tool has a moment to end by itself; then it and its descendants are ended.
 */
async function endTreeOnWindows(pid: number, graceMs: number, ended: Promise<unknown>): Promise<void> {
	const grace = Math.min(graceMs, WINDOWS_GRACE_MS);
	if (grace > 0 && (await Promise.race([ended.then(() => 'ended'), sleep(grace)])) === 'ended') return;
	const taskkill = windowsProgram('taskkill', process.env);
	await new Promise<void>((resolve) => void execFile(taskkill, ['/T', '/F', '/PID', String(pid)], { timeout: KILL_MS }, () => resolve()));
	await Promise.race([ended, sleep(KILL_MS)]);
}

function startProblem(code: string | undefined, message: string | undefined): string {
	if (code === 'ENOENT') return 'there is no such file';
	if (code === 'EACCES') return 'it may not be executed';
	return message ?? 'it could not be started';
}

/** Runs a program that is only asked something: no stdin, limited in time (ms) and in output (bytes a stream). */
export async function ask(
	command: CommandLine,
	options: { platform: NodeJS.Platform; cwd: string; limitMs: number; limitBytes: number },
): Promise<ProbeResult> {
	const run = start(command, { stdin: 'ignore', stdout: 'pipe', platform: options.platform, cwd: options.cwd });
	const texts = [collect(run.stdout, options.limitBytes), collect(run.stderr, options.limitBytes)];
	const over = new AbortController();
	const late = sleep(options.limitMs, 'late' as const, { signal: over.signal }).catch(() => 'late' as const);
	try {
		const first = await Promise.race([run.ended, late]);
		if (first === 'late') await run.quit([], 0);
		// Whoever else holds the pipes is not waited for.
		await Promise.race([Promise.all(texts.map(({ done }) => done)), sleep(200)]);
		const [stdout = '', stderr = ''] = texts.map(({ text }) => text());
		if (first === 'late')
			return { stdout, stderr, exitCode: null, signal: null, problem: `it did not end within ${options.limitMs / 1000} s` };
		const { code, signal, problem } = first;
		return { stdout, stderr, exitCode: code, signal, ...(problem === undefined ? {} : { problem }) };
	} finally {
		over.abort();
		run.close();
	}
}

/** The beginning of a stream; the rest is read and forgotten. */
function collect(stream: Readable | null, limit: number): { done: Promise<void>; text(): string } {
	const decoder = new TextDecoder();
	let text = '';
	const done = new Promise<void>((resolve) => {
		if (stream === null) resolve();
		stream?.on('data', (bytes: Uint8Array) => {
			if (text.length < limit) text += decoder.decode(bytes.subarray(0, limit - text.length), { stream: true });
		});
		stream?.once('close', resolve).once('error', () => resolve());
	});
	return { done, text: () => text };
}
