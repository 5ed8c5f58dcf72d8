/** What stands in the way on a real computer: addresses, ports, tools, settings, disks, cameras. One sentence each, and one of what to do. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { oddCamera, WITH_PARTS } from '../builtin/odd-camera.ts';
import { freePort } from '../support/free-port.ts';
import { skipUnless } from '../support/skip.ts';
import { NO_SHELL, windows } from '../support/systems.ts';
import { network, obstacle } from './network.ts';
import { event, finish, type Run, type RunOptions, start } from './program.ts';

// Each wait has its own limit; on a busy computer there are many of them.
vi.setConfig({ testTimeout: 120_000 });

const STANDIN = fileURLToPath(new URL('../bin/chdkptp-standin/chdkptp.sh', import.meta.url));
const CAPTURES = fileURLToPath(new URL('../captures/gphoto2/', import.meta.url));
const why = obstacle();
const skipped = why === undefined ? '' : ` (skipped: ${why})`;

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'cw-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const here = (name: string) => join(folder, name);
let rooms = 0;
/** An empty settings folder for one test. */
const settings = () => here(`settings-${++rooms}`);

/** On stderr stand what happened and what to do, and on stdout nothing. */
function said(run: Run): { what: string; next: string } {
	const lines = run.stderr
		.trimEnd()
		.split('\n')
		.map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
	const at = lines.findIndex((line) => line.startsWith('error: '));
	expect(lines.length - at, run.stderr).toBe(2);
	const [what = '', next = ''] = lines.slice(at);
	expect(what).toMatch(/[.?!]$/);
	expect(next).toMatch(/^ {2}\S.*[.?!]$/);
	expect(run.stderr).not.toMatch(/\n\s+at |node:internal|undefined/);
	return { what: what.slice('error: '.length), next: next.trim() };
}

/** Node code that runs until its stdin ends, and says `{"type":"there"}` when it stands. */
const beside = (code: string, options: RunOptions = {}) =>
	start(['-e', `${code}; process.stdin.resume().on('end', () => process.exit())`], {
		...options,
		program: [process.execPath],
		openStdin: true,
	});
const THERE = `console.log('{"type":"there"}')`;

describe.skipIf(why !== undefined)(`the network${skipped}`, () => {
	let lan: ReturnType<typeof network>;
	let alone: string;
	beforeAll(() => {
		lan = network({ pc: { last: 20 } });
		alone = `cw-alone-${process.pid}`;
		execFileSync('ip', ['netns', 'add', alone]);
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		execFileSync('ip', ['netns', 'del', alone]);
	});
	const pc = (args: string[], options: RunOptions = {}) =>
		finish(['--config-dir', settings(), ...args], { in: lan.hosts.pc?.name, ...options });

	test.each([['serve'], ['connect', '--tool', 'builtin'], ['pair', '--no-input', '--tool', 'builtin']])(
		'no network at all: %s',
		async (...args) => {
			const run = await finish(['--config-dir', settings(), ...args], { in: alone });
			expect(run.code).toBe(69);
			expect(said(run)).toMatchObject({ what: expect.stringContaining('no network'), next: expect.stringContaining('doctor') });
		},
	);

	test('UDP 1900 held by a program that does not share it: told at once, and doctor names it', async () => {
		await using holder = beside(`require('node:dgram').createSocket('udp4').bind({ port: 1900, exclusive: true }, () => ${THERE})`, {
			in: lan.hosts.pc?.name,
		});
		await holder.until(event('there'));
		const run = await pc(['serve']);
		expect(run.code).toBe(69);
		const { what, next } = said(run);
		expect(what).toMatch(/UDP port 1900/);
		expect(next).toMatch(/doctor/);
		const doctor = await pc(['doctor', '--json']);
		expect(doctor.code).toBe(69);
		expect(doctor.events.find(event('check', { topic: 'UDP 1900' }))).toMatchObject({
			state: 'error',
			text: expect.stringMatching(/node/),
			next: expect.stringMatching(/\S/),
		});
	});

	test('TCP 8043 taken: the next free port by default, an error when it was given by hand', async () => {
		await using holder = beside(`require('node:net').createServer().listen(8043, () => ${THERE})`, { in: lan.hosts.pc?.name });
		await holder.until(event('there'));
		const byHand = await pc(['serve', '-P', '8043']);
		expect(byHand.code).toBe(69);
		expect(said(byHand)).toMatchObject({ what: expect.stringContaining('TCP port 8043'), next: expect.stringContaining('--desc-port') });

		await using run = start(['--config-dir', settings(), '--json', 'serve'], { in: lan.hosts.pc?.name });
		expect(await run.until(event('ready'))).toMatchObject({ location: 'http://10.77.0.20:8044/ptpip-canon-desc-helper.xml' });
		expect(run.events.find(event('warning', { code: 'portMoved' }))).toBeDefined();
		run.kill('SIGTERM');
		expect(await run.ended).toBe(143);
	});

	test('two networks and nobody to ask: the flag is named, with what can be given', async () => {
		lan.hosts.pc?.ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'far0');
		lan.hosts.pc?.ip('addr', 'add', '10.88.0.1/24', 'dev', 'eth1');
		lan.hosts.pc?.ip('link', 'set', 'eth1', 'up');
		lan.hosts.pc?.ip('link', 'set', 'far0', 'up');
		try {
			for (const args of [['serve'], ['connect', '--tool', 'builtin'], ['pair', '--tool', 'builtin', '--no-input']]) {
				const run = await pc(args);
				expect(run.code).toBe(64);
				expect(said(run).next).toMatch(/--interface NAME: (eth0 or eth1|eth1 or eth0)/);
			}
		} finally {
			lan.hosts.pc?.ip('link', 'del', 'eth1');
		}
	});
});

