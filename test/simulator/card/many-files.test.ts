import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { skipUnless } from '../../support/skip.ts';
import { cameraOn } from '../ptp/camera-on.ts';

const skip = skipUnless(spawnSync('gphoto2', ['--version']).error === undefined, 'gphoto2 is not installed');
const LIMIT_MS = 150_000;

async function digest(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}

describe.skipIf(skip)(`a full card and the real gphoto2${skip ? ' (not installed: skipped)' : ''}`, () => {
	test('10,000 files in 10 folders are listed, each once', { timeout: LIMIT_MS }, async () => {
		await using on = await cameraOn();
		for (let folder = 0; folder < 10; folder++) {
			const path = on.picture(`../${101 + folder}CANON`);
			await mkdir(path);
			const names = Array.from({ length: 1000 }, (_, n) => `IMG_${String(n).padStart(4, '0')}.JPG`);
			for (const name of names) await writeFile(join(path, name), '');
		}
		const start = performance.now();
		const { code, stdout, stderr } = await on.gphoto2(['--list-files'], '', LIMIT_MS);
		expect(code, stderr).toBe(0);
		expect(stdout.match(/IMG_\d{4}\.JPG/g)).toHaveLength(10_000);
		expect(new Set(stdout.match(/^#\d+/gm))).toHaveProperty('size', 10_000);
		// Seconds on an idle machine; several gphoto2 calls for each file all the same.
		expect(performance.now() - start).toBeLessThan(100_000);
	});

	test('2,000 files are fetched, bytes equal', { timeout: LIMIT_MS }, async () => {
		const all = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`IMG_${String(n).padStart(4, '0')}.JPG`, randomBytes(n)]));
		await using on = await cameraOn(all);
		await mkdir(join(on.scratch, 'into'));
		const { code, stderr } = await on.gphoto2(['--get-all-files', '--filename', 'into/%f.%C'], '', LIMIT_MS);
		expect(code, stderr).toBe(0);
		expect((await readdir(join(on.scratch, 'into'))).length).toBe(2000);
		for (const [name, bytes] of Object.entries(all))
			expect((await readFile(join(on.scratch, 'into', name))).equals(bytes), name).toBe(true);
	});

	test('a film of 300 MB, whole and in parts: the same bytes', { timeout: LIMIT_MS }, async () => {
		await using on = await cameraOn();
		const seed = randomBytes(1_000_003); // not a multiple of anything
		await pipeline(
			(function* () {
				for (let n = 0; n < 300; n++) yield seed;
			})(),
			createWriteStream(on.picture('MVI_0001.MP4')),
		);
		const { code, stderr } = await on.gphoto2(['--get-all-files'], '', LIMIT_MS);
		expect(code, stderr).toBe(0);
		expect(await digest(join(on.scratch, 'MVI_0001.MP4'))).toBe(await digest(on.picture('MVI_0001.MP4')));
		expect(on.events.some((event) => event.type === 'operation' && event.code === 0x101b)).toBe(true);
	});

	test('names with blanks, umlauts and other scripts come under their own names', { timeout: LIMIT_MS }, async () => {
		const names = ['with space.JPG', 'ümläut.JPG', '写真.JPG', `${'long'.repeat(50)}.JPG`];
		await using on = await cameraOn(Object.fromEntries(names.map((name) => [name, name])));
		const { code, stderr } = await on.gphoto2(['--get-all-files']);
		expect(code, stderr).toBe(0);
		for (const name of names) expect((await stat(join(on.scratch, name))).size).toBe(Buffer.byteLength(name));
	});
});
