import { chmod, mkdir, readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { skipUnless } from '../../support/skip.ts';
import { expectMode, NO_SYMLINKS, slashes, symlinks } from '../../support/systems.ts';
import { cameraOn, infoFor } from './camera-on.ts';

const FOLDER = 2; // DCIM is 1, 100CANON is 2

test('SendObjectInfo and SendObject make a file under the handle that was told, with its date', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	const told = await me.ask(0x100c, [0x00010001, FOLDER], infoFor('IMG_0042.JPG', 5));
	expect(told).toMatchObject({ code: 0x2001, params: [0x00010001, FOLDER, 3] });
	expect(await readdir(on.picture(''))).toEqual([]); // not before it is there
	expect((await me.ask(0x100d, [], Buffer.from('hello'))).code).toBe(0x2001);
	expect(await readFile(on.picture('IMG_0042.JPG'), 'utf8')).toBe('hello');
	expect((await stat(on.picture('IMG_0042.JPG'))).mtime).toEqual(new Date(2024, 5, 21, 5, 12, 7));
	expect((await me.ask(0x1009, [3])).data.toString()).toBe('hello');
	expect((await me.ask(0x1007, [0xffffffff, 0, FOLDER])).data.toString('hex')).toBe('0100000003000000');
});

test('an empty file: Start Data of 0 and nothing more, as libgphoto2 sends it', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await me.ask(0x100c, [0x00010001, FOLDER], infoFor('EMPTY.TXT', 0));
	me.request(0x100d, [], 2);
	me.startData(0);
	expect((await me.answer()).code).toBe(0x2001);
	expect((await stat(on.picture('EMPTY.TXT'))).size).toBe(0);
});

test('a folder needs no SendObject', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	const told = await me.ask(0x100c, [0x00010001, 1], infoFor('101CANON', 0, 0x3001));
	expect(told).toMatchObject({ code: 0x2001, params: [0x00010001, 1, 3] });
	expect((await me.ask(0x1008, [3])).data.readUInt16LE(4)).toBe(0x3001);
	await me.ask(0x100c, [0x00010001, 3], infoFor('A.TXT', 1));
	expect((await me.ask(0x100d, [], Buffer.from('a'))).code).toBe(0x2001);
	expect(await readFile(on.picture('../101CANON/A.TXT'), 'utf8')).toBe('a');
});

test.each([
	['../EVIL.JPG', 0x201d],
	['/EVIL.JPG', 0x201d],
	['C:\\EVIL.JPG', 0x201d],
	['..', 0x201d],
	['.hidden', 0x201d],
	['A\0.JPG', 0x201d],
	['', 0x201d],
	['IMG_0001.JPG', 0x200f], // is there already: nothing is overwritten
])('the name %j is refused', async (name, code) => {
	await using on = await cameraOn({ 'IMG_0001.JPG': 'mine' });
	const me = await on.open();
	const info = infoFor(name.replaceAll('\0', ''), 4);
	expect((await me.ask(0x100c, [0x00010001, FOLDER], name.includes('\0') ? infoFor('A\u0001.JPG', 4) : info)).code).toBe(code);
	expect((await me.ask(0x100d, [], Buffer.from('evil'))).code).toBe(0x2015); // and so there is nothing to bring
	expect(await readdir(on.card)).toEqual(['DCIM']);
	expect(await readFile(on.picture('IMG_0001.JPG'), 'utf8')).toBe('mine');
});

test('SendObjectInfo is refused for a storage or folder that is none, for half a dataset, and for what does not fit', async () => {
	await using on = await cameraOn({ 'A.TXT': 'a' });
	const me = await on.open();
	expect((await me.ask(0x100c, [0x00020001, FOLDER], infoFor('B.TXT', 1))).code).toBe(0x2008);
	expect((await me.ask(0x100c, [0x00010001, 99], infoFor('B.TXT', 1))).code).toBe(0x2009);
	expect((await me.ask(0x100c, [0x00010001, 3], infoFor('B.TXT', 1))).code).toBe(0x201a);
	expect((await me.ask(0x100c, [0x00010001, FOLDER], infoFor('B.TXT', 1).subarray(0, 40))).code).toBe(0x201d);
	await me.ask(0x100c, [0x00010001, FOLDER], infoFor('B.TXT', 0xffffffff));
	me.request(0x100d, [], 2);
	me.startData(2 ** 52);
	me.sendData(Buffer.from('x'), true);
	expect((await me.answer()).code).toBe(0x200c);
	expect(await readdir(on.picture(''))).toEqual(['A.TXT']);
});

test('an upload that is cut short, too long, or cancelled leaves nothing, and the session goes on', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	const announce = () => me.ask(0x100c, [0x00010001, FOLDER], infoFor('MVI_0001.MP4', 100));
	await announce();
	me.request(0x100d, [], 2);
	me.startData(100);
	me.sendData(Buffer.alloc(60), true);
	expect((await me.answer()).code).toBe(0x2007);

	await announce();
	me.request(0x100d, [], 2);
	me.startData(100);
	me.sendData(Buffer.alloc(160), true);
	expect((await me.answer()).code).toBe(0x2007);

	await announce();
	me.request(0x100d, [], 2);
	me.startData(100);
	me.sendData(Buffer.alloc(60), false);
	me.cancel();
	expect((await me.answer()).code).toBe(0x201f);

	expect(await readdir(on.picture(''))).toEqual([]);
	expect((await me.ask(0x100d, [], Buffer.alloc(100))).code).toBe(0x2001); // what was announced still holds
	expect((await stat(on.picture('MVI_0001.MP4'))).size).toBe(100);
});

