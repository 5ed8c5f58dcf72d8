/** The built program holds a camera that switches its Wi-Fi off when its one connection closes; the real gphoto2 uses it. */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeDataset, handles, objectInfo } from '#protocol/ptp/datasets.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { fetchData } from '#protocol/ptpip/initiator/operations.ts';
import { pattern } from '../hold/world.ts';
import { fuzzRuns } from '../support/fuzz.ts';
import { skipUnless } from '../support/skip.ts';
import { event, finish, type Json, type Run, start } from './program.ts';

const skip =
	skipUnless(process.platform === 'linux', 'only Linux has all of 127.0.0.0/8') ||
	skipUnless(spawnSync('gphoto2', ['--version']).status === 0, 'gphoto2 is not installed');
const MB = 1024 * 1024;
/** A camera of this test run's own: others run beside it. */
const CAMERA = `127.${100 + (process.pid % 100)}.${(process.pid >> 8) % 250}.2`;
const IN = '/store_00010001/DCIM/100CANON';
const files = new Map([
	['IMG_0001.JPG', pattern(700_001, 3)],
	['IMG_0002.JPG', pattern(1_500_000, 4)],
	['MVI_0003.MOV', pattern(9 * MB + 17, 5)],
]);

describe.skipIf(skip)('hold', () => {
	let folder: string;
	let ssdpPort: string;
	const here = (...names: string[]) => join(folder, ...names);

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'cw-hold-e2e-'));
		mkdirSync(here('card', 'DCIM', '100CANON'), { recursive: true });
		for (const [name, bytes] of files) writeFileSync(here('card', 'DCIM', '100CANON', name), bytes);
		writeFileSync(here('card', 'DCIM', '100CANON', 'MVI_0009.MOV'), '');
		truncateSync(here('card', 'DCIM', '100CANON', 'MVI_0009.MOV'), 2048 * MB - 1);
		const udp = createSocket('udp4').bind(0);
		await new Promise((resolve) => udp.once('listening', resolve));
		ssdpPort = String(udp.address().port);
		udp.close();
	});
	afterAll(() => folder !== undefined && rmSync(folder, { recursive: true, force: true }));

	const settings = () => ['--config-dir', here('settings')];
	const camera = (...args: string[]) =>
		start(
			[
				'simulate',
				'--json',
				'--address',
				CAMERA,
				'--ssdp-port',
				ssdpPort,
				'--state',
				here('camera.json'),
				'--media',
				here('card'),
				...args,
			],
			{},
		);
	const hold = (args: string[] = [], rest: string[] = []) =>
		start([...settings(), '--json', 'hold', '--address', '127.0.0.1', '--ssdp-port', ssdpPort, '--no-input', ...args, '--', ...rest], {
			cwd: folder,
		});
	const portOf = async (run: Run) => Number((await run.until(event('sharing'))).port);
	const gphoto2 = (port: number, args: readonly string[], cwd = folder) =>
		finish(['--port', `ptpip:127.0.0.1:${port}:${port}`, ...args], { program: ['gphoto2'], cwd, env: { HOME: folder, LC_ALL: 'C' } });
	const sessions = (cam: Run) => cam.events.filter(event('sessionOpened')).length;

	/** A camera, held. */
	async function held(args: string[] = []): Promise<{ cam: Run; run: Run; port: number; [Symbol.asyncDispose](): Promise<void> }> {
		rmSync(here('camera.json'), { force: true });
		const cam = camera();
		const run = hold(args);
		const port = await portOf(run);
		await run.until(event('connected'));
		return {
			cam,
			run,
			port,
			async [Symbol.asyncDispose]() {
				await run[Symbol.asyncDispose]();
				await cam[Symbol.asyncDispose]();
			},
		};
	}

	test('ten different commands in a row on one session of the camera', async () => {
		await using one = await held();
		const commands = [
			['--summary'],
			['--list-files'],
			['--num-files'],
			['--list-folders'],
			['--storage-info'],
			['--folder', IN, '--get-file', 'IMG_0001.JPG', '--force-overwrite'],
			['--folder', IN, '--show-info', 'IMG_0002.JPG'],
			['--list-config'],
			['--folder', IN, '--get-thumbnail', '1', '--force-overwrite'],
			['--folder', IN, '--get-file', 'MVI_0003.MOV', '--force-overwrite'],
		];
		for (const args of commands) {
			const { code, stderr } = await gphoto2(one.port, args);
			// The card's pictures are no real ones, so there is no thumbnail in them.
			if (!args.includes('--get-thumbnail')) expect(code, `${args.join(' ')}: ${stderr}`).toBe(0);
		}
		for (const name of ['IMG_0001.JPG', 'MVI_0003.MOV'])
			expect(Buffer.compare(readFileSync(here(name)), files.get(name) ?? new Uint8Array())).toBe(0);
		expect(sessions(one.cam)).toBe(1);
		expect(one.cam.events.some(event('sessionClosed'))).toBe(false);
		await one.run.until((seen) => seen.type === 'unlock' && seen.done === true);
	});

	test('four at once, every byte right; and a shell that stays open while another lists', async () => {
		await using one = await held();
		const shell = start(['--port', `ptpip:127.0.0.1:${one.port}:${one.port}`, '--shell'], {
			program: ['gphoto2'],
			openStdin: true,
			env: { HOME: folder, LC_ALL: 'C' },
		});
		shell.stdin.write('ls\n');
		await one.run.until(event('client', { state: 'connected' }));
		await Promise.all(
			[1, 2, 3, 4].map(async (n) => {
				const into = here(`at-once-${n}`);
				mkdirSync(into);
				for (const [name, bytes] of files) {
					const { code, stderr } = await gphoto2(one.port, ['--folder', IN, '--get-file', name], into);
					expect(code, stderr).toBe(0);
					expect(Buffer.compare(readFileSync(join(into, name)), bytes), `${n}: ${name}`).toBe(0);
				}
			}),
		);
		expect((await gphoto2(one.port, ['--list-files'])).lines.join('\n')).toContain('MVI_0003.MOV');
		shell.stdin.write(`cd ${IN}\nls\nexit\n`);
		expect(await shell.ended, shell.stderr).toBe(0);
		expect(shell.lines.join('\n')).toContain('IMG_0001.JPG');
		expect(sessions(one.cam)).toBe(1);
	});

	test('gphoto2 killed at a hundred moments of downloads, uploads and between: the camera has seen one session', async () => {
		await using one = await held();
		const { below, pick } = fuzzRuns(1, 20_260_101);
		writeFileSync(here('UP.JPG'), pattern(3 * MB, 9));
		const doings = [
			['--folder', IN, '--get-file', 'MVI_0003.MOV', '--force-overwrite'],
			['--folder', IN, '--get-file', 'IMG_0001.JPG', '--force-overwrite'],
			['--folder', IN, '--upload-file', here('UP.JPG'), '--filename', 'UP.JPG'],
			['--list-files'],
		];
		for (let n = 0; n < 100; n++) {
			const child = spawn('gphoto2', ['--port', `ptpip:127.0.0.1:${one.port}:${one.port}`, ...pick(doings)], {
				stdio: 'ignore',
				cwd: folder,
				env: { ...process.env, HOME: folder },
			});
			const gone = new Promise((resolve) => child.once('close', resolve));
			await sleep(5 + below(120));
			child.kill('SIGKILL');
			await gone;
			if (n % 20 === 19) expect((await gphoto2(one.port, ['--num-files'])).code).toBe(0);
		}
		const { code, stderr } = await gphoto2(one.port, ['--folder', IN, '--get-file', 'MVI_0003.MOV', '--force-overwrite']);
		expect(code, stderr).toBe(0);
		expect(Buffer.compare(readFileSync(here('MVI_0003.MOV')), files.get('MVI_0003.MOV') ?? new Uint8Array())).toBe(0);
		expect(sessions(one.cam)).toBe(1);
		expect(one.run.events.some(event('lost'))).toBe(false);
		await one.run.until(() => openClients(one.run.events) === 0);
	});

	test('the camera goes and comes back: clients end at once, and it is taken again by itself', async () => {
		await using one = await held();
		const shell = start(['--port', `ptpip:127.0.0.1:${one.port}:${one.port}`, '--shell'], {
			program: ['gphoto2'],
			openStdin: true,
			env: { HOME: folder, LC_ALL: 'C' },
		});
		shell.stdin.write('ls\n');
		await one.run.until(event('client', { state: 'connected' }));
		one.cam.kill('SIGKILL');
		await one.run.until(event('lost'));
		await one.run.until(event('client', { state: 'left' }));
		expect((await gphoto2(one.port, ['--num-files'])).code).toBe(1);
		await one.run.until(event('client', { state: 'refused' }));
		await using again = camera('--scenario', 'reconnect');
		await again.until(event('initiator'));
		const ready = again.events.find(event('connected')) as Json;
		const taken = again.events.find(event('initiator')) as Json;
		// The promise is 250 ms; a busy machine that runs other tests is given more.
		expect(Date.parse(String(taken.time)) - Date.parse(String(ready.time))).toBeLessThan(1500);
		await one.run.until(() => one.run.events.filter(event('connected')).length === 2);
		const { code, stderr } = await gphoto2(one.port, ['--num-files']);
		expect(code, stderr).toBe(0);
		shell.kill('SIGKILL');
		await shell.ended;
	});

	test('two gigabytes through it, and a client that stops in the middle: memory stays flat', async () => {
		await using one = await held(['--unlock', 'never']);
		const pid = Number(((await finish([...settings(), '--json', 'status'])).events.find(event('held')) as Json).pid);
		const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
		const before = peak();
		const { connection } = await dial({
			host: '127.0.0.1',
			port: one.port,
			guid: new Uint8Array(16),
			name: 'large',
			signal: AbortSignal.timeout(60_000),
		});
		if (connection === undefined) throw new Error('not taken');
		await connection.transact({ code: 0x1002, params: [1] });
		let large = 0;
		const { data } = await fetchData(connection, { code: 0x1007, params: [0xffffffff, 0, 0], atMost: 4096 });
		for (const handle of decodeDataset(handles, data)) {
			const info = await fetchData(connection, { code: 0x1008, params: [handle], atMost: 4096 });
			if (decodeDataset(objectInfo, info.data).fileName === 'MVI_0009.MOV') large = handle;
		}
		let stopped: Promise<void> | undefined;
		// Once, for longer than any buffer lasts.
		const piece = () => {
			if (stopped !== undefined) return undefined;
			stopped = sleep(1500);
			return stopped;
		};
		const answer = await connection.transact({ code: 0x1009, params: [large], receive: { piece } });
		expect(answer).toMatchObject({ code: 0x2001, received: 2048 * MB - 1 });
		await connection.close();
		expect(peak() - before).toBeLessThan(60);
	}, 120_000);

	test('a command runs with the camera, knows where it is, and its exit code is passed on', async () => {
		rmSync(here('camera.json'), { force: true });
		await using cam = camera();
		const run = hold(
			[],
			[
				'sh',
				'-c',
				'gphoto2 --port "$CANON_WIFI_GPHOTO2_PORT" --num-files >files.txt && gphoto2 --port "$CANON_WIFI_GPHOTO2_PORT" --num-files >>files.txt; echo "$CANON_WIFI_HOST $CANON_WIFI_PORT" >where.txt; exit 7',
			],
		);
		const port = await portOf(run);
		expect(await run.ended, run.stderr).toBe(7);
		expect(run.events.at(-1)).toMatchObject({ type: 'result', command: 'hold', exitCode: 7, toolExitCode: 7 });
		await cam.until(event('sessionClosed'));
		expect(sessions(cam)).toBe(1);
		expect(readFileSync(here('where.txt'), 'utf8')).toBe(`127.0.0.1 ${port}\n`);
		expect(readFileSync(here('files.txt'), 'utf8').match(/Number of files/g)).toHaveLength(2);
	});

	test('connect finds it, and leaving the tool does not lose the camera; status tells, and forgets a hold that died', async () => {
		await using one = await held();
		for (const args of [
			['--tool', 'gphoto2'],
			['--tool', 'gphoto2', '--via', 'hold'],
			['--tool', 'builtin'],
		]) {
			const rest = args.includes('builtin') ? ['ls'] : ['--list-folders'];
			const { code, stderr, events } = await finish([...settings(), '--json', 'connect', ...args, '--no-input', '--', ...rest]);
			expect(code, stderr).toBe(0);
			expect(events.find(event('connected'))).toMatchObject({ via: 'hold' });
		}
		expect(sessions(one.cam)).toBe(1);
		const status = await finish([...settings(), '--json', 'status']);
		expect(status.events[0]).toMatchObject({ type: 'held', state: 'connected', camera: CAMERA, port: one.port, sessions: 1, clients: [] });
		const other = await finish([
			...settings(),
			'--json',
			'connect',
			'--via',
			'hold',
			'--camera',
			'127.9.9.9',
			'--tool',
			'builtin',
			'--no-input',
		]);
		expect(other.events.find(event('error'))).toMatchObject({ code: 'noHold', message: 'No running hold has the camera at 127.9.9.9.' });
		const second = hold(['--camera', CAMERA]);
		expect(await second.ended).toBe(69);
		expect(second.events.find(event('error'))).toMatchObject({
			code: 'alreadyHeld',
			next: expect.stringContaining(`ptpip:127.0.0.1:${one.port}:${one.port}`),
		});
		one.run.kill('SIGKILL');
		await one.run.ended;
		expect(readdirSync(here('settings', 'hold'))).toHaveLength(1);
		expect((await finish([...settings(), 'status'])).lines.join()).toContain('No camera is held');
		expect(readdirSync(here('settings', 'hold'))).toEqual([]);
		const without = await finish([...settings(), '--json', 'connect', '--via', 'hold', '--tool', 'builtin', '--no-input']);
		expect(without.code).toBe(75);
		expect(without.events.find(event('error'))).toMatchObject({ code: 'noHold' });
	});

	test.each([
		[['--listen', '192.0.2.1:15740'], 64],
		[['--listen', '0.0.0.0:15740'], 64],
		[['--listen', 'localhost:banana'], 64],
		[['--keepalive', 'sometimes'], 64],
		[['--pass-through', 'Format'], 64],
		[['--listen', '192.0.2.1:15740', '--allow-remote'], 69],
		[['nobody'], 66],
		[[], 64, ['no-such-program', '--now']],
		[[], 64, ['./no-such-file']],
	])('%j ends with %i before any camera is answered %j', async (args, exitCode, rest: string[] = []) => {
		const run = hold(args, rest);
		expect(await run.ended).toBe(exitCode);
		expect(run.events.some(event('ready'))).toBe(false);
		expect(existsSync(here('settings', 'hold')) ? readdirSync(here('settings', 'hold')) : []).toEqual([]);
	});
});

const openClients = (events: readonly Json[]) =>
	events.filter(event('client', { state: 'connected' })).length -
	events.filter((one) => one.type === 'client' && (one.state === 'left' || one.state === 'cut')).length;
