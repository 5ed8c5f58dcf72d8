// What the other scripts share: install what is missing, build, run a step.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** Runs a program in the project's folder, its output shown; gives its exit code. */
export function run(file, args, options = {}) {
	// npm and what is in node_modules/.bin are .cmd files on Windows, which only start by a shell.
	const shell = windows && (file === 'npm' || file.endsWith('.cmd'));
	const { status, error } = spawnSync(shell ? `"${file}"` : file, args, { cwd: root, stdio: 'inherit', shell, ...options });
	if (error !== undefined) console.error(`${file}: ${error.message}`);
	return status ?? 1;
}

/** The same, and the end of everything when it fails. */
export function must(file, args, options) {
	const code = run(file, args, options);
	if (code !== 0) process.exit(code);
}

/** A program out of node_modules. */
export function local(name) {
	return `${root}node_modules/.bin/${name}${windows ? '.cmd' : ''}`;
}

/** `npm ci` when it has not run since the lock file changed. */
export function installPackages() {
	const stamp = `${root}node_modules/.package-lock.json`;
	const fresh = existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
	if (fresh && existsSync(local('vitest'))) return;
	// npm would empty the folder that a link leads to.
	if (lstatSync(`${root}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink() === true) return;
	console.log('Installing packages (npm ci) ...');
	must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

export function build() {
	must(process.execPath, [`${root}scripts/build.mjs`]);
}

const succeeds = (file, ...args) => spawnSync(file, args, { stdio: 'ignore' }).status === 0;
const has = (program) => succeeds(windows ? 'where' : 'which', program);

/**
 * Installs Debian packages that are missing, where that is allowed; gives the names of what is still missing.
 * `wanted`: from a package's name to the program it brings, or to a command that only succeeds when it is there.
 */
export function installPrograms(wanted) {
	const missing = () =>
		Object.entries(wanted)
			.filter(([, sign]) => !(Array.isArray(sign) ? succeeds(...sign) : has(sign)))
			.map(([name]) => name);
	const left = missing();
	if (left.length === 0 || process.platform !== 'linux' || !has('apt-get')) return left;
	const asRoot = process.getuid() === 0 ? [] : has('sudo') && succeeds('sudo', '-n', 'true') ? ['sudo', '-n'] : undefined;
	if (asRoot === undefined) return left;
	console.log(`Installing ${left.join(', ')} (apt-get) ...`);
	const apt = (...args) => {
		const [file, ...rest] = [...asRoot, 'apt-get', ...args];
		return spawnSync(file, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
	};
	apt('-qq', 'update');
	apt('-qq', 'install', '-y', '--no-install-recommends', ...left);
	return missing();
}
