/** An EOS, and a PowerShot with a smartphone, on one host; computer and phone on others; real multicast between them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, finish, type Run, start } from './program.ts';

const CAMERA = '10.77.0.45';
const PC = '10.77.0.20';
const PHONE = '10.77.0.30';
const WINDOWS = 'read Microsoft-Windows/10.0 UPnP/1.0\n';
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const gphoto2Here = spawnSync('gphoto2', ['--version']).status === 0;
if (!gphoto2Here && process.env.CI === 'true') throw new Error('nothing may be skipped with CI=true, but gphoto2 is missing');
const why = obstacle() ?? (gphoto2Here ? undefined : 'gphoto2 is missing');

describe.skipIf(why !== undefined)(`EOS and smartphone between hosts${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;
	beforeAll(() => {
		lan = network({ pc: { last: 20 }, phone: { last: 30 }, cam: { last: 45 } });
		folder = mkdtempSync(join(tmpdir(), 'cw-other-flows-'));
		mkdirSync(join(folder, 'card', 'DCIM', '100CANON'), { recursive: true });
		mkdirSync(join(folder, 'home'));
		writeFileSync(join(folder, 'card', 'DCIM', '100CANON', 'IMG_0001.JPG'), Buffer.alloc(100_000, 7));
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		rmSync(folder, { recursive: true, force: true });
	});

	const camera = (...args: string[]): Run =>
		start(['simulate', '--json', '--address', CAMERA, '--media', join(folder, 'card'), ...args], { in: lan.hosts.cam?.name });
	const program = (host: string, name: string, ...args: string[]): Run =>
		start(args, { in: lan.hosts[host]?.name, program: [process.execPath, here(name)], openStdin: true });
	const gphoto2 = (host: string, ...args: string[]) =>
		finish(['--port', `ptpip:${CAMERA}`, ...args], {
			in: lan.hosts[host]?.name,
			program: ['gphoto2'],
			env: { HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'home'), LC_ALL: 'C' },
			cwd: folder,
		});

	test('an EOS is heard, found and read; gphoto2 waits for OK, and is known the next time', async () => {
		await using pc = program('pc', 'eos-utility.mjs', PC);
		await pc.until(event('listening'));
		const state = ['--flow', 'eos', '--state', join(folder, 'eos.json')];
		{
			await using cam = camera(...state, '--confirm-after', '0.5');
			const alive = await pc.until(event('ssdp:alive'));
			expect(alive).toMatchObject({ from: CAMERA, location: `http://${CAMERA}:49152/upnp/CameraDevDesc.xml` });
			pc.stdin.write('search\n');
			expect(await pc.until(event('answer'))).toMatchObject({ from: CAMERA, usn: alive.usn });
			await cam.until(event('searchAnswered', { from: PC }));

			pc.stdin.write('read somebody\n');
			await cam.until(event('descriptionServed', { from: PC, accepted: false }));
			const early = await gphoto2('pc', '--summary');
			expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('Connection refused')]);

			pc.stdin.write(WINDOWS);
			await cam.until(event('portOpened', { address: CAMERA, port: 15740 }));
			const summary = await gphoto2('pc', '--summary');
			expect(summary.code, summary.stderr).toBe(0);
			expect(summary.stdout).toContain('Model: Canon EOS Rebel T6');
			expect(await cam.ended).toBe(0);
			expect(cam.events.map(({ type }) => type)).toContain('confirmed');
			await pc.until(event('ssdp:byebye', { from: CAMERA }));
		}
		await using cam = camera(...state, '--scenario', 'reconnect');
		await cam.until(event('announcing'));
		pc.stdin.write(WINDOWS);
		await cam.until(event('portOpened'));
		const { paired } = JSON.parse(readFileSync(join(folder, 'eos.json'), 'utf8')) as { paired: { uuid: string }[] };
		await pc.until(event('description', { target: `uuid:${paired[0]?.uuid.toUpperCase()}` }));
		const got = await gphoto2('pc', '--get-file', '1', '--force-overwrite');
		expect(got.code, got.stderr).toBe(0);
		expect(readFileSync(join(folder, 'IMG_0001.JPG')).equals(Buffer.alloc(100_000, 7))).toBe(true);
		expect(await cam.ended).toBe(0);
		expect(cam.events.map(({ type }) => type)).not.toContain('confirmed');
	});

	test('an EOS whose datagrams go astray is found all the same, and its faults are the same again with the same seed', async () => {
		const announcements = async (): Promise<unknown[]> => {
			await using pc = program('pc', 'eos-utility.mjs', PC);
			await pc.until(event('listening'));
			await using cam = camera('--flow', 'eos', '--fault', 'lose=60', '--fault', 'duplicate=60', '--seed', '3');
			await pc.until(event('ssdp:alive'));
			pc.stdin.write(WINDOWS);
			await cam.until(event('portOpened'));
			return cam.events.filter(event('fault')).map(({ what }) => what);
		};
		const first = await announcements();
		expect(first.length).toBeGreaterThan(0);
		const again = await announcements();
		const both = Math.min(first.length, again.length);
		expect(again.slice(0, both)).toEqual(first.slice(0, both));
	});

	test.each(['announces', 'answers'])('a phone that %s is listed and greeted; RemoteCapture lets gphoto2 in', async (how) => {
		await using phone = program('phone', 'smartphone.mjs', PHONE, how);
		await phone.until(event('listening'));
		await using cam = camera('--flow', 'smartphone', '--select-after', '0.2');
		await cam.until(event('selected', { name: 'Redmi 5' }));
		expect(await phone.until(event('asked', { line: 'GET /MobileDevDesc.xml' }))).toMatchObject({ from: CAMERA });
		await cam.until(event('phoneServed', { address: CAMERA, port: 8615 }));
		expect(phone.events.filter(event('posted'))).toHaveLength(5);

		const refused = await gphoto2('phone', '--summary');
		expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Connection refused')]);
		phone.stdin.write('usecase RemoteCapture Run\n');
		expect(await phone.until(event('usecase'))).toMatchObject({ status: 200 });
		await cam.until(event('portOpened', { port: 15740 }));
		// Any host is let in then.
		const list = await gphoto2('pc', '--list-files');
		expect(list.code, list.stderr).toBe(0);
		expect(list.stdout).toContain('IMG_0001.JPG');
		expect(await cam.ended).toBe(0);
		await phone.until(event('ssdp:byebye', { from: CAMERA }));
	});
});
