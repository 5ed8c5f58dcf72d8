import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtInCard } from '#simulator/card/built-in.ts';
import { Card } from '#simulator/card/card.ts';
import { sweep } from '#simulator/card/unfinished.ts';
import { skipUnless } from '../../support/skip.ts';
import { windows } from '../../support/systems.ts';

let root: string;
const at = (...parts: string[]): string => join(root, 'DCIM', ...parts);

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(at('100CANON'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const names = (card: Card): string[] => [...card.objects()].map(({ name }) => name);
const handle = (card: Card, name: string): number | undefined => [...card.objects()].find((object) => object.name === name)?.handle;

test('a handle stays as long as its file, whatever happens around it, and is never given twice', async () => {
	for (const name of ['A', 'B', 'C']) await writeFile(at('100CANON', name), name);
	const card = new Card(root);
	await card.scan();
	const before = handle(card, 'B');
	await unlink(at('100CANON', 'A'));
	await writeFile(at('100CANON', 'AA'), '');
	await writeFile(at('100CANON', 'B'), 'longer than before');
	await card.scan();
	expect(handle(card, 'B')).toBe(before);
	await rename(at('100CANON', 'B'), at('100CANON', 'BB'));
	await card.scan();
	await rename(at('100CANON', 'BB'), at('100CANON', 'B'));
	await card.scan();
	expect(handle(card, 'B')).toBeGreaterThan(Math.max(...['AA', 'C'].map((name) => handle(card, name) ?? 0)));
});

test('a change within the grain of the clock is not missed', async () => {
	const card = new Card(root);
	await card.scan();
	for (let n = 0; n < 50; n++) {
		await writeFile(at('100CANON', `IMG_${n}.JPG`), '');
		expect((await card.scan()).added.map(({ name }) => name)).toEqual([`IMG_${n}.JPG`]);
	}
});

test('nothing is read again where nothing has changed: 5,000 files in 50 folders are looked at 200 times', async () => {
	for (let folder = 0; folder < 50; folder++) {
		await mkdir(at(`${100 + folder}CANON`), { recursive: true });
		await Promise.all(Array.from({ length: 100 }, (_, n) => writeFile(at(`${100 + folder}CANON`, `IMG_${n}.JPG`), '')));
	}
	const card = new Card(root);
	await card.scan();
	expect(names(card)).toHaveLength(5051);
	await new Promise((resolve) => setTimeout(resolve, 60)); // beyond the grain of the clock
	await card.scan();
	const start = performance.now();
	for (let n = 0; n < 200; n++) await card.scan();
	// 52 `lstat`s each; 5,000 of them, or 52 folders read, would take several times as long.
	expect((performance.now() - start) / 200).toBeLessThan(50);
	await unlink(at('120CANON', 'IMG_7.JPG'));
	expect((await card.scan()).removed.map(({ name }) => name)).toEqual(['IMG_7.JPG']);
});

test.skipIf(skipUnless(!windows, 'Windows forbids such names'))('names may be long, odd, or no UTF-8 at all', async () => {
	const odd = [
		'with space.JPG',
		'ümläut-ß.JPG',
		'写真.JPG',
		'💾.JPG',
		`${'x'.repeat(250)}.JPG`,
		'-rf',
		'"quoted"',
		"it's\nnew line",
		'%41%00',
		'..JPG',
	];
	for (const name of odd) await writeFile(at('100CANON', name), name);
	await writeFile(Buffer.concat([Buffer.from(`${at('100CANON')}/`), Buffer.from([0xff, 0xfe, 0x2e, 0x4a])]), 'latin');
	const card = new Card(root);
	await card.scan();
	expect(names(card)).toEqual(expect.arrayContaining(odd));
	for (const object of card.objects()) {
		if (object.folder) continue;
		const now = await card.current(object.handle);
		const bytes = await card.readPart(now ?? object, 0, 1000);
		expect(new TextDecoder().decode(bytes)).toBe(odd.includes(object.name) ? object.name : 'latin');
	}
});

test.skipIf(skipUnless(!windows, 'Windows has no pipes with names in folders'))(
	'links, pipes and folders that nest without end are no part of it',
	async () => {
		await symlink('/', at('100CANON', 'ROOT'));
		await symlink('..', at('100CANON', 'LOOP'));
		expect(spawnSync('mkfifo', [at('100CANON', 'PIPE.JPG')]).status).toBe(0);
		await mkdir(at(...Array.from({ length: 60 }, () => 'D')), { recursive: true });
		const card = new Card(root);
		await card.scan();
		expect(names(card).filter((name) => name !== 'D')).toEqual(['DCIM', '100CANON']);
		expect(names(card).length).toBeLessThan(40);
	},
);

test('a file that turns into a folder, and a folder that goes, take their handles with them', async () => {
	await mkdir(at('100CANON', 'SUB'));
	await writeFile(at('100CANON', 'SUB', 'IN.JPG'), '');
	await writeFile(at('100CANON', 'X'), '');
	const card = new Card(root);
	await card.scan();
	const [sub, inside, x] = ['SUB', 'IN.JPG', 'X'].map((name) => handle(card, name) ?? 0) as [number, number, number];
	await unlink(at('100CANON', 'X'));
	await mkdir(at('100CANON', 'X'));
	await rm(at('100CANON', 'SUB'), { recursive: true });
	const changes = await card.scan();
	expect(changes.removed.map((object) => object.handle).sort((a, b) => a - b)).toEqual([sub, inside, x].sort((a, b) => a - b));
	expect(await card.current(x)).toBeUndefined();
	expect(handle(card, 'X')).toBeGreaterThan(x);
	await rm(root, { recursive: true });
	await card.scan();
	expect(names(card)).toEqual([]);
});

test('what a killed run has left of an upload or of a card is taken away; what a living one has is not', async () => {
	const dead = spawnSync(process.execPath, ['--version']).pid;
	await writeFile(at('100CANON', `.canon-wifi-${dead}-1`), 'half');
	await writeFile(at('100CANON', `.canon-wifi-${process.pid}-99`), 'on its way');
	const card = new Card(root);
	await card.scan();
	expect(await readdir(at('100CANON'))).toEqual([`.canon-wifi-${process.pid}-99`]);
	expect(names(card)).toEqual(['DCIM', '100CANON']);

	await mkdir(join(root, `canon-wifi-card-${dead}-abcdef`, 'DCIM'), { recursive: true });
	await mkdir(join(root, 'canon-wifi-card-mine'));
	await sweep(root, 'canon-wifi-card-');
	expect((await readdir(root)).sort()).toEqual(['DCIM', 'canon-wifi-card-mine']);
});

test('the built-in card goes away with its process, however it ends but by SIGKILL', async () => {
	const source = fileURLToPath(new URL('../../../src/simulator/card/built-in.ts', import.meta.url));
	const script = `import { builtInCard } from ${JSON.stringify(source)};
		const { root } = await builtInCard('Canon Inc.', 'Camera'); process.stdout.write(root); process.exit(3);`;
	const file = join(root, 'run.mts');
	await writeFile(file, script);
	const bundled = join(root, 'run.mjs');
	await build({ entryPoints: [file], outfile: bundled, bundle: true, platform: 'node', format: 'esm' });
	const { stdout, status } = spawnSync(process.execPath, [bundled], { encoding: 'utf8' });
	expect(status).toBe(3);
	expect(stdout).toContain('canon-wifi-card-');
	await expect(stat(stdout)).rejects.toMatchObject({ code: 'ENOENT' });
	const { root: mine, remove } = await builtInCard('Canon Inc.', 'Camera');
	await remove();
	await expect(stat(mine)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the protect mark is the write bit of its owner', async () => {
	await writeFile(at('100CANON', 'A'), '');
	const card = new Card(root);
	await card.scan();
	const object = await card.current(handle(card, 'A') ?? 0);
	expect(object?.protected).toBe(false);
	await chmod(at('100CANON', 'A'), 0o555);
	expect((await card.current(object?.handle ?? 0))?.protected).toBe(true);
});
