import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listingFile } from '#settings/listing-memory.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'canon-listings-'));
});
afterEach(async () => {
	await chmod(folder, 0o700);
	await rm(folder, { recursive: true, force: true });
});

describe('what failed on a camera', () => {
	test('is known to the next run, and to that camera alone', () => {
		listingFile(folder).trying('G9 X / 1 / A', '9805');
		const next = listingFile(folder);
		expect([next.failed('G9 X / 1 / A', '9805'), next.failed('G9 X / 1 / B', '9805'), next.failed('G9 X / 1 / A', '9109')]).toEqual([
			true,
			false,
			false,
		]);
	});

	test('is forgotten when it worked', async () => {
		const memory = listingFile(folder);
		memory.trying('A', '9805');
		memory.worked('A', '9805');
		expect(listingFile(folder).failed('A', '9805')).toBe(false);
		expect(JSON.parse(await readFile(join(folder, 'listings.json'), 'utf8'))).toMatchObject({ failed: {} });
	});

	test('is kept for a hundred cameras', () => {
		const memory = listingFile(folder);
		for (let n = 0; n < 110; n++) memory.trying(`camera ${n}`, '9805');
		const next = listingFile(folder);
		expect([next.failed('camera 9', '9805'), next.failed('camera 10', '9805')]).toEqual([false, true]);
	});
});

test.each(['', '{', '[]', '{"failed":[]}', '{"failed":{"A":"9805"}}', '{"failed":{"A":[9805]}}', '\0'])(
	'a file that says %j is as good as none',
	async (text) => {
		await writeFile(join(folder, 'listings.json'), text);
		const memory = listingFile(folder);
		expect(memory.failed('A', '9805')).toBe(false);
		memory.trying('A', '9805');
		expect(listingFile(folder).failed('A', '9805')).toBe(true);
	},
);

test('a folder that cannot be written costs nothing but the memory of the next run', () => {
	const memory = listingFile(join(folder, 'file', 'below'));
	// A file where a folder should be.
	return writeFile(join(folder, 'file'), '').then(() => {
		memory.trying('A', '9805');
		expect(memory.failed('A', '9805')).toBe(true);
		expect(listingFile(join(folder, 'file', 'below')).failed('A', '9805')).toBe(false);
	});
});
