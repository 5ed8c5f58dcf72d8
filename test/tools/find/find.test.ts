import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { onPath } from '#tools/find/find.ts';
import { skipUnless } from '../../support/skip.ts';
import { NO_SHELL, windows } from '../../support/systems.ts';
import { harness, jobAt } from '../harness.ts';

const bin = (name: string): string => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));

describe('looking on PATH', () => {
	const file = (path: string, mode = 0o755): string => {
		writeFileSync(path, '#!/bin/sh\n');
		chmodSync(path, mode);
		return path;
	};

	test('the earlier folder wins, and in it the better name', async () => {
		using here = harness();
		const [one, two] = ['one', 'two'].map((name) => join(here.folder, name)) as [string, string];
		mkdirSync(one);
		mkdirSync(two);
		file(join(one, 'b'));
		file(join(two, 'a'));
		const look = (...names: string[]) => onPath(names, { platform: 'linux', env: { PATH: [one, two].join(delimiter) } });
		expect(await look('a', 'b')).toBe(join(one, 'b'));
		expect(await look('a')).toBe(join(two, 'a'));
		file(join(one, 'a'));
		expect(await look('a', 'b')).toBe(join(one, 'a'));
		expect(await look('c')).toBeUndefined();
	});

	test('folders, files without the right to run and dangling links are passed over', async () => {
		using here = harness();
		mkdirSync(join(here.folder, 'x/tool'), { recursive: true });
		mkdirSync(join(here.folder, 'y'));
		file(join(here.folder, 'y/tool'), 0o644);
		mkdirSync(join(here.folder, 'z'));
		symlinkSync('/nowhere', join(here.folder, 'z/tool'));
		mkdirSync(join(here.folder, 'good'));
		const good = file(join(here.folder, 'good/tool'));
		const PATH = ['', '.', 'x', 'y', 'z', 'good'].map((name) => (name.length > 1 ? join(here.folder, name) : name)).join(delimiter);
		expect(await onPath(['tool'], { platform: 'linux', env: { PATH } })).toBe(good);
	});

	test('no PATH finds nothing', async () => expect(await onPath(['sh'], { platform: 'linux', env: {} })).toBeUndefined());

	test('on Windows the endings of PATHEXT are tried, whatever PATH is called', async () => {
		using here = harness();
		const exe = file(join(here.folder, 'tool.EXE'), 0o644);
		expect(await onPath(['tool'], { platform: 'win32', env: { Path: here.folder, PATHEXT: '.COM;.EXE' } })).toBe(exe);
		expect(await onPath(['tool.EXE'], { platform: 'win32', env: { Path: here.folder } })).toBe(exe);
	});
});

describe('--tool-path', () => {
	test.each<[what: string, path: string, why: string]>([
		['a file that is not there', '/nowhere/gphoto2', 'there is no such file'],
		['a folder', fileURLToPath(new URL('.', import.meta.url)), 'it is a folder'],
		...(windows
			? []
			: [['a file that may not be executed', fileURLToPath(import.meta.url), 'it is not executable'] as [string, string, string]]),
		['another program', process.execPath, 'it is not gphoto2'],
	])('%s', async (_, path, why) => {
		using here = harness();
		expect(await here.tools.find('gphoto2', path)).toMatchObject({ state: 'broken', note: expect.stringContaining(why) });
		await expect(here.gphoto2(path)).rejects.toMatchObject({ code: 'toolPathWrong', exitCode: 72, message: expect.stringContaining(why) });
	});

	test.skipIf(skipUnless(!windows, NO_SHELL))('a program that does not answer is given up', async () => {
		using here = harness({ limits: { probeMs: 100 } });
		const path = here.script('gphoto2', '#!/bin/sh\nexec sleep 600\n');
		expect(await here.tools.find('gphoto2', path)).toMatchObject({ state: 'broken', note: expect.stringContaining('did not end within') });
	});

	test.skipIf(skipUnless(!windows, NO_SHELL))(
		'a program that answers without end is given up, and only its beginning is kept',
		async () => {
			using here = harness({ limits: { probeMs: 300 } });
			const path = here.script('gphoto2', '#!/bin/sh\nexec yes\n');
			expect(await here.tools.find('gphoto2', path)).toMatchObject({ state: 'broken' });
		},
	);

	test.skipIf(skipUnless(!windows, NO_SHELL))('a library without the driver is told apart', async () => {
		using here = harness();
		const path = here.script('gphoto2', '#!/bin/sh\necho "gphoto2 2.5.28 gcc"; echo "libgphoto2_port 0.12.1 iolibs: disk usb1, gcc"\n');
		await expect(here.gphoto2(path)).rejects.toMatchObject({ code: 'toolWithoutNetwork', exitCode: 72 });
	});

	test.skipIf(skipUnless(!windows, NO_SHELL))('a bare name is looked up on PATH', async () => {
		using here = harness({ env: { PATH: fileURLToPath(new URL('../../bin', import.meta.url)) } });
		expect(await here.tools.find('gphoto2', 'gphoto2-seven')).toMatchObject({ state: 'usable', path: bin('gphoto2-seven') });
	});
});

test('a missing tool says how to install it', async () => {
	using here = harness({ env: { PATH: '/nowhere' } });
	expect(await here.tools.find('gphoto2')).toMatchObject({
		state: 'missing',
		path: null,
		next: expect.stringMatching(windows ? /--tool builtin/ : /Install/),
	});
	await expect(here.gphoto2()).rejects.toMatchObject({ code: 'toolMissing', exitCode: 72 });
});

test.skipIf(skipUnless(!windows, NO_SHELL))('the line that is shown can be pasted: its settings are there', async () => {
	using here = harness();
	const program = bin('gphoto2-seven');
	const ours = join(here.folder, 'ours/gphoto2/shown');
	const client = await here.gphoto2(program);
	expect(client.describe(jobAt(15740, { args: ['--filename', 'a b.jpg', '-P'] }))).toBe(
		`LC_ALL=C HOME=${ours} XDG_CONFIG_HOME=${ours} ${program} --port ptpip:127.0.0.1 --filename 'a b.jpg' -P`,
	);
	expect(readdirSync(ours).sort()).toEqual(['.gphoto', 'Library', 'gphoto']);
});
