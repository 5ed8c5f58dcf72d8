import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtInCard } from '#simulator/card/built-in.ts';
import { jpegFacts } from '#simulator/card/jpeg.ts';
import { models } from '#simulator/models/catalogue.ts';
import { skipUnless } from '../../support/skip.ts';
import { cameraOn } from '../ptp/camera-on.ts';

const skip = skipUnless(spawnSync('gphoto2', ['--version']).error === undefined, 'gphoto2 is not installed');

async function pictures(): Promise<Record<string, Uint8Array>> {
	const { root, remove } = await builtInCard('Canon Inc.', 'Camera');
	try {
		const folder = join(root, 'DCIM', '100CANON');
		const names = await readdir(folder);
		return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
	} finally {
		await remove();
	}
}

describe.skipIf(skip)(`the real gphoto2${skip ? ' (not installed: skipped)' : ''}`, () => {
	// An EOS waits for EOS Utility; its sessions are tried with its flow.
	const compacts = models.filter(({ eos }) => eos === undefined);
	// Its own client of CHDK's operation: what it shows comes from scripts that it sends.
	test('in its CHDK mode lists, fetches, deletes, takes a picture and tells how the camera is', async () => {
		await using on = await cameraOn({ 'IMG_0001.JPG': 'first', 'IMG_0002.JPG': 'second' });
		for (const place of ['.gphoto', 'gphoto']) {
			await mkdir(join(on.scratch, place)); // before and after libgphoto2 2.5.34
			await writeFile(join(on.scratch, place, 'settings'), 'ptp2=chdk=on\n');
		}
		// A library that CHDK brings along on its cards.
		await mkdir(join(on.card, 'CHDK', 'LUALIB'), { recursive: true });
		const capmode = "return { mode_to_name = { 'P' }, valid = function() return true end, get_name = function() return 'P' end }";
		await writeFile(join(on.card, 'CHDK', 'LUALIB', 'capmode.lua'), capmode);
		const folder = ['--folder', '/DCIM/100CANON'];
		const { code, stdout, stderr } = await on.gphoto2([
			'--summary',
			...folder,
			'--list-files',
			'--get-file',
			'2',
			'--delete-file',
			'1',
			'--capture-image',
			'--get-config',
			'zoom',
		]);
		expect([code, stderr]).toEqual([0, '']);
		expect(stdout).toContain('CHDK 2.9 Status');
		expect(stdout).toContain('SV96: 480');
		expect(stdout).toMatch(/#2 +IMG_0002\.JPG/);
		expect(stdout).toContain('/DCIM/100CANON/IMG_0003.JPG on the camera');
		expect(await readFile(join(on.scratch, 'IMG_0002.JPG'), 'utf8')).toBe('second');
		expect(await readdir(on.picture(''))).toEqual(['IMG_0002.JPG', 'IMG_0003.JPG']);
	});

	describe.each(compacts.map((model) => [model.id, model] as const))('on %s', (_id, model) => {
		test('tells its summary', async () => {
			await using on = await cameraOn({}, { model });
			const { code, stdout, stderr } = await on.gphoto2(['--summary']);
			expect(code, stderr).toBe(0);
			expect(stdout).toContain(`Model: ${model.model}`);
			expect(stdout).toContain(`Version: ${model.deviceVersion}`);
			expect(stdout).toContain('store_00010001:');
			for (const { id } of model.otherStorages ?? []) expect(stdout).toContain(`store_${id.toString(16)}:`);
			await expect(on.camera.ended).resolves.toMatchObject({ why: 'connectionClosed' });
		});

		test('lists and fetches all, small and over 1 MiB', async () => {
			const files = { ...(await pictures()), 'MVI_0004.MP4': Buffer.alloc(3_000_000, 'film'), 'SUB/NOTE.TXT': 'nested' };
			await using on = await cameraOn(files, { model });
			const { code, stdout, stderr } = await on.gphoto2(['--list-files', '--get-all-files']);
			expect(code, stderr).toBe(0);
			expect(stdout).toMatch(/#1 +IMG_0001\.JPG/);
			for (const [name, bytes] of Object.entries(files)) {
				const got = await readFile(join(on.scratch, name.split('/').at(-1) ?? ''));
				expect(got.equals(Buffer.from(bytes as Uint8Array)), name).toBe(true);
			}
		});

		test('fetches the thumbnails', async () => {
			const files = await pictures();
			await using on = await cameraOn(files, { model });
			const { code, stderr } = await on.gphoto2(['--get-all-thumbnails']);
			expect(code, stderr).toBe(0);
			const picture = files['IMG_0002.JPG'] as Uint8Array;
			const { at = 0, size = 0 } = jpegFacts(Uint8Array.from(picture))?.thumbnail ?? {};
			expect((await readFile(join(on.scratch, 'thumb_IMG_0002.jpg'))).equals(picture.subarray(at, at + size))).toBe(true);
		});

		test('deletes', async () => {
			await using on = await cameraOn({ 'A.JPG': 'a', 'B.JPG': 'b' }, { model });
			const { code, stderr } = await on.gphoto2(['--folder', '/store_00010001/DCIM/100CANON', '--delete-file', 'A.JPG']);
			expect(code, stderr).toBe(0);
			expect(await readdir(on.picture(''))).toEqual(['B.JPG']);
		});

		test('uploads', async () => {
			await using on = await cameraOn({ 'A.JPG': 'a' }, { model });
			await writeFile(join(on.scratch, 'up.jpg'), Buffer.alloc(200_000, 'up'));
			const { code, stderr } = await on.gphoto2(['--folder', '/store_00010001/DCIM/100CANON', '--upload-file', 'up.jpg']);
			expect(code, stderr).toBe(0);
			expect((await readFile(on.picture('up.jpg'))).equals(Buffer.alloc(200_000, 'up'))).toBe(true);
		});

		test('waits for a picture that is taken, fetches it, and takes it off the card', async () => {
			// Where there is CHDK, libgphoto2 prepares by CHDK and never asks for EOS events.
			const chdk = !model.operations.includes(0x9128);
			await using on = await cameraOn({ 'IMG_0001.JPG': 'old' }, { model, chdk });
			const ended = on.gphoto2(['--wait-event-and-download=FILEADDED']);
			// With the EOS operations events are there once they were asked for.
			const listening = chdk ? 'getObjectHandles' : 'eosGetEvent';
			await on.event('operation', ({ name }) => name === listening);
			await writeFile(on.picture('IMG_0002.JPG'), Buffer.alloc(100_000, 'new'));
			const { code, stdout, stderr } = await ended;
			expect(code, stderr).toBe(0);
			expect(stdout).toContain('IMG_0002.JPG');
			expect((await readFile(join(on.scratch, 'IMG_0002.JPG'))).equals(Buffer.alloc(100_000, 'new'))).toBe(true);
			expect(await readdir(on.picture(''))).toEqual(['IMG_0001.JPG']);
		});
	});
});
