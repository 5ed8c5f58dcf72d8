/** What people install: packed, installed into an empty folder, and run there on the oldest Node and the newest. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundledWorker } from '../../scripts/bundled-worker.mjs';
import { STUBBED } from '../../scripts/stubbed.mjs';
import { freePort } from '../support/free-port.ts';
import { event, finish, start } from './program.ts';
import { noTerminal, Terminal } from './terminal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const PACKED = ['bin', 'docs', 'scripts', 'src', 'stubs', 'templates', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
/** The oldest that is promised, and newer long-term ones; the other tests run on what runs them. */
const NODES = ['20.12', '24', '26'];

let folder: string;
let installed: string;
let files: { path: string; size: number }[];
let bytes: number;

const npm = (args: string[], cwd: string) =>
	execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});

beforeAll(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'cw-package-')));
	// Packing builds, and the dist/ here is in use.
	const tree = join(folder, 'tree');
	mkdirSync(tree);
	for (const name of PACKED) cpSync(join(root, name), join(tree, name), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'junction');
	const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], tree)) as [
		{ filename: string; files: { path: string; size: number }[]; size: number },
	];
	files = packed.files;
	bytes = packed.size;
	installed = join(folder, 'installed');
	mkdirSync(installed);
	npm(['init', '-y'], installed);
	npm(['install', '--offline', join(folder, packed.filename)], installed);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(installed, 'node_modules', 'canon-wifi', ...parts);

describe('the tarball', () => {
	test('holds the program, its templates, documents and licences, and nothing that only its makers need', () => {
		const paths = files.map(({ path }) => path);
		for (const path of ['LICENSE', 'README.md', 'CHANGELOG.md', 'bin/canon-wifi.mjs', 'dist/main.js', 'dist/THIRD-PARTY.txt'])
			expect(paths).toContain(path);
		expect(paths).toEqual(expect.arrayContaining(['docs/events.md', 'docs/errors.md', 'templates/device-description.xml']));
		expect(paths.filter((path) => !/^(bin|dist|docs|templates)\/|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(path))).toEqual(
			[],
		);
		expect(paths.filter((path) => /\.(ts|map|test\.\w+)$|node_modules/.test(path))).toEqual([]);
		// About 0.5 MB. A library that comes along unnoticed shows here.
		process.stdout.write(`${paths.length} files, ${(bytes / 1000).toFixed(0)} kB packed\n`);
		expect(bytes).toBeLessThan(800_000);
	});

	test('brings no other package onto the computer, `ip` with its advisory least of all', () => {
		const tree = JSON.parse(npm(['ls', '--all', '--json'], installed)) as {
			dependencies: Record<string, { dependencies?: object }>;
		};
		expect(Object.keys(tree.dependencies)).toEqual(['canon-wifi']);
		expect(tree.dependencies['canon-wifi']?.dependencies ?? {}).toEqual({});
		expect(readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['canon-wifi']);
		// The code of `ip` is not in the bundle either.
		for (const { path } of files.filter(({ path }) => path.endsWith('.js')))
			expect(readFileSync(at(path), 'utf8')).not.toMatch(/cidrSubnet|fromPrefixLen/);
	});

	test('carries the name, version and licence of every package in the bundle', async () => {
		const workers = bundledWorker();
		const { metafile } = await build({
			absWorkingDir: root,
			entryPoints: ['src/cli/main.ts'],
			outdir: 'nowhere',
			bundle: true,
			splitting: true,
			write: false,
			metafile: true,
			format: 'esm',
			platform: 'node',
			plugins: [workers.plugin],
			logLevel: 'silent',
			alias: STUBBED,
		});
		const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
			Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
		);
		const folders = new Set(
			[...used.map(([input]) => input), ...workers.inputs]
				.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
				.filter((one) => one !== undefined),
		);
		expect(folders.size).toBeGreaterThan(20);
		const notices = readFileSync(at('dist', 'THIRD-PARTY.txt'), 'utf8').split(/^-{80}$/m);
		for (const one of folders) {
			const { name, version, license } = JSON.parse(readFileSync(join(root, one, 'package.json'), 'utf8')) as Record<string, string>;
			const notice = notices.find((text) => text.includes(`\n${name} ${version} (${license})\n`)) ?? '';
			expect(notice, name).toMatch(/Permission is hereby granted|Permission to use, copy|Apache License|Redistribution and use/);
			expect(notice, name).toMatch(/copyright/i);
		}
	});
});

