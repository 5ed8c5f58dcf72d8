// `npm run test:windows`: canon-wifi as a program for Windows, run by Wine. Names of parts or paths of tests may follow:
// `npm run test:windows -- demo test/hold`. Needs Linux on x64; root for the parts with a network between two hosts.
// Everything it makes is in one temporary folder (some 1 GB) and goes with it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, installPackages, installPrograms, root } from './setup.mjs';
import { noHosts, openHosts } from './windows/hosts.mjs';
import { jobsIn } from './windows/jobs.mjs';
import { PARTS, testsAt } from './windows/parts.mjs';
import { noWine, wineIn } from './windows/wine.mjs';

const CI = process.env.CI === 'true';
const chosen = partsCalled(process.argv.slice(2));
const why = noWine();
if (why !== undefined) {
	console.log(`Windows is not tested here: ${why}.`);
	if (CI) console.error('With CI=true nothing may be skipped.');
	process.exit(CI ? 1 : 0);
}
installPackages();
build();
const lacking = {
	hosts: noHosts(),
	gphoto2: installPrograms({ gphoto2: 'gphoto2' }).length === 0 ? undefined : 'gphoto2 is not installed',
};

const closing = [];
// However this ends, nothing is left: no program, no namespace, no file.
process.on('exit', () => {
	for (const close of closing.reverse()) close();
});
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) process.on(signal, () => process.exit(code));

const counts = { passed: 0, failed: 0, skipped: 0 };
const world = {};
await timed('Wine, Node and packages for Windows', () => setUp(world));
if (counts.failed === 0) {
	for (const { name, needs, run } of chosen) {
		const lack = needs.map((need) => lacking[need]).find((one) => one !== undefined);
		if (lack === undefined || CI) await timed(name, () => run(world));
		else {
			counts.skipped++;
			console.log(`skipped  ${name}: ${lack}`);
		}
	}
}
console.log(`\nwindows: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);

/** The parts that were asked for by a word of their name, or by the path of tests. All of them by default. */
function partsCalled(words) {
	if (words.length === 0) return PARTS;
	const parts = words.flatMap((word) => {
		const called = PARTS.filter(({ name }) => name.includes(word));
		if (called.length > 0) return called;
		if (existsSync(join(root, word))) return [testsAt(word)];
		console.error(`There is no part "${word}". Parts:\n${PARTS.map(({ name }) => `  ${name}`).join('\n')}\nor the path of any test.`);
		return process.exit(64);
	});
	return [...new Set(parts)];
}

/** Runs a step and says how it went. */
async function timed(name, step) {
	const started = performance.now();
	let trouble;
	let note;
	try {
		note = await step();
	} catch (error) {
		trouble = error instanceof Error ? error.message : error;
	}
	const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
	counts[trouble === undefined ? 'passed' : 'failed']++;
	console.log(
		`${trouble === undefined ? 'ok      ' : 'FAILED  '} ${seconds.padStart(7)}  ${name}${note === undefined ? '' : ` (${note})`}`,
	);
	if (trouble !== undefined) console.error(`\n${trouble}\n`);
}

/** Fills in what the parts share: a folder, programs, hosts, Windows with the packed program, a copy of the project. */
async function setUp(world) {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'canon-wifi-windows-')));
	closing.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
	const hosts = lacking.hosts === undefined ? openHosts() : undefined;
	if (hosts !== undefined) closing.push(hosts.close);
	const jobs = jobsIn(folder);
	const wine = wineIn(folder, jobs, hosts?.computer);
	closing.push(wine.close, jobs.close);
	const tree = join(folder, 'tree');
	Object.assign(world, { folder, hosts, jobs, wine, tree });

	const packed = async () => {
		const pack = ['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
		return join(folder, (await jobs.must(pack, { cwd: root })).trim());
	};
	const wanted = chosen.some(({ needs }) => needs.includes('tree'));
	const [tarball] = await Promise.all([packed(), wine.setUp(), wanted && copyProject(tree, jobs)]);
	const place = join(wine.drive, 'cw');
	mkdirSync(place);
	await jobs.must(['tar', 'xzf', tarball, '-C', place]);
}

/** Copies this project, built, and installs the packages that it needs on Windows. */
async function copyProject(tree, jobs) {
	const left = ['node_modules', '.git'].map((name) => join(root, name));
	cpSync(root, tree, { recursive: true, filter: (path) => !left.includes(path) });
	const install = ['ci', '--os=win32', '--cpu=x64', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
	await jobs.must(['npm', ...install], { cwd: tree });
}
