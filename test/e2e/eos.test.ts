/** The real gphoto2 against an EOS: let in on OK the first time, by its GUID ever after, and not when it is another's. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { http } from '../simulator/modes/eos/client.ts';
import { freePort } from '../support/free-port.ts';
import { event, finish, start } from './program.ts';

const none = spawnSync('gphoto2', ['--version']).status !== 0;
if (none && process.env.CI === 'true') throw new Error('nothing may be skipped with CI=true, but gphoto2 is missing');

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(folder, 'card', 'DCIM', '100CANON'), { recursive: true });
	await mkdir(join(folder, 'home')); // gphoto2 keeps its GUID there, but does not make the folder
	await writeFile(join(folder, 'card', 'DCIM', '100CANON', 'IMG_0001.JPG'), Buffer.alloc(1000, 7));
});
afterAll(() => rm(folder, { recursive: true }));

/** Switches the camera on, reads its description as EOS Utility does, and gives back its events and where its port is. */
async function awaken(scenario: 'pair' | 'reconnect') {
	const card = ['--media', join(folder, 'card'), '--state', join(folder, 'camera.json')];
	const ports = ['--ssdp-port', String(await freePort()), '--ptpip-port', '0', '--description-port', '0'];
	const run = start([
		'simulate',
		'--flow',
		'eos',
		'--address',
		'127.0.0.1',
		'--scenario',
		scenario,
		'--confirm-after',
		'0',
		'--json',
		...card,
		...ports,
	]);
	const { location } = await run.until(event('announcing'));
	const { body } = await http(String(location), { 'User-Agent': 'Microsoft-Windows/10.0 UPnP/1.0' });
	const { port } = await run.until(event('portOpened'));
	return { run, body, port: String(port) };
}

const gphoto2 = (port: string, home: string, ...args: string[]) =>
	finish(['--port', `ptpip:127.0.0.1:${port}:${port}`, ...args], {
		program: ['gphoto2'],
		env: { HOME: join(folder, home), XDG_CONFIG_HOME: join(folder, home), LC_ALL: 'C' },
		cwd: folder,
	});

test.skipIf(none)('paired on OK, known by its GUID', { timeout: 60_000 }, async () => {
	const first = await awaken('pair');
	await using _first = first.run;
	const summary = await gphoto2(first.port, 'home', '--summary');
	expect(summary.code).toBe(0);
	expect(summary.stdout).toContain('Model: Canon EOS Rebel T6');
	expect(await first.run.ended).toBe(0);
	const { guid } = await first.run.until(event('initiator'));
	const { uuid } = await first.run.until(event('paired'));
	expect(String(uuid).replaceAll('-', '')).toBe(guid);

	const again = await awaken('reconnect');
	await using _again = again.run;
	expect(again.body).toContain(`>uuid:${String(uuid).toUpperCase()}<`);
	const got = await gphoto2(again.port, 'home', '--get-file', '1', '--force-overwrite');
	expect(got.code).toBe(0);
	expect((await readFile(join(folder, 'IMG_0001.JPG'))).equals(Buffer.alloc(1000, 7))).toBe(true);
	await again.run.ended;
	expect(again.run.events.map(({ type }) => type)).not.toContain('confirmed');

	// The camera now belongs to another computer.
	await writeFile(join(folder, 'camera.json'), JSON.stringify({ paired: [{ uuid: '00000000-0000-0000-ffff-0a1b2c3d4e5f', name: 'PC' }] }));
	const third = await awaken('reconnect');
	await using _third = third.run;
	const stranger = await gphoto2(third.port, 'home', '--summary');
	expect(stranger.code).toBe(1);
	await third.run.until(event('initiatorDropped'));
	expect(third.run.events.map(({ type }) => type)).not.toContain('sessionOpened');
});