/** The path of another Node, out of the npm registry; why not, if it cannot be had. */
function nodeOf(version: string): { path: string } | { why: string } {
	if (process.versions.node.startsWith(`${version}.`)) return { path: process.execPath };
	try {
		const path = execFileSync('npx', ['--yes', `node@${version}`, '-p', 'process.execPath'], {
			cwd: folder,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: 110_000,
			shell: process.platform === 'win32',
		}).trim();
		return { path };
	} catch (error) {
		const why = `node@${version} cannot be had from the npm registry: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
		if (process.env.CI === 'true') throw new Error(`nothing may be skipped with CI=true, but ${why}`, { cause: error });
		return { why };
	}
}

describe.concurrent.each(NODES)('installed, on Node %s', (version) => {
	test('it tells its version, pairs with a camera and fetches its pictures', async (context) => {
		const node = nodeOf(version);
		if ('why' in node) return context.skip(node.why);
		const program = [node.path, at('bin', 'canon-wifi.mjs')];
		const here = join(folder, `node-${version}`);
		mkdirSync(here);
		const asked = await finish(['-p', 'process.versions.node'], { program: [node.path] });
		expect(asked.lines.join()).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`));

		const told = await finish(['--version'], { program });
		expect([told.code, told.lines, told.stderr]).toEqual([
			0,
			[(JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }).version],
			'',
		]);

		const [ssdp, ptpip] = [String(await freePort()), String(await freePort())];
		const place = ['--address', '127.0.0.1', '--ssdp-port', ssdp];
		await using camera = start(['simulate', '--json', ...place, '--ptpip-port', ptpip, '--select-after', '0', '--survive'], {
			program,
			cwd: here,
		});
		await camera.until(event('searching'));
		const settings = ['--config-dir', join(here, 'settings'), '--json', '--no-input'];
		const pair = await finish([...settings, 'pair', 'studio', ...place, '--camera-port', ptpip, '--tool', 'builtin'], {
			program,
			cwd: here,
		});
		expect(pair.code, `${pair.stderr}${pair.lines.join('\n')}`).toBe(0);
		expect(pair.events.find(event('connected'))).toMatchObject({ chdk: '2.9', os: 'dryos' });
		const get = await finish([...settings, 'connect', 'studio', ...place, '--camera-port', ptpip, '--', 'get', '--all', '--to', 'photos'], {
			program,
			cwd: here,
		});
		expect(get.code, `${get.stderr}${get.lines.join('\n')}`).toBe(0);
		const pictures = readdirSync(join(here, 'photos'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.JPG'));
		expect(pictures.length).toBeGreaterThan(1);
		for (const name of pictures) expect(readFileSync(join(here, 'photos', name)).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
		expect(`${pair.stderr}${get.stderr}`).toBe('');
	}, 150_000);

	test('its dialogue asks on a terminal, waits, and saves the camera; Ctrl-D leaves it', async (context) => {
		const node = nodeOf(version);
		const why = 'why' in node ? node.why : noTerminal();
		if ('why' in node || why !== undefined) return context.skip(why ?? '');
		const [ssdp, ptpip] = [String(await freePort()), String(await freePort())];
		const place = ['--address', '127.0.0.1', '--ssdp-port', ssdp];
		const open = () =>
			new Terminal(['pair', 'studio', ...place, '--camera-port', ptpip], {
				program: [node.path, at('bin', 'canon-wifi.mjs')],
				env: { CANON_WIFI_CONFIG_DIR: join(folder, `wizard-${version}`) },
			});
		{
			using it = open();
			await it.shows("Name on the camera's screen?");
			it.press('C-d');
			expect(await it.end()).toMatchObject({ code: 130, restored: true, screen: expect.stringMatching(/to continue\.$/) });
		}
		using it = open();
		await it.shows("Name on the camera's screen?");
		it.press('attic', 'Enter');
		const asked = await it.shows('Which client should use the camera?', 'the built-in client');
		for (const _ of asked.split('\n').filter((line) => /○ gphoto2|● gphoto2|● chdkptp/.test(line))) it.press('Down');
		await it.shows(/● the built-in client/);
		it.press('Enter');
		await it.shows(/Waiting for the camera/);
		await using _camera = start(['simulate', '--json', ...place, '--ptpip-port', ptpip, '--select-after', '0']);
		await it.shows('What now?');
		it.press('Up');
		await it.shows(/● Leave/);
		it.press('Enter');
		const { code, restored, screen } = await it.end();
		expect({ code, restored }, screen).toEqual({ code: 0, restored: true });
		expect(screen).toMatch(/The camera's screen and buttons are unlocked.*Saved as "studio"/s);
	}, 150_000);
});