/** A gphoto2 that answers `--version` with this text. */
function gphoto2Saying(name: string, text: string): string {
	const path = here(name);
	writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`);
	chmodSync(path, 0o755);
	return path;
}

describe('the tool', () => {
	const connect = (args: string[], env: Record<string, string> = {}) =>
		finish(['--config-dir', settings(), 'connect', '--address', '127.0.0.1', '--dry-run', ...args], { env });

	test('not installed: how to install it; and without --tool the built-in client is used', async () => {
		mkdirSync(here('empty'), { recursive: true });
		for (const tool of ['gphoto2', 'chdkptp']) {
			const run = await connect(['--tool', tool], { PATH: here('empty') });
			expect(run.code).toBe(72);
			const { what, next } = said(run);
			expect(what).toContain(`${tool} is not installed`);
			expect(next).toMatch(windows ? /--tool builtin/ : /install|build/i);
		}
		const run = await connect([], { PATH: here('empty') });
		expect([run.code, run.stderr]).toEqual([0, '']);
		expect(run.lines.join()).toMatch(/--tool builtin/);
	});

	test.skipIf(skipUnless(!windows, NO_SHELL)).each([
		[
			'gphoto2 without the port driver ptpip',
			['gphoto2', () => gphoto2Saying('without', readFileSync(join(CAPTURES, 'version-without-ptpip.txt'), 'utf8'))],
			'',
			/without network support/,
			/./,
		],
		['chdkptp without PTP/IP', ['chdkptp', () => STANDIN], 'no-ip', /without network support/, /PTPIP_SUPPORT/],
		['chdkptp of 2018', ['chdkptp', () => STANDIN], '0.7', /too old/, /chdkptp/],
		['a program that is no gphoto2', ['gphoto2', () => gphoto2Saying('other', 'hello')], '', /cannot be used as gphoto2/, /--tool-path/],
		['a file that is not executable', ['chdkptp', () => join(CAPTURES, 'version.txt')], '', /not executable/, /--tool-path/],
	] as const)('%s', async (_, [tool, path], standin, what, next) => {
		const run = await connect(['--tool', tool, '--tool-path', path()], { CHDKPTP_STANDIN: standin });
		expect(run.code).toBe(72);
		expect(said(run)).toMatchObject({ what: expect.stringMatching(what), next: expect.stringMatching(next) });
	});
});

describe('the settings', () => {
	const profiles = (dir: string, ...args: string[]) => finish(['--config-dir', dir, 'profiles', ...args]);

	test('damaged: kept aside under a name that is told, never overwritten; the next run starts afresh', async () => {
		const dir = settings();
		mkdirSync(dir);
		writeFileSync(join(dir, 'profiles.json'), '{"version":1,"profiles":[{"id":"stu');
		const run = await profiles(dir);
		expect(run.code).toBe(78);
		const { what, next } = said(run);
		const kept = readdirSync(dir).find((name) => name.startsWith('profiles.damaged-')) ?? '';
		expect(what).toContain(kept);
		expect(next).toMatch(/rename it back/);
		expect(readFileSync(join(dir, kept), 'utf8')).toBe('{"version":1,"profiles":[{"id":"stu');
		const again = await profiles(dir);
		expect([again.code, again.lines.join()]).toEqual([0, expect.stringContaining('No camera is saved yet')]);
		expect(existsSync(join(dir, kept))).toBe(true);
	});

	test('of a newer version: left alone', async () => {
		const dir = settings();
		mkdirSync(dir);
		const text = '{"version":99,"cameras":{}}';
		writeFileSync(join(dir, 'profiles.json'), text);
		for (const args of [[], ['remove', 'studio'], ['import', '-']]) {
			const run = await finish(['--config-dir', dir, 'profiles', ...args], { input: '[]' });
			expect(run.code).toBe(78);
			if (args[0] !== 'import')
				expect(said(run)).toMatchObject({ what: expect.stringContaining('newer'), next: expect.stringContaining('Update') });
		}
		expect(readFileSync(join(dir, 'profiles.json'), 'utf8')).toBe(text);
		expect(readdirSync(dir)).toEqual(['profiles.json']);
	});

	test('a damaged identity is cured from what can be read, or replaced and told: cameras are answered in any case', async () => {
		const dir = settings();
		mkdirSync(dir);
		writeFileSync(join(dir, 'identity.json'), 'not json');
		const run = await finish(['--config-dir', dir, 'identity']);
		expect([0, 78]).toContain(run.code);
		expect(readdirSync(dir).some((name) => name.startsWith('identity.damaged-'))).toBe(true);
		// There was no UUID in it: that cameras have forgotten this computer is said each time, until it is settled.
		const warned = /warning: This computer has a new UUID, because .*identity\.damaged-.*: cameras that were paired before/;
		for (let time = 0; time < 2; time++) {
			const again = await finish(['--config-dir', dir, 'identity']);
			expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(warned)]);
		}
		const settled = await finish(['--config-dir', dir, 'identity', 'new', '--yes']);
		expect([settled.code, settled.stderr]).toEqual([0, '']);
		expect((await finish(['--config-dir', dir, 'identity'])).stderr).toBe('');
	});

	test.each([
		['/nonexistent/log', 'its folder does not exist'],
		[parse(tmpdir()).root, 'it is a folder'],
		[tmpdir(), 'it is a folder'],
	])('the log file cannot be %s', async (file, why) => {
		const run = await finish(['--log-file', file, 'profiles', 'path']);
		expect(run.code).toBe(78);
		expect(said(run)).toEqual({
			what: `The log file ${file} could not be opened: ${why}.`,
			next: 'Choose another with --log-file FILE, or leave --log-file out.',
		});
	});

	/** Runs the program where `dir` is a file system of its own. */
	const onDisk = (dir: string, mount: string, args: string[], options: RunOptions = {}) => {
		mkdirSync(dir, { recursive: true });
		return finish(['--mount', 'sh', '-c', `mount -t tmpfs ${mount} tmpfs "$0" && shift 0 && exec "$@"`, dir, process.execPath, ...args], {
			...options,
			program: ['unshare'],
		});
	};
	const bin = fileURLToPath(new URL('../../bin/canon-wifi.mjs', import.meta.url));

	test.skipIf(why !== undefined)(`on a disk that can only be read${skipped}`, async () => {
		const dir = settings();
		for (const args of [
			['identity', 'new', '--yes'],
			['serve', '127.0.0.1', '-p', '1987'],
		]) {
			const run = await onDisk(dir, '-o ro', [bin, '--config-dir', dir, ...args]);
			expect(run.code).toBe(78);
			expect(said(run)).toMatchObject({ what: expect.stringMatching(/can only be read/), next: expect.stringContaining('--config-dir') });
		}
	});

	test.skipIf(why !== undefined)(`for another user than their owner${skipped}`, async () => {
		const dir = settings();
		mkdirSync(dir, { mode: 0o755 });
		const run = await finish(
			['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, bin, '--config-dir', dir, 'identity', 'new', '--yes'],
			{
				program: ['setpriv'],
			},
		);
		expect(run.code).toBe(78);
		expect(said(run)).toMatchObject({ what: expect.stringMatching(/permission denied/), next: expect.stringMatching(/owns/) });
	});

	test.skipIf(why !== undefined)(`disk full while downloading: told once, and no further file is begun${skipped}`, async () => {
		await using camera = await oddCamera({
			operations: WITH_PARTS,
			objects: [
				{ handle: 1, name: 'DCIM', folder: true },
				{ handle: 2, name: 'IMG_0001.JPG', parent: 1, bytes: new Uint8Array(3_000_000).fill(7) },
				{ handle: 3, name: 'IMG_0002.JPG', parent: 1, bytes: new Uint8Array(3_000_000).fill(8) },
			],
		});
		const dir = here('full');
		const run = await onDisk(dir, '-o size=1m', [
			bin,
			'--config-dir',
			settings(),
			...(await session(camera.port)),
			'--',
			'get',
			'--all',
			'--to',
			dir,
		]);
		expect(run.code, run.stderr).toBe(73);
		expect(run.stderr).toMatch(/IMG_0001\.JPG.*was not saved:.*disk is full/);
		expect(run.stderr).not.toMatch(/\n\s+at |node:internal|IMG_0002\.JPG.*was not saved/);
	});
});

/** A session with a camera at this port of this computer. */
const session = async (port: number) =>
	[
		['connect', '--no-input', '--address', '127.0.0.1', '--ssdp-port', String(await freePort()), '--tool', 'builtin'],
		['--camera', '127.0.0.1', '--camera-port', String(port), '--timeout', '10'],
	].flat();

describe('the camera', () => {
	test('file names that would leave the folder or speak to the terminal do neither', async () => {
		const names = [
			'../../escaped.jpg',
			'/etc/passwd',
			'..',
			'a\u001b[2J\u0007b.jpg',
			'nul\u0000l.jpg',
			'C:\\x.jpg',
			'-rf',
			'.',
			'\u202egpj.exe',
		];
		await using camera = await oddCamera({
			operations: WITH_PARTS,
			objects: names.map((name, n) => ({ handle: n + 1, name, bytes: new Uint8Array(10 + n).fill(n) })),
		});
		const dir = here('inside');
		const run = await finish([
			'--config-dir',
			settings(),
			...(await session(camera.port)),
			'--',
			'get',
			'--all',
			'--to',
			join(dir, 'photos'),
		]);
		expect(run.code, run.stderr).toBeLessThanOrEqual(1);
		expect(readdirSync(dir)).toEqual(['photos']);
		const saved = readdirSync(join(dir, 'photos'), { recursive: true, encoding: 'utf8' });
		expect(saved.length).toBeGreaterThanOrEqual(names.length - 1);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
		const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
		expect(saved.filter((name) => control.test(name) || /[\\:]/.test(name))).toEqual([]);
		expect(`${run.lines.join('\n')}${run.stderr}`).not.toMatch(control);
		expect(existsSync(here('escaped.jpg'))).toBe(false);
	});

	test('gone in the middle: 74, and what to do', async () => {
		const [ssdp, ptpip] = [String(await freePort()), String(await freePort())];
		const place = ['--address', '127.0.0.1', '--ssdp-port', ssdp];
		await using camera = start(['simulate', '--json', ...place, '--ptpip-port', ptpip, '--select-after', '0']);
		await using run = start(['--config-dir', settings(), 'connect', '--no-input', ...place, '--camera-port', ptpip, '--tool', 'builtin'], {
			openStdin: true,
		});
		await camera.until(event('unlocked'));
		camera.kill('SIGKILL');
		expect(await run.ended).toBe(74);
		expect(said(run)).toMatchObject({ what: expect.stringMatching(/lost/), next: expect.stringContaining('--reconnect') });
	});
});
