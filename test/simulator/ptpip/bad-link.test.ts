/** The built camera and the real gphoto2 on two hosts, with a link between them that delays and loses. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Host, network, obstacle } from '../../e2e/network.ts';
import { event, finish, start } from '../../e2e/program.ts';
import { skipUnless } from '../../support/skip.ts';

const noGphoto2 = 'gphoto2 is not installed';
const why = obstacle() ?? (skipUnless(spawnSync('gphoto2', ['--version']).error === undefined, noGphoto2) ? noGphoto2 : undefined);

/** Delay and loss by the kernel's netem; where it has none, a narrow link whose queue delays, and a filter that loses. */
function spoil(host: Host): void {
	try {
		host.tc('qdisc', 'add', 'dev', 'eth0', 'root', 'netem', 'delay', '15ms', '5ms', 'loss', '1%');
	} catch {
		host.tc('qdisc', 'add', 'dev', 'eth0', 'root', 'tbf', 'rate', '40mbit', 'burst', '8kb', 'latency', '60ms');
		const rules =
			'table inet loss { chain arriving { type filter hook input priority 0; meta l4proto tcp numgen random mod 100 < 1 drop; }; }';
		execFileSync('ip', ['netns', 'exec', host.name, 'nft', '-f', '-'], { input: rules, stdio: 'pipe' });
	}
}

describe.skipIf(why !== undefined)(`over a link with delay and loss${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network> | undefined;
	let folder = '';
	const files = new Map([
		['IMG_0001.JPG', randomBytes(700_001)],
		['IMG_0002.JPG', randomBytes(1)],
		['MVI_0003.MP4', randomBytes(2_500_003)],
	]);

	beforeAll(() => {
		lan = network({ camera: { last: 45 }, pc: { last: 1 } });
		for (const host of Object.values(lan.hosts)) spoil(host);
		folder = mkdtempSync(join(tmpdir(), 'canon-wifi-test-'));
		mkdirSync(join(folder, 'card', 'DCIM', '100CANON'), { recursive: true });
		for (const [name, bytes] of files) writeFileSync(join(folder, 'card', 'DCIM', '100CANON', name), bytes);
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		if (folder !== '') rmSync(folder, { recursive: true });
	});

	async function gphoto2(args: readonly string[], input?: string): Promise<{ code: number | string; lines: string[]; stderr: string }> {
		const card = join(folder, 'card');
		const env = { HOME: folder, XDG_CONFIG_HOME: folder, LC_ALL: 'C' };
		await using pc = start(['serve', '10.77.0.1', '--config-dir', join(folder, 'settings'), '--json'], { in: lan?.hosts.pc?.name });
		await pc.until(event('ready'));
		await using camera = start(['simulate', '--address', '10.77.0.45', '--media', card, '--select-after', '0', '--json'], {
			in: lan?.hosts.camera?.name,
		});
		await camera.until(event('connected'));
		const into = join(folder, 'into');
		mkdirSync(into, { recursive: true });
		const run = await finish(['--port', 'ptpip:10.77.0.45', ...args], {
			program: ['gphoto2'],
			in: lan?.hosts.pc?.name,
			cwd: into,
			env,
			...(input === undefined ? {} : { input }),
		});
		expect(await camera.ended, camera.lines.slice(-5).join('\n')).toBe(0);
		return run;
	}

	test('everything is fetched, bytes equal', { timeout: 90_000 }, async () => {
		const { code, stderr } = await gphoto2(['--get-all-files', '--force-overwrite']);
		expect(code, stderr).toBe(0);
		for (const [name, bytes] of files) expect(readFileSync(join(folder, 'into', name)).equals(bytes), name).toBe(true);
	});

	test('summary, list, an upload and a deletion in one session', { timeout: 90_000 }, async () => {
		const dcim = '/store_00010001/DCIM/100CANON';
		writeFileSync(join(folder, 'into', 'up.jpg'), randomBytes(300_000));
		const { code, lines, stderr } = await gphoto2([
			'--folder',
			dcim,
			'--summary',
			'--list-files',
			'--upload-file',
			'up.jpg',
			'--delete-file',
			'IMG_0002.JPG',
		]);
		expect(code, stderr).toBe(0);
		expect(lines.join('\n')).toMatch(/Model: Canon PowerShot[\s\S]*MVI_0003\.MP4/);
		expect(readdirSync(join(folder, 'card', 'DCIM', '100CANON')).sort()).toEqual(['IMG_0001.JPG', 'MVI_0003.MP4', 'up.jpg']);
		expect(readFileSync(join(folder, 'card', 'DCIM', '100CANON', 'up.jpg')).equals(readFileSync(join(folder, 'into', 'up.jpg')))).toBe(
			true,
		);
	});

	test('a shell that lists and fetches', { timeout: 90_000 }, async () => {
		const { code, lines, stderr } = await gphoto2(
			['--shell', '--force-overwrite'],
			'cd store_00010001/DCIM/100CANON\nls\nget IMG_0001.JPG\nexit\n',
		);
		expect(code, stderr).toBe(0);
		expect(lines.join('\n')).toContain('MVI_0003.MP4');
	});
});
