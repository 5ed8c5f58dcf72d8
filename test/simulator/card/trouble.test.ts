/** A card that is full, locked, or no longer there: the camera says so, and goes on. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { expect, test } from 'vitest';
import { openCard } from '#simulator/card/open.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import { skipUnless } from '../../support/skip.ts';
import { NO_SYMLINKS, symlinks } from '../../support/systems.ts';
import { cameraOn, infoFor } from '../ptp/camera-on.ts';

const FOLDER = 2; // DCIM is 1, 100CANON is 2
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Mounts over the pictures' folder until the end of the scope. */
function mounted(path: string, ...options: string[]): Disposable {
	execFileSync('mount', [...options, path]);
	return { [Symbol.dispose]: () => void execFileSync('umount', [path]) };
}

test.skipIf(skipUnless(mayMount, 'only root on Linux can make a small disk'))('a full card: StoreFull, whenever it shows', async () => {
	await using on = await cameraOn();
	using _ = mounted(on.card, '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
	await mkdir(on.picture(''), { recursive: true });
	const me = await on.open();
	const told = (await me.ask(0x1005, [0x00010001])).data;
	expect([told.readBigUInt64LE(6), told.readBigUInt64LE(14)]).toEqual([2n ** 20n, 2n ** 20n]);
	const root = 0xffffffff;
	expect((await me.ask(0x100c, [0x00010001, root], infoFor('A.MP4', 2 ** 20 + 1))).code).toBe(0x200c);
	// There was room when it was announced, and there is none when it comes.
	expect((await me.ask(0x100c, [0x00010001, root], infoFor('A.MP4', 600_000))).code).toBe(0x2001);
	await writeFile(`${on.card}/OTHER.BIN`, Buffer.alloc(500_000));
	expect((await me.ask(0x100d, [], Buffer.alloc(600_000))).code).toBe(0x200c);
	// It cannot be known before the disk is full.
	expect((await me.ask(0x100c, [0x00010001, root], infoFor('A.MP4', 0xffffffff))).code).toBe(0x2001);
	me.request(0x100d, [], 2);
	me.command.socket.write(Buffer.from(`1400000009000000${me.transaction.toString(16).padStart(2, '0')}000000ffffffffffffffff`, 'hex'));
	me.sendData(Buffer.alloc(2_000_000), true);
	expect((await me.answer()).code).toBe(0x200c);
	// CHDK's UploadFile keeps what fitted, and says GeneralError.
	const name = Buffer.from('\x07\0\0\0A/B.BIN');
	expect((await me.ask(0x9999, [5], Buffer.concat([name, Buffer.alloc(2_000_000)]))).code).toBe(0x2002);
	expect((await readdir(on.card)).sort()).toEqual(['B.BIN', 'DCIM', 'OTHER.BIN']);
	me.close();
	await on.camera.ended;
});

test.skipIf(skipUnless(mayMount, 'only root on Linux can lock a card'))(
	'a locked card: everything that writes is StoreReadOnly',
	async () => {
		await using on = await cameraOn({ 'A.TXT': 'a' });
		using _mount = mounted(on.card, '--bind', on.card);
		using _lock = mounted(on.card, '-o', 'bind,ro', on.card);
		const me = await on.open();
		expect((await me.ask(0x100b, [3])).code).toBe(0x200e);
		expect((await me.ask(0x1012, [3, 1])).code).toBe(0x200e);
		expect((await me.ask(0x100c, [0x00010001, FOLDER], infoFor('101CANON', 0, 0x3001))).code).toBe(0x200e);
		expect((await me.ask(0x100c, [0x00010001, FOLDER], infoFor('B.TXT', 1))).code).toBe(0x2001);
		expect((await me.ask(0x100d, [], Buffer.from('b'))).code).toBe(0x200e);
		expect((await me.ask(0x1009, [3])).data.toString()).toBe('a');
		me.close();
		await on.camera.ended;
	},
);

test('a card that is taken out: no store, no objects, and the session goes on until it is back', async () => {
	await using on = await cameraOn({ 'A.JPG': 'a' });
	const me = await on.open();
	await rename(on.card, `${on.scratch}/away`);
	expect((await me.ask(0x1005, [0x00010001])).code).toBe(0x2013);
	for (const code of [0x1008, 0x1009, 0x100a, 0x100b]) expect((await me.ask(code, [3])).code).toBe(0x2009);
	expect((await me.ask(0x100c, [0x00010001, 0xffffffff], infoFor('B.TXT', 1))).code).toBe(0x2013);
	expect((await me.ask(0x1007, [0xffffffff, 0, 0])).data.toString('hex')).toBe('00000000');
	// get_free_disk_space() of CHDK
	expect((await me.ask(0x9999, [7, 0], Buffer.from('return get_free_disk_space()\0'))).code).toBe(0x2001);
	await expect.poll(async () => (await me.ask(0x9999, [8])).params).toEqual([2]);
	expect(await me.ask(0x9999, [10])).toMatchObject({ code: 0x2001, params: [2, 3, 1, 4], data: Buffer.alloc(4) });
	await rename(`${on.scratch}/away`, on.card);
	expect((await me.ask(0x1009, [await me.handleOf('A.JPG')])).data.toString()).toBe('a');
});

test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL', 'EACCES'])(
	"a card without hard links (%s): an upload gets its name, and never another file's",
	async (code) => {
		await using on = await cameraOn();
		const { link } = fs.promises;
		let taken = false;
		fs.promises.link = async () => {
			if (taken) await writeFile(on.picture('NEW.JPG'), 'taken');
			throw Object.assign(new Error(code), { code });
		};
		syncBuiltinESMExports();
		try {
			const me = await on.open();
			const upload = async () => {
				expect((await me.ask(0x100c, [0x00010001, FOLDER], infoFor('NEW.JPG', 4))).code).toBe(0x2001);
				return (await me.ask(0x100d, [], Buffer.from('four'))).code;
			};
			expect(await upload()).toBe(0x2001);
			expect(await readFile(on.picture('NEW.JPG'), 'utf8')).toBe('four');
			await rm(on.picture('NEW.JPG'));
			await me.ask(0x1007, [0xffffffff, 0, 0]);
			taken = true;
			expect(await upload()).not.toBe(0x2001);
			expect(await readFile(on.picture('NEW.JPG'), 'utf8')).toBe('taken');
		} finally {
			fs.promises.link = link;
			syncBuiltinESMExports();
		}
	},
);

