/** The settings folder of this computer and user. */
import os from 'node:os';
import path from 'node:path';
import { configDirFor } from './rules/config-dir.ts';

/** The folder, absolute. It need not exist yet. */
export function configDir(flag: string | undefined, env: Readonly<Record<string, string | undefined>> = process.env): string {
	return path.resolve(configDirFor(flag, { platform: process.platform, env, home: homeFolder() }));
}

/** HOME where it says anything useful, else what the system knows of this user; nothing when that is nothing either. */
function homeFolder(): string | undefined {
	for (const ask of [os.homedir, () => os.userInfo().homedir])
		try {
			const home = ask();
			if (path.isAbsolute(home)) return home;
		} catch {
			// A user id without an entry in the system's list of users.
		}
	return undefined;
}