test('a connection that breaks in the middle of an upload leaves nothing', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await me.ask(0x100c, [0x00010001, FOLDER], infoFor('MVI_0001.MP4', 100_000));
	me.request(0x100d, [], 2);
	me.startData(100_000);
	me.sendData(Buffer.alloc(60_000), false);
	me.close();
	await on.camera.ended;
	await expect.poll(() => readdir(on.picture(''))).toEqual([]);
});

test('a protected file is told as such, stays, and goes when the mark is taken', async () => {
	await using on = await cameraOn({ 'KEEP.JPG': 'k' });
	await chmod(on.picture('KEEP.JPG'), 0o444);
	const me = await on.open();
	expect((await me.ask(0x1008, [3])).data.readUInt16LE(6)).toBe(1);
	expect((await me.ask(0x100b, [3])).code).toBe(0x200d);
	expect((await me.ask(0x1012, [3, 2])).code).toBe(0x201d);
	expect((await me.ask(0x1012, [3, 0])).code).toBe(0x2001);
	expectMode(on.picture('KEEP.JPG'), 0o644);
	expect((await me.ask(0x100b, [3])).code).toBe(0x2001);
	expect(await readdir(on.picture(''))).toEqual([]);
});

test('a folder goes with all that is in it; what is protected stays, and the answer says so', async () => {
	await using on = await cameraOn({ 'DEEP/A.JPG': 'a', 'DEEP/ER/B.JPG': 'b', 'C.JPG': 'c' });
	await chmod(on.picture('DEEP/ER/B.JPG'), 0o444);
	const me = await on.open();
	const deep = await me.handleOf('DEEP');
	expect((await me.ask(0x100b, [deep])).code).toBe(0x2012);
	expect(slashes(await readdir(on.picture(''), { recursive: true }))).toEqual(
		expect.arrayContaining(['C.JPG', 'DEEP', 'DEEP/ER', 'DEEP/ER/B.JPG']),
	);
	expect(await readdir(on.picture('DEEP'))).toEqual(['ER']);
	await me.ask(0x1012, [await me.handleOf('B.JPG'), 0]);
	expect((await me.ask(0x100b, [deep])).code).toBe(0x2001);
	expect(await readdir(on.picture(''))).toEqual(['C.JPG']);
});

test('everything, or everything of a format; a format for one object is refused', async () => {
	await using on = await cameraOn({ 'A.JPG': 'a', 'B.TXT': 'b', 'C.JPG': 'c' });
	const me = await on.open();
	expect((await me.ask(0x100b, [await me.handleOf('B.TXT'), 0x3004])).code).toBe(0x2014);
	expect((await me.ask(0x100b, [0xffffffff, 0x3801])).code).toBe(0x2001);
	expect(await readdir(on.picture(''))).toEqual(['B.TXT']);
	expect((await me.ask(0x100b, [0xffffffff])).code).toBe(0x2001);
	expect(await readdir(on.picture(''))).toEqual([]);
	expect((await me.ask(0x100b, [77])).code).toBe(0x2009);
});

test.skipIf(skipUnless(symlinks, NO_SYMLINKS))('no link leads out of the card, nor one that takes the place of a file', async () => {
	await using on = await cameraOn({ 'A.JPG': 'a' });
	await writeFile(`${on.scratch}/secret.txt`, 'secret');
	await symlink(`${on.scratch}/secret.txt`, on.picture('LINK.JPG'));
	await symlink(on.scratch, on.picture('LINKED'));
	const me = await on.open();
	expect((await me.ask(0x1007, [0xffffffff, 0, FOLDER])).data.toString('hex')).toBe('0100000003000000');
	await unlink(on.picture('A.JPG'));
	await symlink(`${on.scratch}/secret.txt`, on.picture('A.JPG'));
	expect((await me.ask(0x1009, [3])).code).toBe(0x2009);
	await unlink(on.picture('A.JPG'));
	await mkdir(on.picture('A.JPG'));
	expect((await me.ask(0x1009, [3])).code).toBe(0x2009);
});

test('one SendObjectInfo is for one SendObject', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	expect((await me.ask(0x100d, [], Buffer.from('abc'))).code).toBe(0x2015);
	await me.ask(0x100c, [0, 0], infoFor('A.TXT', 3));
	expect((await me.ask(0x100d, [], Buffer.from('abc'))).code).toBe(0x2001);
	expect((await me.ask(0x100d, [], Buffer.from('xyz'))).code).toBe(0x2015);
	expect(await readFile(on.picture('A.TXT'), 'utf8')).toBe('abc');
});
