/** Programs of the system itself: `ps`, `stty`, `mkfifo`; those of Windows are named by their full path. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemPath } from '#system/rules/system-path.ts';

/** Default limit for asking the system, in milliseconds. */
const LIMIT_MS = 2000;

/**
 * The environment to start them with. They are found in the system's own folders first, then in the user's PATH, never in
 * the current folder: people stand in Downloads.
 */
export function systemEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
	return { ...env, PATH: systemPath([systemPath(undefined), env.PATH ?? ''].join(':')) };
}

/** Runs one of them and resolves with its stdout. Rejects when it cannot be run, fails, or takes longer than `limitMs`. */
export async function askSystem(file: string, args: readonly string[], limitMs = LIMIT_MS): Promise<string> {
	const { stdout } = await promisify(execFile)(file, args, {
		timeout: limitMs,
		maxBuffer: 1 << 24,
		windowsHide: true,
		env: systemEnv(process.env),
	});
	return stdout;
}
