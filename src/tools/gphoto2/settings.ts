/**
 * gphoto2's settings in a folder of our own: the camera must meet the same GUID at every connection, and the user's
 * own file, which gphoto2 rewrites with the port of each call, is to stay as it is. Text after libgphoto2 gphoto2-setting.c.
 */
import { guidOf } from '#protocol/ptpip/guid.ts';
import type { PreparedFile } from '../tool.ts';

/**
 * The file's whole text, `id=key=value` lines. It must end with a newline (the last character of an unfinished line is
 * lost), and a line with fewer than two `=` makes the library delete the file.
 */
export function settingsText(uuid: string): string {
	const pairs = Array.from(guidOf(uuid), (byte) => byte.toString(16).padStart(2, '0'));
	return `ptp2_ip=guid=${pairs.join(':')}\n`;
}

/**
 * Where the library looks, by version and system. `HOME` and `XDG_CONFIG_HOME` both point to `folder`, so every
 * layout lies in it: `$HOME/.gphoto` up to 2.5.33, from 2.5.34 `$XDG_CONFIG_HOME/gphoto`, on macOS Application Support.
 */
const LAYOUTS = ['.gphoto/settings', 'gphoto/settings', 'Library/Application Support/gphoto/settings'];

/** The files of gphoto2's settings, in every layout. @param uuid this computer's, which becomes the GUID */
export function settingsFiles(folder: string, uuid: string): PreparedFile[] {
	return LAYOUTS.map((layout) => ({ path: `${folder}/${layout}`, content: settingsText(uuid) }));
}

/** Environment that makes gphoto2 use them. */
export function settingsEnv(folder: string): Record<string, string> {
	return { HOME: folder, XDG_CONFIG_HOME: folder };
}
