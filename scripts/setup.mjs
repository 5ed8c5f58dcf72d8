// What the other scripts share: install what is missing, build, run a step.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** Runs a program in the project's folder, its output shown; gives its exit code. */
export function run(file, args, options = {}) {
	const { status, error } = spawnSync(file, args, { cwd: root, stdio: 'inherit', shell: windows && file === 'npm', ...options });
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
	console.log('Installing packages (npm ci) ...');
	must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

export function build() {
	must(process.execPath, [`${root}scripts/build.mjs`]);
}

const has = (program) => spawnSync(windows ? 'where' : 'which', [program], { stdio: 'ignore' }).status === 0;

/** Installs Debian packages whose programs are missing, where that is allowed; gives those that are still missing. */
export function installPrograms(programs) {
	const missing = () => Object.entries(programs).filter(([program]) => !has(program));
	let left = missing();
	if (left.length === 0 || process.platform !== 'linux' || !has('apt-get')) return left.map(([program]) => program);
	const asRoot =
		process.getuid() === 0
			? []
			: has('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
				? ['sudo', '-n']
				: undefined;
	if (asRoot === undefined) return left.map(([program]) => program);
	const packages = [...new Set(left.map(([, name]) => name))];
	console.log(`Installing ${packages.join(', ')} (apt-get) ...`);
	const apt = (...args) => {
		const [file, ...rest] = [...asRoot, 'apt-get', ...args];
		return spawnSync(file, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
			.status;
	};
	apt('-qq', 'update');
	apt('-qq', 'install', '-y', '--no-install-recommends', ...packages);
	left = missing();
	return left.map(([program]) => program);
}

export function packageVersion() {
	return JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version;
}
