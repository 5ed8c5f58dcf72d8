/** Runs programs of the operating system to read their output: without a shell, and limited in time and output. */
import { execFile, spawnSync } from 'node:child_process';
import { errnoOf } from '#base/errors.ts';
import { systemEnv } from './rules/system-path.ts';
import { windowsProgram } from './rules/windows-programs.ts';

/** What a program printed, and how it ended. */
export interface ProgramOutput {
	stdout: string;
	stderr: string;
	/** Exit code; `null`: the program did not exit by itself. */
	code: number | null;
	/** There is no such program. */
	missing: boolean;
}

/** Runs a program by its name or full path. Never rejects. */
export type RunProgram = (name: string, args: readonly string[]) => Promise<ProgramOutput>;

const LIMIT_MS = 5000;
const MOST_BYTES = 8 * 1_048_576;

/** Returns the file and the environment to start a program with. A program in the current folder is never started. */
export function systemCommand(
	name: string,
	platform: string,
	env: Readonly<Record<string, string | undefined>>,
): { file: string; env: Record<string, string | undefined> } {
	const english = { ...env, LC_ALL: 'C' }; // its output is parsed, so it must be in English
	if (platform === 'win32') return { file: isFullPath(name) ? name : windowsProgram(name, env), env: english };
	return { file: name, env: { ...english, PATH: systemEnv(env).PATH } };
}

const isFullPath = (name: string): boolean => /[\\/]/.test(name);

const optionsFor = (timeout: number, env: Record<string, string | undefined>) =>
	({ encoding: 'utf8', timeout, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES, windowsHide: true, env }) as const;

/**
 * Runs a program of the system. Never rejects. Finds programs of the administrator (`/usr/sbin`) too.
 * @param timeoutMs after this the program is killed
 */
export function runProgram(name: string, args: readonly string[], timeoutMs: number = LIMIT_MS): Promise<ProgramOutput> {
	return new Promise((resolve) => {
		const { file, env } = systemCommand(name, process.platform, process.env);
		execFile(file, [...args], optionsFor(timeoutMs, env), (error, stdout, stderr) => {
			const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
			resolve({ stdout, stderr, code, missing: errnoOf(error) === 'ENOENT' });
		}).stdin?.end();
	});
}

/** Like `runProgram`, but blocks until the program has ended. Never throws. */
export function runProgramSync(name: string, args: readonly string[], timeoutMs: number): ProgramOutput {
	const { file, env } = systemCommand(name, process.platform, process.env);
	const { stdout, stderr, status, error } = spawnSync(file, [...args], { ...optionsFor(timeoutMs, env), input: '' });
	return { stdout: stdout ?? '', stderr: stderr ?? '', code: error === undefined ? status : null, missing: errnoOf(error) === 'ENOENT' };
}
