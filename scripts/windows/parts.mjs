// What is run under Wine. Each part gets the world that test-windows.mjs has set up, throws when something is wrong, and may
// return what there is to say.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { events } from './jobs.mjs';
import { windowsPath } from './wine.mjs';

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const BIN = 'C:\\cw\\package\\bin\\canon-wifi.mjs';
const SETTINGS = 'C:\\cw\\settings';

/** Names that Windows refuses, takes for a device or a stream, or takes for another name of this list. */
const FORBIDDEN_NAMES = [
	'CON',
	'aux.jpg',
	'nul.JPG',
	'COM1',
	'LPT¹',
	'conin$',
	'a:b.jpg',
	'q?.jpg',
	'x<y>.jpg',
	'pipe|"quoted"*.jpg',
	'back\\slash.jpg',
	'trailing dot.',
	'trailing space ',
	`${'long'.repeat(60)}`,
	'IMG_0001.JPG',
	'img_0001.jpg',
];
const PLAIN_NAME = 'MVI_0002.MP4';

/** Runs the packed program to its end, with a hook of test/windows/ if one is named; throws unless it ends well. */
async function canonWifi({ wine }, args, { hook, ...options } = {}) {
	const ended = await wine.node([...hooked(hook), BIN, ...args], options).ended;
	assert.equal(ended.code, 0, `canon-wifi ${args.join(' ')}\n${ended.output}`);
	return { ...ended, events: events(ended.stdout) };
}

/** Node's arguments for a hook, which forces what Wine does not do and Windows does. */
const hooked = (hook) => (hook === undefined ? [] : ['--require', windowsPath(`${root}test/windows/${hook}`)]);

const settings = (args) => ['--config-dir', SETTINGS, '--json', '--no-input', ...args];
const is = (type) => (event) => event.type === type;

/** A software camera on the other host. It runs on Linux, so that only one side is Windows. */
const camera = ({ jobs, hosts, folder }, ...args) =>
	jobs.start(
		[
			...[process.execPath, `${root}bin/canon-wifi.mjs`, 'simulate', '--json', '--no-input'],
			...['--address', hosts.camera.address, '--state', join(folder, 'camera.json'), ...args],
		],
		{ host: hosts.camera },
	);

/** A card whose files have these names; each holds its own name. */
function card(folder, names) {
	const files = join(folder, 'DCIM', '100CANON');
	mkdirSync(files, { recursive: true });
	for (const name of names) writeFileSync(join(files, name), name);
	return folder;
}

/** Pairs, once for all parts that need a paired camera. */
const pair = (world) => {
	world.paired ??= pairOnce(world);
	return world.paired;
};

async function pairOnce(world) {
	const cam = camera(world);
	const run = await canonWifi(world, settings(['pair', 'studio', '--tool', 'builtin', '--name', 'windows']));
	assert.equal(run.events.find(is('profile'))?.id, 'studio', run.output);
	assert.equal(run.events.find(is('camera'))?.address, world.hosts.camera.address, run.output);
	assert.equal((await cam.ended).code, 0, 'the camera');
}

/** Runs tests under Wine, in a copy of this project that has the packages for Windows. */
async function vitest({ wine, tree }, paths) {
	const program = windowsPath(join(tree, 'node_modules/vitest/vitest.mjs'));
	const { code, output } = await wine.node([program, 'run', '--no-color', '--testTimeout=90000', ...paths], {
		cwd: tree,
		limitMs: 1_800_000,
	}).ended;
	assert.equal(code, 0, output);
	return /^\d+ passed.*$/m.exec(output)?.[0];
}

const tests = (...paths) => ({ name: paths.join(' '), needs: ['tree'], run: (world) => vitest(world, paths) });

