/** Runs a system program to read what it says: without a shell, with a limit of time and of output. */
import { execFile } from 'node:child_process';
import { systemPath } from '#system/rules/system-path.ts';
import { windowsProgram } from '#system/rules/windows-programs.ts';

export interface Said {
	stdout: string;
	stderr: string;
	/** Exit code; `null`: it did not end by itself. */
	code: number | null;
	/** There is no such program. */
	missing: boolean;
}

export type RunProgram = (file: string, args: readonly string[]) => Promise<Said>;

const LIMIT_MS = 5000;
const MOST_BYTES = 8 * 1_048_576;

/** What is started for the name of a program, and with which environment: never a program of the current folder. */
export function systemCommand(
	name: string,
	platform: string,
	env: Readonly<Record<string, string | undefined>>,
): { file: string; env: Record<string, string | undefined> } {
	const spoken = { ...env, LC_ALL: 'C' }; // we read its words, so it must speak English
	if (platform === 'win32') return { file: isFullPath(name) ? name : windowsProgram(name, env), env: spoken };
	return { file: name, env: { ...spoken, PATH: systemPath(env.PATH) } };
}

const isFullPath = (name: string): boolean => /[\\/]/.test(name);

/** Never rejects. Programs of the administrator (`/usr/sbin`) are found too. */
export const runProgram: RunProgram = (name, args) =>
	new Promise((resolve) => {
		const { file, env } = systemCommand(name, process.platform, process.env);
		execFile(
			file,
			[...args],
			{ timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES, windowsHide: true, env },
			(error, stdout, stderr) => {
				const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
				resolve({ stdout, stderr, code, missing: (error as NodeJS.ErrnoException | null)?.code === 'ENOENT' });
			},
		).stdin?.end();
	});
