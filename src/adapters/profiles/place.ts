/** The settings folder of this computer and user. */
import os from 'node:os';
import path from 'node:path';
import { settingsFolder } from '../../core/settings/place.ts';

/** The folder, absolute. It need not exist yet. */
export function settingsFolderHere(flag: string | undefined, env: Readonly<Record<string, string | undefined>> = process.env): string {
	return path.resolve(settingsFolder(flag, { platform: process.platform, env, home: os.homedir() }));
}
