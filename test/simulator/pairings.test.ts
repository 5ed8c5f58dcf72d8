import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Pairings } from '#simulator/pairings.ts';

const UUID = (last: number): string => `00000000-0000-0000-0000-${String(last).padStart(12, '0')}`;

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
	['whose folder is not there', () => join(folder, 'nowhere', 'camera.json')],
	['that is a folder', () => folder],
	['below a file', () => join(import.meta.filename, 'camera.json')],
])('a file %s is told before the camera is on', async (_what, file) => {
	await expect(Pairings.load(file())).rejects.toMatchObject({ code: 'usage', next: expect.stringContaining('--state') });
});

test.each(['nonsense', '{}', '{"paired":[1]}', '{"paired":[{"uuid":"a"}]}'])('a file that holds %s is left as it is', async (text) => {
	const file = join(folder, 'camera.json');
	await writeFile(file, text);
	await expect(Pairings.load(file)).rejects.toMatchObject({ code: 'usage' });
	expect(await readFile(file, 'utf8')).toBe(text);
});

test('when it cannot be written after all, that is told with what to do', async () => {
	const file = join(folder, 'camera.json');
	const pairings = await Pairings.load(file);
	await mkdir(file);
	await expect(pairings.add({ uuid: UUID(1), name: 'PC' })).rejects.toMatchObject({ code: 'usage' });
});

test('it keeps twenty, and forgets the one that was paired first', async () => {
	const file = join(folder, 'camera.json');
	const pairings = await Pairings.load(file);
	for (let n = 1; n <= 20; n++) await pairings.add({ uuid: UUID(n), name: `PC${n}` });
	await pairings.add({ uuid: UUID(1), name: 'RENAMED' }); // paired again: now the latest
	await pairings.add({ uuid: UUID(21), name: 'PC21' });
	const kept = (await Pairings.load(file)).list();
	expect(kept).toHaveLength(20);
	expect(kept.map(({ name }) => name)).not.toContain('PC2');
	expect(kept.slice(-2)).toEqual([
		{ uuid: UUID(1), name: 'RENAMED' },
		{ uuid: UUID(21), name: 'PC21' },
	]);
});

test('UUIDs in the file may be written in capitals', async () => {
	const file = join(folder, 'camera.json');
	const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
	await writeFile(file, JSON.stringify({ paired: [{ uuid: uuid.toUpperCase(), name: 'PC' }] }));
	expect((await Pairings.load(file)).list()).toEqual([{ uuid, name: 'PC' }]);
});
