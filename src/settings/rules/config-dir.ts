/** Where the settings are kept. The platform's own place is the one that `conf` uses (its env-paths). */
import { CanonWifiError } from '#contract/errors.ts';

/** What the choice of the folder depends on. */
export interface ConfigEnvironment {
	platform: string;
	env: Readonly<Record<string, string | undefined>>;
	/** The home folder; `undefined` for a user without one. */
	home: string | undefined;
}

/**
 * Returns the settings folder: `--config-dir`, otherwise `CANON_WIFI_CONFIG_DIR`, otherwise the platform's own place.
 * A relative XDG_CONFIG_HOME is ignored, as its specification requires.
 * @param flag the value of `--config-dir`
 * @throws settingsUnwritable for a user without a home folder
 */
export function configDirFor(flag: string | undefined, { platform, env, home }: ConfigEnvironment): string {
	if (flag !== undefined) return flag;
	if (env.CANON_WIFI_CONFIG_DIR) return env.CANON_WIFI_CONFIG_DIR;
	if (platform === 'win32' && env.APPDATA) return `${env.APPDATA}\\canon-wifi\\Config`;
	if (platform !== 'win32' && platform !== 'darwin' && env.XDG_CONFIG_HOME?.startsWith('/')) return `${env.XDG_CONFIG_HOME}/canon-wifi`;
	if (home === undefined)
		throw new CanonWifiError('settingsUnwritable', { file: 'The settings folder', why: 'this user has no home folder' });
	if (platform === 'darwin') return `${home}/Library/Preferences/canon-wifi`;
	if (platform === 'win32') return `${home}\\AppData\\Roaming\\canon-wifi\\Config`;
	return `${home}/.config/canon-wifi`;
}