test.skipIf(skipUnless(symlinks, NO_SYMLINKS))('the way to the card may be a link; its DCIM may not', async () => {
	await using at = await cameraOn({ 'A.JPG': 'a' });
	await symlink(at.card, `${at.scratch}/link`);
	await using on = await cameraOn({}, { media: `${at.scratch}/link` });
	const me = await on.open();
	expect((await me.ask(0x1009, [await me.handleOf('A.JPG')])).data.toString()).toBe('a');
	await mkdir(`${at.scratch}/other`);
	await symlink(`${at.card}/DCIM`, `${at.scratch}/other/DCIM`);
	await expect(openCard(`${at.scratch}/other`, elph340hs)).rejects.toThrow('its DCIM is a link');
});

test.skipIf(skipUnless(symlinks, NO_SYMLINKS))(
	'a folder that became a link leads nowhere: neither out of the card, nor into what is outside',
	async () => {
		await using on = await cameraOn({ 'SUB/A.TXT': 'mine' });
		const outside = `${on.scratch}/outside`;
		await mkdir(outside);
		await writeFile(`${outside}/A.TXT`, 'not yours');
		const me = await on.open();
		const [folder, file] = [await me.handleOf('SUB'), await me.handleOf('A.TXT')];
		expect((await me.ask(0x100c, [0x00010001, folder], infoFor('B.TXT', 1))).code).toBe(0x2001);
		await rm(on.picture('SUB'), { recursive: true });
		await symlink(outside, on.picture('SUB'));
		for (const [code, ...params] of [[0x1008], [0x1009], [0x101b, 0, 9], [0x100a], [0x1012, 1], [0x9803, 0xdc07]] as const)
			expect((await me.ask(code, [file, ...params])).code).toBe(0x2009);
		expect((await me.ask(0x100d, [], Buffer.from('b'))).code).toBe(0x2009);
		expect((await me.ask(0x100b, [file])).code).toBe(0x2009);
		expect(await readdir(outside)).toEqual(['A.TXT']);
	},
);

test('names that differ in case only are one name, as on FAT; what the disk cannot keep is refused at once', async () => {
	await using on = await cameraOn({ 'IMG_0001.JPG': 'mine' });
	const me = await on.open();
	const announce = async (name: string): Promise<number> => (await me.ask(0x100c, [0x00010001, FOLDER], infoFor(name, 1))).code;
	expect(await announce('img_0001.jpg')).toBe(0x200f);
	expect(await announce(`${'漢'.repeat(86)}`)).toBe(0x201d); // 258 bytes of UTF-8
	expect(await announce(`${'漢'.repeat(85)}`)).toBe(0x2001);
	expect(await announce('\ud800.JPG')).toBe(0x201d); // half a character
	expect(await announce('\ud83d\ude00.JPG')).toBe(0x2001);
});
