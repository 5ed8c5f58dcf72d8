import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtInCard } from '#simulator/card/built-in.ts';
import { jpegFacts } from '#simulator/card/jpeg.ts';
import { skipUnless } from '../support/skip.ts';
import { type Computer, HOST, type Stage, startComputer, startStage } from './world.ts';

const skip = skipUnless(spawnSync('gphoto2', ['--version']).error === undefined, 'gphoto2 is not installed');

describe.skipIf(skip)(`the real gphoto2${skip ? ' (not installed: skipped)' : ''}`, () => {
	let computer: Computer;
	let stage: Stage;
	let folder: string;
	let card: { root: string; remove(): Promise<void> };

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
		card = await builtInCard('Canon Inc.', 'Canon PowerShot ELPH 340 HS');
		computer = await startComputer();
		stage = await startStage(computer, { media: card.root });
		await stage.pair();
	});

	afterEach(async () => {
		await stage.camera.close();
		await computer[Symbol.asyncDispose]();
		await card.remove();
		await rm(folder, { recursive: true });
	});

	/** Runs it in `folder`, with settings of its own. */
	function gphoto2(args: readonly string[], input = ''): Promise<{ code: number; stdout: string; stderr: string }> {
		return new Promise((resolve) => {
			const child = execFile(
				'gphoto2',
				['--port', `ptpip:${HOST}:${stage.camera.ptpipPort}:${stage.camera.ptpipPort}`, ...args], // command and event port
				{ cwd: folder, env: { ...process.env, LC_ALL: 'C', HOME: folder, XDG_CONFIG_HOME: folder }, timeout: 25_000 },
				(error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
			);
			child.stdin?.end(input);
		});
	}
	const dcim = (): string => join(card.root, 'DCIM', '100CANON');

	test('knows the camera, and by its own connecting leaves it in PTP mode', async () => {
		const { code, stdout } = await gphoto2(['--summary']);
		expect(code).toBe(0);
		expect(stdout).toContain('Model: Canon PowerShot ELPH 340 HS');
		expect(stdout).toContain('Removable RAM (memory card)');
		expect(stage.events.some((event) => event.type === 'operation' && event.code === 0x1007)).toBe(true);
		await expect(stage.camera.ended).resolves.toEqual({ why: 'connectionClosed', session: true });
	});

	test('fetches every file with equal bytes, small, empty, larger than 1 MiB, and nested', async () => {
		await mkdir(join(dcim(), 'DEEP', 'ER'), { recursive: true });
		await writeFile(join(dcim(), 'DEEP', 'ER', 'NOTE.TXT'), 'nested');
		await writeFile(join(dcim(), 'EMPTY.THM'), '');
		await writeFile(join(dcim(), 'MVI_0004.MP4'), 'film'.repeat(700_000));
		const { code } = await gphoto2(['--get-all-files']);
		expect(code).toBe(0);
		for (const name of (await readdir(dcim())).filter((one) => one !== 'DEEP'))
			expect((await readFile(join(folder, name))).equals((await readFile(join(dcim(), name))) as never), name).toBe(true);
		expect(await readFile(join(folder, 'NOTE.TXT'), 'utf8')).toBe('nested');
	});

	test('sees size, dimensions, date and thumbnail of a picture', async () => {
		const { code, stdout } = await gphoto2(['--show-info', '1', '--get-thumbnail', '1']);
		expect(code).toBe(0);
		expect(stdout).toMatch(/Width: +640 pixel/);
		expect(stdout).toMatch(/Height: +480 pixel/);
		expect(stdout).toContain('Fri Jun 21 05:12:07 2024');
		const picture = Uint8Array.from((await readFile(join(dcim(), 'IMG_0001.JPG'))) as never);
		const thumbnail = jpegFacts(picture)?.thumbnail ?? { at: 0, size: 0 };
		expect(thumbnail).toMatchObject({ width: 160, height: 120 });
		const got = Uint8Array.from((await readFile(join(folder, 'thumb_IMG_0001.jpg'))) as never);
		expect(got).toEqual(picture.subarray(thumbnail.at, thumbnail.at + thumbnail.size));
	});

	test('deletes a file, and a shell on one session lists what is left', async () => {
		const { code, stdout } = await gphoto2(
			['--shell', '--force-overwrite'],
			'cd store_00010001/DCIM/100CANON\ndelete IMG_0002.JPG\nls\nget IMG_0003.JPG\nexit\n',
		);
		expect(code).toBe(0);
		expect(stdout).toMatch(/IMG_0001\.JPG +IMG_0003\.JPG/);
		expect((await readdir(dcim())).sort()).toEqual(['IMG_0001.JPG', 'IMG_0003.JPG']);
		expect((await stat(join(folder, 'IMG_0003.JPG'))).size).toBe((await stat(join(dcim(), 'IMG_0003.JPG'))).size);
		expect(stage.events.filter(({ type }) => type === 'sessionOpened')).toHaveLength(1);
	});
});
