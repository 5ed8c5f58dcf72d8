import { expect, test } from 'vitest';
import { configDirFor } from '#settings/rules/config-dir.ts';

const at = (platform: string, env: Record<string, string>, home: string | undefined, flag?: string) =>
	configDirFor(flag, { platform, env, home });

test.each([
	['/home/u/.config/canon-wifi', at('linux', {}, '/home/u')],
	['/x/canon-wifi', at('linux', { XDG_CONFIG_HOME: '/x' }, '/home/u')],
	['/home/u/.config/canon-wifi', at('linux', { XDG_CONFIG_HOME: '', CANON_WIFI_CONFIG_DIR: '' }, '/home/u')],
	['/home/u/.config/canon-wifi', at('linux', { XDG_CONFIG_HOME: 'relative' }, '/home/u')],
	['/x/canon-wifi', at('linux', { XDG_CONFIG_HOME: '/x' }, undefined)],
	['D:\\R\\canon-wifi\\Config', at('win32', { APPDATA: 'D:\\R' }, undefined)],
	['/f', at('linux', {}, undefined, '/f')],
	['/Users/u/Library/Preferences/canon-wifi', at('darwin', { XDG_CONFIG_HOME: '/x' }, '/Users/u')],
	['D:\\R\\canon-wifi\\Config', at('win32', { APPDATA: 'D:\\R' }, 'C:\\u')],
	['C:\\u\\AppData\\Roaming\\canon-wifi\\Config', at('win32', {}, 'C:\\u')],
	['/e', at('linux', { CANON_WIFI_CONFIG_DIR: '/e', XDG_CONFIG_HOME: '/x' }, '/home/u')],
	['/f', at('linux', { CANON_WIFI_CONFIG_DIR: '/e' }, '/home/u', '/f')],
])('the settings are in %s', (expected, folder) => {
	expect(folder).toBe(expected);
});

test.each(['linux', 'darwin', 'win32'])('a user without a home folder gets an error that says what to do (%s)', (platform) => {
	expect(() => at(platform, {}, undefined)).toThrow(
		expect.objectContaining({ code: 'settingsUnwritable', next: expect.stringContaining('--config-dir') }),
	);
});
