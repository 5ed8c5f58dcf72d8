/** The real gphoto2 against a camera of hand-laid bytes. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { attempt } from '../../support/attempt.ts';
import { freePort } from '../../support/free-port.ts';
import { handmadeCamera } from '../handmade-camera.ts';
import { GUID_TEXT, gphoto2IsMissing, harness, jobAt, UUID } from '../harness.ts';

const forever = new AbortController().signal;
describe.skipIf(gphoto2IsMissing)('the real gphoto2 (skipped where it is not installed)', () => {
	test('is found, with its version', async () => {
		using here = harness();
		expect(await here.tools.find('gphoto2')).toMatchObject({
			state: 'usable',
			path: expect.stringMatching(/gphoto2$/),
			version: expect.stringMatching(/^2\.5/),
		});
	});

	test('learns model, serial number, firmware and CHDK, with our GUID', async () => {
		using here = harness();
		await using camera = await handmadeCamera({ chdk: true });
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { purpose: 'learn' }), here.emit, forever);
		const learnt = { model: 'Canon PowerShot ELPH 130 IS', serial: 'C0FFEE000042', firmware: '1-1.00', chdk: 'present', os: null };
		expect(end).toEqual({ outcome: 'session', exitCode: 0, signal: null, learnt });
		expect(camera.guids).toEqual([UUID.replaceAll('-', '')]);
		expect(here.events.filter(({ type }) => type !== 'toolSaid')).toEqual([
			{ type: 'connected', tool: 'gphoto2', address: '127.0.0.1', ...learnt },
			{ type: 'unlock', tool: 'gphoto2', done: false, why: 'toolCannot' },
			{ type: 'keepalive', tool: 'gphoto2', operation: 'GetObjectHandles' },
		]);
	});

	// The small one is over before it can be seen that there was a session, and more than is kept back until then.
	test.each([3_000_000, 100_000])('a picture of %i bytes sent to stdout arrives byte for byte, and nothing else does', async (size) => {
		using here = harness();
		await using camera = await handmadeCamera({}, size);
		const args = ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG', '--stdout'];
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(Buffer.compare(here.stdout.bytes as never, camera.picture as never)).toBe(0);
		expect(here.stderr.text).toBe('');
	});

	test.each([
		['does not answer OpenSession', { operation: 0x1002, how: 'silent' }, 'noAnswer'],
		['does not answer GetDeviceInfo', { operation: 0x1001, how: 'silent' }, 'noAnswer'],
		['hangs up at OpenSession', { operation: 0x1002, how: 'fin' }, 'rejected'],
	] as const)(
		'a camera that takes both connections and %s was never connected',
		async (_, at, outcome) => {
			using here = harness();
			await using camera = await handmadeCamera({ at });
			const args = ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG', '--stdout'];
			const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args }), here.emit, forever);
			expect(end).toMatchObject({ outcome });
			expect(here.events).toEqual([]);
		},
		20_000,
	);

	test('a transfer is reported as connected while it runs, without a growing log', async () => {
		using here = harness();
		// The picture never comes: gphoto2 waits for it.
		await using camera = await handmadeCamera({ at: { operation: 0x101b, how: 'silent' } }, 3_000_000);
		const args = ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG', '--stdout'];
		const ending = attempt(await here.gphoto2(), jobAt(camera.port, { args }), here.emit, forever);
		expect(await here.told('connected')).toMatchObject({ tool: 'gphoto2', address: '127.0.0.1' });
		expect(await ending).toMatchObject({ outcome: 'session', exitCode: 1, lost: expect.stringMatching(/does not answer/) });
	});

	test('the shell connects before its first command, runs what is piped in and closes the session', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		here.stdin.end('ls\ncd store_00010001/DCIM\nls\n');
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(here.stdout.text).toContain('IMG_0001.JPG');
		expect(camera.operations.at(-1)).toBe(0x1003);
	});

	test('an idle shell is connected, and closes the session when it is stopped', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const stop = new AbortController();
		const ending = attempt(await here.gphoto2(), jobAt(camera.port), here.emit, stop.signal);
		await here.told('keepalive');
		stop.abort();
		const end = await ending;
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(end).not.toHaveProperty('lost');
		expect(camera.operations.at(-1)).toBe(0x1003);
	});

	test.each([
		['nobody listens', {}, true, 'refused'],
		['Init Fail', { initFail: 1 }, false, 'rejected'],
		['an Ack after more than 2.5 s', { ackAfterMs: 4000 }, false, 'noAnswer'],
		['hanging up in OpenSession', { at: { operation: 0x1002, how: 'fin' } }, false, 'refused'],
	] as const)('%s: the attempt fails without output, and stdin is kept for the next one', async (_, faults, dead, outcome) => {
		using here = harness();
		await using camera = await handmadeCamera(faults);
		const client = await here.gphoto2();
		here.stdin.write('ls\n');
		const end = await attempt(client, jobAt(dead ? await freePort() : camera.port, { talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome });
		expect(here.stdout.text + here.stderr.text).toBe('');
		expect(here.events).toEqual([]);
		camera.faults = {};
		here.stdin.end();
		expect(await attempt(client, jobAt(camera.port, { talk: 'through' }), here.emit, forever)).toMatchObject({
			outcome: 'session',
			exitCode: 0,
		});
		expect(here.stdout.text).toContain('store_00010001');
	});

	test.each([
		['--wait-event=1s'],
		['--capture-tethered=1s'],
		['--capture-image', '-I', '-1'],
		['--capture-image-and-download', '-I', '1', '-F', '100'],
		['--capture-movie=1s', '--stdout'],
		['--get-all-files'],
	])('before the camera takes the connection, nothing that gphoto2 prints counts as a session: %j', async (...args) => {
		using here = harness();
		await using camera = await handmadeCamera({ initFail: 1 });
		const given = args.filter((arg) => arg !== undefined);
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args: given, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'rejected' });
		expect(here.stdout.text + here.stderr.text).toBe('');
		expect(here.events).toEqual([]);
	});

	test('waiting for events is a session once the camera takes it', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args: ['--wait-event=1s'], talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(here.events.map(({ type }) => type)).toContain('connected');
		expect(here.stdout.text).toContain('Waiting for 1 seconds');
	});

	test.each([
		['a picture', ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG'], ['init', 'start', 'download IMG_0001.JPG', 'stop']],
		['waiting for events', ['--wait-event=1s'], ['init', 'start', 'stop']],
		['a list', ['--list-files'], ['init', 'start', 'stop']],
	] as const)(
		"%s: the user's hook script runs in the session alone, and finds the user's own home and language",
		async (_, args, calls) => {
			const mine = {
				HOME: '/home/me and you',
				LC_ALL: 'de_DE.UTF-8',
				XDG_CONFIG_HOME: undefined,
				INPUTRC: undefined,
				LD_PRELOAD: undefined,
			};
			using here = harness({ env: { ...process.env, ...mine } });
			await using camera = await handmadeCamera({ initFail: 1 }, 1000);
			const log = join(here.folder, 'log');
			const hook = here.script(
				"it's a hook",
				`#!/bin/sh\necho "$ACTION\${ARGUMENT:+ }$ARGUMENT|$HOME|$LC_ALL|\${XDG_CONFIG_HOME-unset}|\${INPUTRC-unset}|\${LD_PRELOAD-unset}|$#" >> '${log}'\n`,
			);
			const job = jobAt(camera.port, {
				args: ['--force-overwrite', '--filename', join(here.folder, '%f.%C'), '--hook-script', hook, ...args],
				talk: 'through',
			});
			const client = await here.gphoto2();
			expect(await attempt(client, job, here.emit, forever)).toMatchObject({ outcome: 'rejected' });
			expect(existsSync(log)).toBe(false);
			camera.faults = {};
			expect(await attempt(client, job, here.emit, forever)).toMatchObject({ outcome: 'session', exitCode: 0 });
			expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(
				calls.map(
					(call) =>
						`${call.replace(/ .*/, (file) => ` ${join(here.folder, file.trim())}`)}|/home/me and you|de_DE.UTF-8|unset|unset|unset|0`,
				),
			);
		},
	);

	test.each([
		['a list', ['--list-files']],
		['waiting for events', ['--wait-event=30s']],
	])('%s: a hook script that fails at init ends it with the exit code of gphoto2, and is not called again', async (_, args) => {
		using here = harness();
		await using camera = await handmadeCamera();
		const log = join(here.folder, 'log');
		const hook = here.script('hook', `#!/bin/sh\necho "$ACTION" >> '${log}'\n[ "$ACTION" != init ]\n`);
		const job = jobAt(camera.port, { args: ['--hook-script', hook, ...args], talk: 'through' });
		const end = await attempt(await here.gphoto2(), job, here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 3 });
		expect(end).not.toHaveProperty('lost');
		expect(readFileSync(log, 'utf8')).toBe('init\n');
	});

	test('a missing file to upload is refused before anything is opened, and is not retried', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const client = await here.gphoto2();
		const job = jobAt(camera.port, { args: ['-u', '/nowhere/IMG_0001.JPG'], talk: 'through' });
		expect(() => client.describe(job)).toThrow(
			expect.objectContaining({ code: 'usage', message: '/nowhere/IMG_0001.JPG cannot be read: there is no such file or folder.' }),
		);
		expect(await attempt(client, job, here.emit, forever)).toMatchObject({ outcome: 'session', exitCode: 1 });
	});

	test.each([[['--about']], [['--list-all-config']], [['--get-all-metadata']]])('%j alone reaches the camera', async (args) => {
		using here = harness();
		await using camera = await handmadeCamera();
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.operations.slice(0, 2)).toEqual([0x1002, 0x1001]);
		expect(here.events.map(({ type }) => type)).toContain('connected');
	});

	test.each([[['--help']], [['--version']], [['--get-file']], [['--list-files', '--usage']]])('%j is never a session', async (args) => {
		using here = harness();
		await using camera = await handmadeCamera();
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(here.events.map(({ type }) => type)).not.toContain('connected');
		expect(camera.guids).toEqual([]);
	});

	test('with a log of errors only, it is reported as connected and its output is passed on', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const args = ['--debug', '--debug-loglevel=error', '--list-files'];
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(here.events.map(({ type }) => type)).toContain('connected');
		expect(here.stdout.text).toContain('IMG_0001.JPG');
	});

	test('a hook script that cannot be started is refused before anything is opened', async () => {
		using here = harness();
		const client = await here.gphoto2();
		for (const args of [
			['--hook-script', '/nowhere/hook', '-L'],
			['-L', '--hook-script=/nowhere/hook'],
		])
			expect(() => client.describe(jobAt(1, { args }))).toThrow(
				expect.objectContaining({ code: 'usage', message: '/nowhere/hook cannot be started: there is no such file or folder.' }),
			);
	});

	test.each([
		['resets in the middle of a picture', 'halfReset'],
		['hangs up in good order', 'fin'],
		['resets', 'rst'],
	] as const)('a camera that %s has been lost', async (_, how) => {
		using here = harness();
		await using camera = await handmadeCamera({ at: { operation: 0x101b, how } }, 2_000_000);
		const args = ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG', '--stdout'];
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', lost: expect.stringContaining('camera') });
		expect(here.events.filter(({ type }) => type === 'lost')).toHaveLength(1);
	});

	test('a shell whose camera has gone is ended, although it would go on', async () => {
		using here = harness({ limits: { lostMs: 100 } });
		await using camera = await handmadeCamera({ at: { operation: 0x1008, how: 'fin' } });
		here.stdin.write('cd store_00010001\n');
		const end = await attempt(await here.gphoto2(), jobAt(camera.port), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', lost: 'the camera ended it' });
	});

	test('stopped in the middle of a picture, it closes the session, and nothing was lost', async () => {
		using here = harness();
		await using camera = await handmadeCamera({ at: { operation: 0x101b, how: 'silent' } }, 2_000_000);
		const stop = new AbortController();
		const args = ['--get-file', '/store_00010001/DCIM/IMG_0001.JPG', '--stdout'];
		const ending = attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, stop.signal);
		await here.told('connected');
		await vi.waitFor(() => expect(camera.operations).toContain(0x101b));
		stop.abort();
		const end = await ending;
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(end).not.toHaveProperty('lost');
		expect(here.events.map(({ type }) => type)).not.toContain('lost');
		expect(camera.operations.at(-1)).toBe(0x1003);
	});

	test('a file that is not there ends with gphoto2 s own exit code and words', async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const args = ['--get-file', '/store_00010001/DCIM/NONE.JPG'];
		const end = await attempt(await here.gphoto2(), jobAt(camera.port, { args, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(end).not.toHaveProperty('lost');
		expect(here.stderr.text).toContain('File not found');
	});

	test('a wrong option is gphoto2 s own affair: no attempt is repeated, its words are shown', async () => {
		using here = harness();
		const end = await attempt(await here.gphoto2(), jobAt(await freePort(), { args: ['--bogus'], talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(here.stderr.text).toContain('Usage: gphoto2');
		expect(here.events).toEqual([]);
	});

	test("the user's own settings are neither read nor written", async () => {
		using here = harness();
		await using camera = await handmadeCamera();
		const home = join(here.folder, 'home');
		mkdirSync(join(home, '.gphoto'), { recursive: true });
		const own = 'gphoto2=port=usb:\nptp2_ip=guid=ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff\n';
		writeFileSync(join(home, '.gphoto/settings'), own);
		const before = [process.env.HOME, process.env.XDG_CONFIG_HOME] as const;
		process.env.HOME = home;
		process.env.XDG_CONFIG_HOME = home;
		try {
			await attempt(await here.gphoto2(), jobAt(camera.port, { purpose: 'learn' }), here.emit, forever);
		} finally {
			process.env.HOME = before[0];
			if (before[1] === undefined) delete process.env.XDG_CONFIG_HOME;
			else process.env.XDG_CONFIG_HOME = before[1];
		}
		expect(readdirSync(home, { recursive: true }).sort()).toEqual(['.gphoto', '.gphoto/settings']);
		expect(readFileSync(join(home, '.gphoto/settings'), 'utf8')).toBe(own);
		expect(camera.guids).toEqual([UUID.replaceAll('-', '')]);
		expect(GUID_TEXT.replaceAll(':', '')).toBe(camera.guids[0]);
		expect(readdirSync(join(here.folder, 'ours/gphoto2'))).toEqual([]);
	});
});
