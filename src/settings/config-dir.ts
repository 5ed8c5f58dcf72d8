/** The settings folder of this computer and user. */
import os from 'node:os';
import path from 'node:path';
import { configDirFor } from './rules/config-dir.ts';

/** Returns the settings folder as an absolute path. It need not exist yet. `flag` is the value of `--config-dir`. */
export function configDir(flag: string | undefined, env: Readonly<Record<string, string | undefined>> = process.env): string {
	return path.resolve(configDirFor(flag, { platform: process.platform, env, home: homeFolder() }));
}

/** Returns HOME if it is an absolute path, otherwise the home folder that the system knows; `undefined` if there is none. */
function homeFolder(): string | undefined {
	for (const ask of [os.homedir, () => os.userInfo().homedir])
		try {
			const home = ask();
			if (path.isAbsolute(home)) return home;
		} catch {
			// The user id has no entry in the system's list of users.
		}
	return undefined;
}
