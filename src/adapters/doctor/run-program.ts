/** Runs a system program to read what it says: without a shell, with a limit of time and of output. */
import { execFile } from 'node:child_process';

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

/** Never rejects. Programs of the administrator (`/usr/sbin`) are found too. */
export const runProgram: RunProgram = (file, args) =>
	new Promise((resolve) => {
		const path = process.platform === 'win32' ? process.env.PATH : `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/local/sbin`;
		const env = { ...process.env, PATH: path, LC_ALL: 'C' }; // we read its words, so it must speak English
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
