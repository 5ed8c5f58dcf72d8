/** Where the settings live. The platform's own place is the one that `conf` uses (its env-paths). */

export interface Surroundings {
	platform: string;
	env: Readonly<Record<string, string | undefined>>;
	/** The home folder. */
	home: string;
}

/**
 * The settings folder: `--config-dir`, else `CANON_WIFI_CONFIG_DIR`, else the platform's own place.
 * @param flag the value of `--config-dir`
 */
export function settingsFolder(flag: string | undefined, { platform, env, home }: Surroundings): string {
	if (flag !== undefined) return flag;
	if (env.CANON_WIFI_CONFIG_DIR) return env.CANON_WIFI_CONFIG_DIR;
	if (platform === 'darwin') return `${home}/Library/Preferences/canon-wifi`;
	if (platform === 'win32') return `${env.APPDATA || `${home}\\AppData\\Roaming`}\\canon-wifi\\Config`;
	return `${env.XDG_CONFIG_HOME || `${home}/.config`}/canon-wifi`;
}