export const PARTS = [
	{
		name: 'version',
		needs: [],
		async run(world) {
			assert.equal((await canonWifi(world, ['--version'])).stdout.trim(), version);
		},
	},
	{
		name: 'doctor',
		needs: [],
		async run(world) {
			const ended = await world.wine.node([BIN, ...settings(['doctor'])]).ended;
			const found = events(ended.stdout);
			assert.equal(found.at(-1)?.type, 'result', ended.output);
			return `${found.filter(is('check')).length} rows`;
		},
	},
	{
		name: 'demo',
		needs: [],
		async run(world) {
			await canonWifi(world, ['demo'], { cwd: join(world.wine.drive, 'cw') });
		},
	},
	{
		name: 'pair, and get with names that Windows forbids',
		needs: ['hosts'],
		async run(world) {
			await pair(world);
			const media = card(join(world.folder, 'forbidden'), [...FORBIDDEN_NAMES, PLAIN_NAME]);
			const get = async () => {
				const cam = camera(world, '--scenario', 'reconnect', '--media', media);
				const run = await canonWifi(world, settings(['connect', 'studio', '--', 'get', '--all', '--to', 'C:\\photos dir\\ünï']));
				assert.equal((await cam.ended).code, 0, 'the camera');
				return run.events.filter(is('transfer')).map(({ state }) => state);
			};
			const saved = (await get()).filter((state) => state === 'done');
			assert.equal(saved.length, FORBIDDEN_NAMES.length + 1);
			const into = join(world.wine.drive, 'photos dir', 'ünï', '100CANON');
			const names = readdirSync(into);
			const refused = names.filter((name) =>
				/[\p{Cc}<>:"/\\|?*]|[. ]$|^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)/iu.test(name),
			);
			assert.deepEqual(refused, [], 'names that Windows refuses');
			assert.equal(new Set(names.map((name) => name.toLowerCase())).size, names.length, 'Windows takes some for one name');
			assert.deepEqual(names.map((name) => readFileSync(join(into, name), 'utf8')).sort(), [...FORBIDDEN_NAMES, PLAIN_NAME].sort());
			assert.deepEqual(new Set(await get()), new Set(['skipped']), 'the second time');
			return `${names.length} files`;
		},
	},
	{
		name: 'hold, used by the gphoto2 of Linux',
		needs: ['hosts', 'gphoto2'],
		async run(world) {
			await pair(world);
			const media = card(join(world.folder, 'held'), [PLAIN_NAME, 'IMG_0001.JPG']);
			const cam = camera(world, '--scenario', 'reconnect', '--media', media);
			const end = join(world.wine.drive, 'cw', 'end-the-hold');
			// A command of Windows that ends when a file is there, and the hold with it.
			const command = [
				windowsPath(join(world.folder, 'node.exe')),
				'-e',
				`setInterval(() => require('fs').existsSync('C:/cw/end-the-hold') && process.exit(7), 50)`,
			];
			const hold = world.wine.node([BIN, ...settings(['hold', 'studio', '--', ...command])]);
			const { port } = await hold.until(is('sharing'));
			await hold.until(is('connected'));
			const gphoto2 = async (...args) => {
				const env = { ...process.env, HOME: world.folder, LC_ALL: 'C' };
				return world.jobs.must(['gphoto2', '--port', `ptpip:127.0.0.1:${port}:${port}`, ...args], { env, host: world.hosts.computer });
			};
			assert.match(await gphoto2('--list-files'), /MVI_0002\.MP4/);
			await gphoto2('--get-all-files', '--force-overwrite');
			assert.equal(readFileSync(join(world.folder, PLAIN_NAME), 'utf8'), PLAIN_NAME);
			const status = await canonWifi(world, settings(['status']));
			assert.match(status.output, /studio/);
			writeFileSync(end, '');
			const { code, output } = await hold.ended;
			assert.equal(code, 7, output);
			const seen = await cam.ended;
			assert.equal(events(seen.stdout).filter(is('sessionOpened')).length, 1, seen.output);
			assert.equal(seen.code, 0, seen.output);
		},
	},
	{
		name: 'get, while a virus scanner holds new files',
		needs: ['hosts'],
		async run(world) {
			await pair(world);
			const media = card(join(world.folder, 'scanned'), [PLAIN_NAME, 'IMG_0001.JPG']);
			const cam = camera(world, '--scenario', 'reconnect', '--media', media);
			const get = settings(['connect', 'studio', '--', 'get', '--all', '--to', 'C:\\scanned']);
			const run = await canonWifi(world, get, { hook: 'refused-rename.cjs' });
			assert.equal((await cam.ended).code, 0, 'the camera');
			assert.deepEqual(readdirSync(join(world.wine.drive, 'scanned', '100CANON')).sort(), ['IMG_0001.JPG', PLAIN_NAME], run.output);
		},
	},
	{
		name: 'hold, where Windows keeps its ports for Hyper-V',
		needs: ['hosts'],
		async run(world) {
			await pair(world);
			const cam = camera(world, '--scenario', 'reconnect');
			const command = [windowsPath(join(world.folder, 'node.exe')), '--version'];
			const run = await canonWifi(world, settings(['hold', 'studio', '--', ...command]), { hook: 'excluded-port.cjs' });
			const { port } = run.events.find(is('sharing')) ?? {};
			assert.ok(port > 15741, run.output);
			assert.equal((await cam.ended).code, 0, 'the camera');
		},
	},
	tests('test/base', 'test/contract', 'test/structure', 'rules/', 'test/protocol/wire', 'test/protocol/ptp/', 'test/protocol/chdk'),
	tests('test/protocol/ptpip/', 'test/protocol/ssdp', 'test/protocol/upnp'),
	tests('test/cli'),
	tests('test/session', 'test/hold/holding', 'test/hold/via-hold', 'test/discovery/discovering', 'test/discovery/camera-watch'),
	tests('test/discovery/computer/responder.test.ts'),
];

/** A part that runs any other tests, by their path. */
export const testsAt = tests;
