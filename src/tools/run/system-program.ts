/** Programs of the system itself: `ps`, `stty`, `mkfifo`; those of Windows are named by their full path. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemEnv } from '#system/rules/system-path.ts';

/** Default limit for asking the system, in milliseconds. */
const LIMIT_MS = 2000;

/** Runs one of them and resolves with its stdout. Rejects when it cannot be run, fails, or takes longer than `limitMs`. */
export async function askSystem(file: string, args: readonly string[], limitMs = LIMIT_MS): Promise<string> {
	const { stdout } = await promisify(execFile)(file, args, {
		timeout: limitMs,
		maxBuffer: 1 << 24,
		windowsHide: true,
		// Windows names its programs by their full path, and its PATH is another one.
		env: process.platform === 'win32' ? process.env : systemEnv(process.env),
	});
	return stdout;
}
