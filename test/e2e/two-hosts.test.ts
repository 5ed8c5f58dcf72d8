/** A camera on one host, the built program on another, real multicast between them, and neighbours that make noise. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, finish, type RunOptions, start } from './program.ts';

const CANON_MAC = '2c:9e:fc:0a:0b:0c';
const NOISE = fileURLToPath(new URL('noise.mjs', import.meta.url));
const STANDIN = fileURLToPath(new URL('../bin/chdkptp-standin/chdkptp.sh', import.meta.url));
const why = obstacle();

describe.skipIf(why !== undefined)(`two hosts and a noisy third${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;

	beforeAll(() => {
		lan = network({ pc: { last: 20 }, cam: { last: 45, mac: CANON_MAC }, noise: { last: 99 } });
		folder = mkdtempSync(join(tmpdir(), 'cw-two-hosts-'));
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	});

	const here = (name: string) => join(folder, name);
	const pc = (args: string[], options: RunOptions = {}) =>
		start(['--config-dir', here('settings'), '--json', ...args], { in: lan.hosts.pc?.name, ...options });
	const pcDone = (args: string[], options: RunOptions = {}) =>
		finish(['--config-dir', here('settings'), '--json', ...args], { in: lan.hosts.pc?.name, ...options });
	const camera = (...args: string[]) =>
		start(['simulate', '--json', '--address', lan.hosts.cam?.address ?? '', '--state', here('camera.json'), ...args], {
			in: lan.hosts.cam?.name,
		});
	const noise = () =>
		start([], { in: lan.hosts.noise?.name, program: [process.execPath, NOISE, lan.hosts.noise?.address ?? ''], openStdin: true });

	test.each(['builtin', 'gphoto2', 'chdkptp'])('pair with %s, amid noise: the camera is recognised, learnt and saved', async (tool) => {
		await using neighbours = noise();
		await neighbours.until(event('noisy'));
		await using cam = camera('--before-set', tool === 'builtin' ? 'initFail' : 'refuse');
		const path = tool === 'chdkptp' ? ['--tool-path', STANDIN] : [];
		const { events, code, stderr } = await pcDone(['pair', tool, '--tool', tool, ...path, '--name', 'studio', '--no-input']);
		expect(stderr).toBe('');
		expect(code).toBe(0);
		expect(events.find(event('camera'))).toMatchObject({ address: '10.77.0.45', mac: CANON_MAC, maker: 'Canon' });
		expect(events.filter(event('camera')).every(({ address }) => address === '10.77.0.45')).toBe(true);
		expect(events.some(event('description', { from: '10.77.0.99' }))).toBe(true);
		// Our own session keeps the camera, and the tool proves itself through it.
		expect(events.filter(event('connected')).map((one) => [one.tool, one.via])).toEqual([
			['builtin', undefined],
			...(tool === 'builtin' ? [] : [[tool, 'hold']]),
		]);
		expect(events.find(event('connected'))).toMatchObject({
			address: '10.77.0.45',
			model: expect.stringContaining('Canon PowerShot'),
		});
		expect(events.find(event('profile'))).toMatchObject({
			id: tool,
			tool,
			mac: CANON_MAC,
			lastAddress: '10.77.0.45',
			interface: 'eth0',
			name: 'studio',
			chdk: true,
		});
		expect(events.at(-1)).toMatchObject({ type: 'result', ok: true, exitCode: 0 });
		await cam.until(event('selected', { name: 'studio' }));
		expect(await cam.ended).toBe(0);
	});

	test('pair with no tool: the camera is answered until after SET, and saved', async () => {
		await using cam = camera();
		const { events, code } = await pcDone(['pair', 'later', '--tool', 'none', '--name', 'studio', '--no-input']);
		expect(code).toBe(0);
		expect(events.filter(event('description', { from: '10.77.0.45' })).length).toBeGreaterThan(1);
		expect(events.find(event('profile'))).toMatchObject({ id: 'later', tool: 'none', mac: CANON_MAC });
		await cam.until(event('paired', { name: 'studio' }));
	});

	test('connect: the paired camera comes back, and one command fetches its pictures, bytes equal', async () => {
		const card = here('card');
		mkdirSync(join(card, 'DCIM', '100CANON'), { recursive: true });
		const pictures = new Map(['IMG_0001.JPG', 'IMG_0002.JPG'].map((name, n) => [name, Buffer.alloc(200_000 * (n + 1), name)]));
		for (const [name, bytes] of pictures) writeFileSync(join(card, 'DCIM', '100CANON', name), bytes);
		await using cam = camera('--scenario', 'reconnect', '--media', card);
		await cam.until(event('searching'));
		const photos = here('photos');
		const { events, code } = await pcDone(['connect', 'builtin', '--no-input', '--', 'get', '--all', '--to', photos]);
		expect(code).toBe(0);
		expect(events.find(event('camera'))).toMatchObject({ because: 'profile' });
		expect(events.find(event('unlock'))).toMatchObject({ done: true, levent: 4482, os: 'dryos' });
		const got = readdirSync(photos, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.JPG'));
		expect(got.map((name) => name.split('/').at(-1)).sort()).toEqual([...pictures.keys()]);
		for (const name of got)
			expect(readFileSync(join(photos, name)).equals(pictures.get(name.split('/').at(-1) ?? '') ?? Buffer.alloc(0))).toBe(true);
		expect(await cam.ended).toBe(0);
	});

	test('a command at the prompt blackens the screen; it comes back, and not too soon for the camera', async () => {
		await using cam = camera('--scenario', 'reconnect');
		await cam.until(event('searching'));
		const run = await finish(['--config-dir', here('settings'), 'connect', 'builtin', '--no-input', '-q'], {
			in: lan.hosts.pc?.name,
			input: 'ls\nls\n',
		});
		expect(run.code, run.stderr).toBe(0);
		expect(await cam.ended).toBe(0);
		const after = cam.events.slice(cam.events.findLastIndex(event('operation', { name: 'getObjectHandles' })));
		expect(after.some(event('unlocked'))).toBe(true);
		expect(cam.events.filter(event('leventIgnored'))).toEqual([]);
	});

	test('connect with gphoto2: summary, list, all files, and a shell on piped stdin', async () => {
		const card = here('card');
		for (const [args, check] of [
			[['--summary'], /Model: Canon PowerShot/],
			[['--list-files'], /IMG_0002\.JPG/],
		] as const) {
			await using cam = camera('--scenario', 'reconnect', '--media', card);
			await cam.until(event('searching'));
			const run = await finish(['--config-dir', here('settings'), 'connect', 'gphoto2', '--no-input', '-q', '--', ...args], {
				in: lan.hosts.pc?.name,
			});
			expect(run.code, run.stderr).toBe(0);
			expect(run.lines.join('\n')).toMatch(check);
			expect(await cam.ended).toBe(0);
		}
		const into = here('gphoto2');
		mkdirSync(into);
		await using cam = camera('--scenario', 'reconnect', '--media', card);
		const all = await finish(['--config-dir', here('settings'), 'connect', 'gphoto2', '--no-input', '-q', '--', '--get-all-files'], {
			in: lan.hosts.pc?.name,
			cwd: into,
		});
		expect(all.code, all.stderr).toBe(0);
		for (const name of ['IMG_0001.JPG', 'IMG_0002.JPG'])
			expect(readFileSync(join(into, name)).equals(readFileSync(join(card, 'DCIM', '100CANON', name)))).toBe(true);
		expect(await cam.ended).toBe(0);

		await using again = camera('--scenario', 'reconnect', '--media', card, '--before-set', 'initFail', '--select-after', '2');
		const shell = await finish(['--config-dir', here('settings'), 'connect', 'gphoto2', '--no-input', '-q'], {
			in: lan.hosts.pc?.name,
			input: 'cd /store_00010001/DCIM/100CANON\nls\nexit\n',
		});
		expect(shell.code, shell.stderr).toBe(0);
		expect(shell.lines.join('\n')).toMatch(/IMG_0001\.JPG/);
		expect(await again.ended).toBe(0);
	});

	test('connect with chdkptp: kept awake, unlocked by CHDK, its own commands run', async () => {
		await using cam = camera('--scenario', 'reconnect');
		await cam.until(event('searching'));
		const { events, code } = await pcDone(['connect', 'chdkptp', '--no-input', '--', '-e!print("alive", con:is_connected())']);
		expect(events.find(event('connected'))).toMatchObject({ tool: 'chdkptp', chdk: '2.9', os: 'dryos' });
		expect(events.find(event('keepalive'))).toBeDefined();
		expect(events.find(event('unlock'))).toMatchObject({ done: true, levent: 4482 });
		expect(code).toBe(0);
		await cam.until(event('unlocked'));
		expect(await cam.ended).toBe(0);
	});

	test('a camera that does not know this computer’s UUID is not paired, and the time runs out with a hint', async () => {
		await using cam = camera('--scenario', 'reconnect');
		await cam.until(event('searching'));
		const run = await finish(
			['--config-dir', here('other-settings'), '--json', 'connect', '--tool', 'builtin', '--no-input', '--timeout', '4'],
			{ in: lan.hosts.pc?.name },
		);
		expect(run.code).toBe(75);
		expect(run.events.find(event('error'))).toMatchObject({ code: 'noCamera', next: expect.stringContaining('Add a Device...') });
	});

	test('a camera that vanishes in the middle of a session is told as lost', async () => {
		await using cam = camera('--scenario', 'reconnect');
		await using run = pc(['connect', 'builtin', '--no-input'], { openStdin: true });
		await run.until(event('unlock'));
		cam.kill('SIGKILL');
		await run.until(event('lost'));
		expect(await run.ended).toBe(74);
		expect(run.events.find(event('error'))).toMatchObject({ code: 'sessionLost' });
	});

	test('--reconnect takes the same camera back, with the tool’s arguments again', async () => {
		await using _cam = camera('--scenario', 'reconnect', '--survive');
		await using run = pc(['connect', 'builtin', '--reconnect', '--no-input', '--', 'info']);
		await run.until(() => run.events.filter(event('ended')).length >= 3);
		run.kill('SIGINT');
		expect(await run.ended).toBe(130);
	});
});
