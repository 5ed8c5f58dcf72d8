/** The built program in surroundings that are not as they should be: one sentence, never a stack trace, never "our bug". */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { skipUnless } from '../support/skip.ts';
import { obstacle } from './network.ts';
import { BIN, event, finish, type Run, type RunOptions, start } from './program.ts';

// Each wait has its own limit; on a busy computer there are many of them.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
const here = (...parts: string[]) => join(folder, ...parts);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'cw-environment-'));
	chmodSync(folder, 0o755);
	writeFileSync(here('file'), '');
	mkdirSync(here('home'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with this shell script before it; `"$@"` is the program. */
const within = (script: string): Pick<RunOptions, 'program'> => ({ program: ['sh', '-c', script, 'sh', process.execPath, BIN] });
const onLoopback = ['--address', '127.0.0.1'];

function expectSentence(run: Run & { code: number | string }, code: number, what: string | RegExp): void {
	const all = run.stdout + run.stderr;
	expect(all).not.toMatch(/\n\s+at |fault in canon-wifi/);
	expect(run.code, all).toBe(code);
	expect(run.stderr).toMatch(what);
	const lines = run.stderr.trimEnd().split('\n');
	expect(lines.length - lines.findIndex((line) => line.startsWith('error: ')), run.stderr).toBe(2);
}

describe('no place for temporary files', () => {
	const places: [string, () => string][] = [
		['missing', () => '/nonexistent'],
		['a file', () => here('file')],
		['relative and missing', () => 'nowhere'],
	];
	for (const command of ['simulate', 'demo'])
		test.each(places)(`${command}: %s`, async (_, place) => {
			const run = await finish([command, ...(command === 'demo' ? [] : onLoopback)], { cwd: folder, env: { TMPDIR: place() } });
			expectSentence(run, 71, /^error: Cannot create temporary files in \S+: .*\n {2}Set TMPDIR/);
		});
});

describe('the current folder is gone', () => {
	const gone = within('mkdir gone && cd gone && rmdir ../gone && exec "$@"');

	test.each([['--version'], ['status'], ['profiles', 'list'], ['identity', 'show'], ['doctor']])('%s %s does its work', async (...args) => {
		const run = await finish(args, { cwd: folder, env: { HOME: here('home') }, ...gone });
		expect(run.code, run.stderr).not.toBe(70);
		expect(run.stdout).not.toBe('');
		expect(run.stderr).not.toMatch(/\n\s+at /);
	});

	test('what needs it says so', async () => {
		const run = await finish(['profiles', 'list', '--config-dir', 'settings'], { cwd: folder, ...gone });
		expectSentence(run, 71, /^error: The current folder cannot be used: it no longer exists\.\n {2}Change to another folder/);
	});
});

describe('the output cannot be written', () => {
	const noFull = skipUnless(existsSync('/dev/full'), 'there is no /dev/full here');
	test.skipIf(noFull).each([['--version'], ['--help'], ['status'], ['completion', 'bash'], ['doctor'], ['status', '--json']])(
		'%s %s: a full disk is told',
		async (...args) => {
			const run = await finish(args, { env: { HOME: here('home') }, ...within('exec "$@" > /dev/full') });
			if (args[0] === 'doctor' && run.code !== 71)
				expect(run.code).not.toBe(0); // an error of doctor's own goes first
			else expectSentence(run, 71, /^error: Cannot write the output: the disk is full\.$/m);
		},
	);

	test('closed or full ends are no fault and no hang', async () => {
		for (const ends of ['>&-', '2>&-', '<&-', '<&- >&- 2>&-', ...(noFull ? [] : ['2>/dev/full'])]) {
			const run = await finish(['status'], { env: { HOME: here('home') }, ...within(`exec "$@" ${ends}`) });
			expect([ends, run.code, run.stderr]).toEqual([ends, 0, '']);
		}
	});
});

describe('no files can be opened', () => {
	test.skipIf(skipUnless(process.platform !== 'win32', 'Windows has no such limit'))('at any limit', async () => {
		for (const limit of [20, 24, 28, 32, 40]) {
			const run = await finish(['simulate', ...onLoopback, '--scenario', 'nonsense'], within(`ulimit -n ${limit}; exec "$@"`));
			expect(run.stdout + run.stderr).not.toMatch(/\n\s+at |fault in canon-wifi/);
			if (run.code === 71) expect(run.stderr).toMatch(/^error: .*too many files are open\.\n {2}Allow more.*ulimit -n/);
			else expect(run.code, run.stderr).toBe(64);
		}
	});
});

describe('homes and settings', () => {
	test('a relative XDG_CONFIG_HOME is ignored, as its specification wants it', async () => {
		mkdirSync(here('xdg'));
		const run = await finish(['identity', 'show'], { cwd: here('xdg'), env: { HOME: here('home'), XDG_CONFIG_HOME: 'settings' } });
		expect(run.code, run.stderr).toBe(0);
		expect(run.stdout).toContain(here('home', '.config', 'canon-wifi'));
		expect(readdirSync(here('xdg'))).toEqual([]);
	});

	const noRoot = skipUnless(process.getuid?.() === 0, 'only root can become another user');
	test.skipIf(noRoot)('a user whom the system does not know and who has no HOME', async () => {
		const nobody = within('unset HOME XDG_CONFIG_HOME; exec setpriv --reuid=54321 --regid=54321 --clear-groups "$@"');
		expectSentence(await finish(['identity', 'show'], nobody), 78, /this user has no home folder\.\n.*--config-dir/);
		expect((await finish(['--version'], nobody)).code).toBe(0);
		const elsewhere = mkdtempSync(join(tmpdir(), 'cw-nobody-'));
		chmodSync(elsewhere, 0o777);
		try {
			const exported = here('export.json');
			writeFileSync(exported, JSON.stringify({ version: 1, profiles: [{ id: 'studio' }] }));
			const run = await finish(['profiles', 'import', exported, '--config-dir', join(elsewhere, 'settings')], nobody);
			expect(run.stdout, run.stderr).toBe('1 profile imported: studio.\n');
		} finally {
			rmSync(elsewhere, { recursive: true, force: true });
		}
	});

	test('HOME that is empty or relative is not believed', async () => {
		mkdirSync(here('cwd'));
		for (const home of ['', 'relative']) {
			const run = await finish(['profiles', 'path'], { cwd: here('cwd'), env: { HOME: home, XDG_CONFIG_HOME: '' } });
			expect(run.stdout).toMatch(/^\/.+\/\.config\/canon-wifi\/profiles\.json\n$/);
			expect(run.stdout).not.toContain(here('cwd'));
		}
	});
});

const why = obstacle();
describe.skipIf(why)(`disks${why === undefined ? '' : ` (${why})`}`, () => {
	/** In a mount namespace of its own, with a small disk of its own as home and place for temporary files. */
	const onDisk = (size: string, script: string): Pick<RunOptions, 'program'> => {
		const inner = `mount -t tmpfs -o size=${size} none ${here('home')} && export HOME=${here('home')} TMPDIR=${here('home')} && ${script} && exec "$@"`;
		return { program: ['unshare', '-m', 'sh', '-c', inner, 'sh', process.execPath, BIN] };
	};

	test('a full one', async () => {
		const full = onDisk('16k', `{ head -c 100000 /dev/zero > ${here('home', 'zeros')} 2> /dev/null || true; }`);
		expectSentence(await finish(['identity', 'show'], full), 78, /the disk is full\.\n/);
		expectSentence(await finish(['simulate', ...onLoopback], full), 71, /Cannot create temporary files in .*: the disk is full\.\n/);
	});

	test('one that can only be read', async () => {
		const readOnly = onDisk('1m', `mount -o remount,ro ${here('home')}`);
		expectSentence(await finish(['identity', 'show'], readOnly), 78, /could not be read or written/);
		expectSentence(await finish(['demo'], readOnly), 71, /Cannot create temporary files in .*: the disk can only be read\.\n/);
	});

	test('no network interface at all', async () => {
		const alone = { program: ['unshare', '-n', process.execPath, BIN], env: { HOME: here('home') } };
		expectSentence(await finish(['serve', '127.0.0.1'], alone), 69, /does not have the address 127\.0\.0\.1/);
		expectSentence(await finish(['pair', 'x', '--no-input', '--tool', 'builtin'], alone), 69, /no network that a camera could be on/);
		expect((await finish(['doctor'], alone)).code).toBe(69);
	});

	test('no /proc', async () => {
		const bare = { program: ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /proc; exec "$@"', 'sh', process.execPath, BIN] };
		for (const args of [['status'], ['doctor'], ['identity', 'show']]) {
			const run = await finish(args, { env: { HOME: here('home') }, ...bare });
			expect(run.stdout + run.stderr).not.toMatch(/\n\s+at |fault in canon-wifi/);
		}
	});
});

/** Makes the program throw this in a callback, where nobody catches it, when it gets SIGWINCH. */
const throwing = (error: string) =>
	`--import data:text/javascript,${encodeURIComponent(`process.on('SIGWINCH', () => { throw ${error} })`)}`;

test.skipIf(skipUnless(process.platform !== 'win32', 'Windows has no such signal')).each([
	['trouble of the system', `Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' })`, 71, 'systemRefused'],
	['a fault of ours', `new TypeError('x')`, 70, 'bug'],
])('%s that escapes from a callback is told as such', async (_, error, exitCode, code) => {
	const args = ['serve', '127.0.0.1', '-p', String(await freePort()), '--json'];
	await using run = start(args, { env: { HOME: here('home'), NODE_OPTIONS: throwing(error) } });
	await run.until(event('ready'));
	run.kill('SIGWINCH');
	expect(await run.ended).toBe(exitCode);
	expect(run.events.slice(-2)).toMatchObject([
		{ type: 'error', code, exitCode },
		{ type: 'result', ok: false, exitCode },
	]);
});
