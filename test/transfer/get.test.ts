import { execFileSync } from 'node:child_process';
import fs, { type Stats } from 'node:fs';
import { link, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeDataset, storageInfo } from '#protocol/ptp/datasets.ts';
import { FileSink } from '#transfer/file-sink.ts';
import { LocalTrouble } from '#transfer/local-files.ts';
import { type RunOptions, runBuiltin } from '../builtin/harness.ts';
import { BASIC, give, type Habit, type OddObject, type OddOptions, oddCamera, refuse, WITH_PARTS } from '../builtin/odd-camera.ts';
import { softwareCamera } from '../builtin/software-camera.ts';
import { skipUnless } from '../support/skip.ts';
import { NO_SYMLINKS, slashes, symlinks } from '../support/systems.ts';

let dir: string;
beforeEach(async () => {
	dir = await mkdtemp(join(tmpdir(), 'canon-get-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Bytes that differ at every place and from seed to seed. */
function content(size: number, seed = 1): Uint8Array {
	const bytes = new Uint8Array(size);
	let state = seed;
	for (let at = 0; at < size; at++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes[at] = state >>> 24;
	}
	return bytes;
}

const folder = (handle: number, name: string, parent = 0): OddObject => ({ handle, name, parent, folder: true });
const file = (handle: number, name: string, bytes: Uint8Array, parent = 0): OddObject => ({ handle, name, parent, bytes });

/** One `get` on a camera of its own. */
async function get(card: OddOptions, args: readonly string[], run: Partial<RunOptions> = {}) {
	await using camera = await oddCamera(card);
	const result = await runBuiltin({ port: camera.port, args: ['get', ...args, '--to', dir], job: { keepalive: 'never' }, ...run });
	return { ...result, camera };
}

const read = (name: string) => readFile(join(dir, name)).then((bytes) => Uint8Array.from(bytes));
const photo = content(3000);

describe('what is saved', () => {
	test('everything, with its folders and times, and nothing twice', async () => {
		await using camera = await softwareCamera();
		const first = await runBuiltin({ port: camera.port, args: ['get', '--all', '--to', dir] });
		expect(first.end).toMatchObject({ exitCode: 0 });
		expect(await readdir(join(dir, '100CANON'))).toEqual(['IMG_0001.JPG', 'IMG_0002.JPG', 'IMG_0003.JPG']);
		await using again = await softwareCamera();
		const second = await runBuiltin({ port: again.port, args: ['get', '--all', '--to', dir] });
		expect(second.end).toMatchObject({ exitCode: 0 });
		expect(second.stdout).toMatch(/0 saved .* 3 skipped/);
		expect(again.events.filter((event) => JSON.stringify(event).includes('getObject"'))).toEqual([]);
	});

	test('the bytes, under the name, with the time of the camera', async () => {
		const { end, stdout } = await get({ objects: [{ ...file(7, 'IMG_0001.JPG', photo), date: '20240229T235958.0' }] }, ['img_0001.jpg']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('IMG_0001.JPG')).toEqual(photo);
		expect((await stat(join(dir, 'IMG_0001.JPG'))).mtime).toEqual(new Date(2024, 1, 29, 23, 59, 58));
		expect(await readdir(dir)).toEqual(['IMG_0001.JPG']);
		expect(stdout).toBe(`Saved ${join(dir, 'IMG_0001.JPG')} (3.0 kB)\n`);
	});

	test('an empty file, after it was asked for once', async () => {
		const { end, camera } = await get({ objects: [file(7, 'EMPTY.TXT', new Uint8Array(0))] }, ['EMPTY.TXT']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('EMPTY.TXT')).toEqual(new Uint8Array(0));
		expect(camera.count(0x1009)).toBe(1);
	});

	test('a large file comes in parts, a camera that refuses them gives it whole', async () => {
		const movie = content(20_000_000);
		const objects = [file(7, 'MVI_0001.MP4', movie)];
		const parts = await get({ objects, operations: WITH_PARTS }, ['MVI_0001.MP4']);
		expect(parts.end).toMatchObject({ exitCode: 0 });
		expect([parts.camera.count(0x1009), parts.camera.count(0x101b)]).toEqual([0, expect.any(Number)]);
		expect(Buffer.compare(await read('MVI_0001.MP4'), movie)).toBe(0);
		await rm(join(dir, 'MVI_0001.MP4'));
		const whole = await get(
			{
				objects,
				operations: WITH_PARTS,
				habit: ({ code, transactionId, params }, command) => {
					if (code !== 0x101b || (params[1] === 0 && params[2] === 1024 * 1024)) return false;
					refuse(command, transactionId, 0x2002);
					return true;
				},
			},
			['MVI_0001.MP4'],
		);
		expect(whole.end).toMatchObject({ exitCode: 0 });
		expect(whole.camera.count(0x1009)).toBe(1);
		expect(Buffer.compare(await read('MVI_0001.MP4'), movie)).toBe(0);
	});

	test('a size of 0xFFFFFFFF means that the camera does not say it: what it announces counts', async () => {
		const { end } = await get({ objects: [{ ...file(7, 'BIG.MOV', photo), size: 0xffffffff }] }, ['BIG.MOV']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('BIG.MOV')).toEqual(photo);
	});
});

describe('a disk that refuses what is only nice', () => {
	const refusal = (code: string, syscall: string) => Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });

	/** Makes a method of all file handles fail. */
	async function refuse(name: 'utimes', code: string) {
		const probe = await open(dir, 'r');
		vi.spyOn(Object.getPrototypeOf(probe), name).mockRejectedValue(refusal(code, name));
		await probe.close();
	}
	afterEach(() => void vi.restoreAllMocks());

	const date = '20240229T235958.0';
	const objects = ['A.JPG', 'B.JPG'].map((name, at) => ({ ...file(at + 1, name, content(3000, at)), date }));

	test.each(['EPERM', 'EACCES', 'ENOSYS', 'EINVAL'])('the time (%s): everything is saved, and one line says so', async (code) => {
		await refuse('utimes', code);
		const { end, stderr, stdout } = await get({ objects }, ['--all']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect((await readdir(dir)).sort()).toEqual(['A.JPG', 'B.JPG']);
		expect(await read('B.JPG')).toEqual(content(3000, 1));
		expect(stderr.match(/cannot be given the camera's time/g)).toHaveLength(1);
		expect(stdout).toContain('2 saved (6.0 kB), 0 skipped, 0 not saved.');
	});

	test('the time, with --json: a warning', async () => {
		await refuse('utimes', 'EPERM');
		const { of } = await get({ objects }, ['--all'], { job: { talk: 'events', keepalive: 'never' } });
		expect(of('warning')).toEqual([{ type: 'warning', code: 'timesNotSet', message: expect.stringContaining('permission denied') }]);
	});

	test('the count of names: a .part with 0 of them is gone on with', async () => {
		const { lstat } = fs.promises;
		const probe = await open(dir, 'r');
		const prototype = Object.getPrototypeOf(probe);
		await probe.close();
		const { stat: handleStat } = prototype;
		const uncounted = async (found: Promise<Stats>) => Object.assign(await found, { nlink: 0 });
		vi.spyOn(prototype, 'stat').mockImplementation(function (this: unknown) {
			return uncounted(handleStat.call(this));
		});
		fs.promises.lstat = ((path: string) => uncounted(lstat(path))) as typeof fs.promises.lstat;
		syncBuiltinESMExports();
		try {
			await writeFile(join(dir, 'A.JPG.part'), content(3000, 0).subarray(0, 1000));
			const { end, stdout } = await get({ objects, operations: WITH_PARTS }, ['A.JPG']);
			expect(end).toMatchObject({ exitCode: 0 });
			expect(stdout).toContain('1.0 kB of it from before');
		} finally {
			fs.promises.lstat = lstat;
			syncBuiltinESMExports();
		}
	});

	test('what an earlier version left whole as .part is saved now', async () => {
		await refuse('utimes', 'EPERM');
		await writeFile(join(dir, 'A.JPG.part'), content(3000, 0));
		const { end, camera } = await get({ objects, operations: WITH_PARTS }, ['A.JPG']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(camera.count(0x1009)).toBe(0);
		expect(await readdir(dir)).toEqual(['A.JPG']);
	});
});

describe('what is there already', () => {
	test('with the same size and date is skipped before a byte is asked for', async () => {
		await writeFile(join(dir, 'IMG_0001.JPG'), new Uint8Array(3000));
		const taken = new Date(2024, 1, 29, 23, 59, 58);
		await utimes(join(dir, 'IMG_0001.JPG'), taken, taken);
		const objects = [{ ...file(7, 'IMG_0001.JPG', photo), date: '20240229T235958.0' }];
		const { end, stdout, camera, of } = await get({ objects }, ['IMG_0001.JPG'], { job: { talk: 'events' } });
		expect(end).toMatchObject({ exitCode: 0 });
		expect(camera.count(0x1009)).toBe(0);
		expect(of('transfer')).toMatchObject([{ state: 'skipped', bytes: 3000, file: 'IMG_0001.JPG' }]);
		expect(stdout).toBe('');
	});

	test('with another size is never overwritten, and the new one is skipped the next time', async () => {
		await writeFile(join(dir, 'IMG_0001.JPG'), 'somebody else');
		const card = { objects: [file(7, 'IMG_0001.JPG', photo)] };
		await get(card, ['IMG_0001.JPG']);
		expect(await readFile(join(dir, 'IMG_0001.JPG'), 'utf8')).toBe('somebody else');
		expect(await read('IMG_0001~2.JPG')).toEqual(photo);
		await get(card, ['IMG_0001.JPG']);
		expect(await readdir(dir)).toEqual(['IMG_0001.JPG', 'IMG_0001~2.JPG']);
	});

	test('two files of one name and size in one get are two files', async () => {
		const objects = [
			folder(1, 'DCIM'),
			folder(2, '100CANON', 1),
			folder(3, '101CANON', 1),
			file(4, 'A.JPG', content(50, 1), 2),
			file(5, 'A.JPG', content(50, 2), 3),
		];
		const { end } = await get({ objects }, ['A.JPG']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('100CANON/A.JPG')).toEqual(content(50, 1));
		expect(await read('101CANON/A.JPG')).toEqual(content(50, 2));
	});
});

describe('what was interrupted', () => {
	const objects = [file(7, 'MVI.MP4', content(500_000))];
	const part = () => join(dir, 'MVI.MP4.part');

	test('stays as .part when the camera leaves, and is finished the next time', async () => {
		const broken = await get(
			{
				objects,
				operations: WITH_PARTS,
				habit: async ({ code, transactionId }, command) => {
					if (code !== 0x1009) return false;
					command.send({ kind: 'startData', transactionId, total: 500_000n });
					command.send({ kind: 'data', transactionId }, content(500_000).subarray(0, 200_000));
					command.end();
					return true;
				},
			},
			['MVI.MP4'],
		);
		expect(broken.end).toMatchObject({ outcome: 'session', lost: expect.any(String) });
		expect(await readdir(dir)).toEqual(['MVI.MP4.part']);
		expect((await stat(part())).size).toBe(200_000);
		const { end, camera, stdout } = await get({ objects, operations: WITH_PARTS }, ['MVI.MP4']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('MVI.MP4')).toEqual(content(500_000));
		expect(await readdir(dir)).toEqual(['MVI.MP4']);
		expect(camera.count(0x1009)).toBe(0);
		expect(camera.asked.filter(({ code }) => code === 0x101b).at(-1)?.params).toEqual([7, 200_000, 300_000]);
		expect(stdout).toContain('200 kB of it from before');
	});

	test.each([
		['of another file', content(200_000, 2)],
		[
			'with zeros at its end, as a power cut leaves it',
			Uint8Array.from([...content(500_000).subarray(0, 100_000), ...new Uint8Array(4096)]),
		],
		['that is longer than the file', content(600_000)],
		['with another beginning', Uint8Array.from([9, 9, 9, ...content(500_000).subarray(3, 200_000)])],
	])('a .part %s is begun again', async (_, left) => {
		await writeFile(part(), left);
		const { end } = await get({ objects, operations: WITH_PARTS }, ['MVI.MP4']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('MVI.MP4')).toEqual(content(500_000));
	});

	test('a camera that gives no parts begins again', async () => {
		await writeFile(part(), content(500_000).subarray(0, 200_000));
		const { end, camera } = await get({ objects }, ['MVI.MP4']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(camera.count(0x1009)).toBe(1);
		expect(await read('MVI.MP4')).toEqual(content(500_000));
	});

	test('by hand: what has come is kept, the session ends in order', async () => {
		const stop = new AbortController();
		const { end, camera } = await get(
			{
				objects: [file(7, 'MVI.MP4', content(5_000_000))],
				habit: async ({ code, transactionId }, command, event) => {
					if (code !== 0x1009) return false;
					command.send({ kind: 'startData', transactionId, total: 5_000_000n });
					command.send({ kind: 'data', transactionId }, content(5_000_000).subarray(0, 100_000));
					await event.expect('cancel');
					refuse(command, transactionId, 0x201f);
					return true;
				},
			},
			['MVI.MP4'],
			{
				signal: stop.signal,
				job: { talk: 'events', keepalive: 'never' },
				onEvent: ({ type }) => type === 'transfer' && stop.abort(new Error('Ctrl-C')),
			},
		);
		expect(end).toMatchObject({ outcome: 'session', exitCode: null });
		expect(camera.asked.at(-1)?.code).toBe(0x1003);
		const kept = await read('MVI.MP4.part');
		expect(kept).toEqual(content(5_000_000).subarray(0, kept.length));
		expect(kept.length).toBeGreaterThan(0);
	});

	test('a camera that ends too early leaves a .part and exit code 1', async () => {
		const { end, stderr } = await get(
			{
				objects,
				habit: ({ code, transactionId }, command) => {
					if (code !== 0x1009) return false;
					command.send({ kind: 'startData', transactionId, total: 500_000n });
					command.send({ kind: 'endData', transactionId }, content(500_000).subarray(0, 1000));
					refuse(command, transactionId, 0x2001);
					return true;
				},
			},
			['MVI.MP4'],
		);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toContain('1000 of the 500000 bytes');
		expect(await readdir(dir)).toEqual(['MVI.MP4.part']);
	});
});

describe('a camera that sends what it should not', () => {
	/** Answers GetObject with an announcement and these pieces. */
	const sends =
		(total: bigint, ...pieces: Uint8Array[]): Habit =>
		({ code, transactionId }, command) => {
			if (code !== 0x1009) return false;
			command.send({ kind: 'startData', transactionId, total });
			for (const piece of pieces) command.send({ kind: 'data', transactionId }, piece);
			command.send({ kind: 'endData', transactionId });
			refuse(command, transactionId, 0x2001);
			return true;
		};
	const UNKNOWN = 0xffff_ffff_ffff_ffffn;
	const objects = [file(7, 'F.JPG', content(1000))];

	test.each([
		['fewer bytes, as announced', sends(500n, content(500)), 'announced 500 bytes instead of 1000', []],
		['fewer bytes, unannounced', sends(UNKNOWN, content(500)), '500 bytes of a file of 1000', ['F.JPG.part']],
		['more bytes, unannounced', sends(UNKNOWN, content(1000), content(1)), 'more than the 1000 bytes', []],
	])('%s: not saved, exit code 1, and the next get is as if nothing had been', async (_, habit, why, left) => {
		const { end, stderr, stdout } = await get({ objects, habit }, ['F.JPG']);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(stderr).toContain(why);
		expect(stdout).not.toContain('Saved');
		expect(await readdir(dir)).toEqual(left);
		expect((await get({ objects }, ['F.JPG'])).end).toMatchObject({ exitCode: 0 });
		expect(await readdir(dir)).toEqual(['F.JPG']);
		expect(await read('F.JPG')).toEqual(content(1000));
	});

	test.each([
		['of unknown length', UNKNOWN],
		['of 2^45 bytes', 2n ** 45n],
	])('a stream without end %s is cut off, and the disk is spared', async (_, total) => {
		let written = 0;
		const { end, of } = await get(
			{
				objects,
				habit: async ({ code, transactionId }, command) => {
					if (code !== 0x1009) return false;
					command.send({ kind: 'startData', transactionId, total });
					const piece = content(100_000);
					let over = false;
					void command.closed.then(() => {
						over = true;
					});
					while (!over) {
						command.send({ kind: 'data', transactionId }, piece);
						await Promise.race([command.flush(new Uint8Array(0)), command.closed]);
						await new Promise((resolve) => setImmediate(resolve));
					}
					return true;
				},
			},
			['F.JPG'],
			{
				limits: { cancelMs: 50 },
				job: { talk: 'events', keepalive: 'never' },
				onEvent: (event) => {
					if (event.type === 'transfer') written = event.bytes;
				},
			},
		);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(of('toolSaid')).toMatchObject([{ line: expect.stringMatching(/was not saved: the camera (announced|sent more)/) }]);
		expect(written).toBeLessThanOrEqual(1000);
		expect(await readdir(dir)).toEqual([]);
	});

	test('when nobody knows the size, what is announced is the limit, and it must be announced', async () => {
		const unknown = [{ ...file(7, 'F.MOV', content(1000)), size: 0xffffffff }];
		const silent = await get({ objects: unknown, habit: sends(UNKNOWN, content(1000)) }, ['F.MOV']);
		expect(silent.end).toMatchObject({ exitCode: 1 });
		expect(silent.stderr).toContain('neither the size');
		expect(await readdir(dir)).toEqual([]);
	});

	const movie = content(20_000_000);
	const movies = [file(7, 'M.MP4', movie)];
	/** Answers GetPartialObject with what it makes of the bytes asked for. */
	const parts =
		(make: (offset: number, length: number) => Uint8Array): Habit =>
		({ code, transactionId, params }, command) => {
			if (code !== 0x101b) return false;
			const part = make(params[1] as number, params[2] as number);
			give(command, transactionId, part, [part.length]);
			return true;
		};

	test('five bytes too many in a part', async () => {
		const habit = parts((offset, length) => movie.subarray(offset, offset + length + 5));
		const { end, stderr } = await get({ objects: movies, operations: WITH_PARTS, habit }, ['M.MP4']);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toMatch(/announced \d+ bytes instead of \d+/);
		const unannounced: Habit = ({ code, transactionId, params }, command) => {
			if (code !== 0x101b) return false;
			command.send({ kind: 'startData', transactionId, total: UNKNOWN });
			command.send({ kind: 'endData', transactionId }, new Uint8Array((params[2] as number) + 5));
			refuse(command, transactionId, 0x2001);
			return true;
		};
		const second = await get({ objects: movies, operations: WITH_PARTS, habit: unannounced }, ['M.MP4']);
		expect(second.end).toMatchObject({ exitCode: 1 });
		expect(second.stderr).toContain('sent more than the');
	});

	test('parts of ten bytes are not borne for long; the largest part of a camera is', async () => {
		const tiny = await get({ objects: movies, operations: WITH_PARTS, habit: parts((offset) => movie.subarray(offset, offset + 10)) }, [
			'M.MP4',
		]);
		expect(tiny.end).toMatchObject({ exitCode: 1 });
		expect(tiny.stderr).toContain('in pieces of 10 bytes');
		expect(tiny.camera.count(0x101b)).toBeLessThan(20);
		const small = await get(
			{
				objects: movies,
				operations: WITH_PARTS,
				habit: parts((offset, length) => movie.subarray(offset, offset + Math.min(length, 65536))),
			},
			['M.MP4'],
		);
		expect(small.end).toMatchObject({ exitCode: 0 });
		expect(Buffer.compare(await read('M.MP4'), movie)).toBe(0);
	});

	test('parts of a file without size: to its end, whatever its largest part is, and never beyond the card', async () => {
		const operations = [...WITH_PARTS, 0x95c1];
		const objects = [{ ...file(7, 'M.MP4', movie), size: 0xffffffff }];
		/** Of the 64-bit operation: handle, offset low, offset high, length. */
		const habit: Habit = ({ code, transactionId, params }, command) => {
			if (code !== 0x95c1 && code !== 0x101b) return false;
			const offset = params[1] as number;
			const part = movie.subarray(offset, offset + 65536);
			give(command, transactionId, part, [part.length]);
			return true;
		};
		expect((await get({ objects, operations, habit }, ['M.MP4'])).end).toMatchObject({ exitCode: 0 });
		expect(Buffer.compare(await read('M.MP4'), movie)).toBe(0);
		await rm(join(dir, 'M.MP4'));
		const endless: Habit = ({ code, transactionId, params }, command) => {
			if (code === 0x1005) {
				const card = {
					storageType: 4,
					filesystemType: 3,
					accessCapability: 0,
					freeSpace: 0n,
					freeImages: 0,
					description: '',
					volumeLabel: '',
				};
				give(command, transactionId, encodeDataset(storageInfo, { ...card, maxCapacity: 3_000_000n }));
				return true;
			}
			if (code !== 0x95c1 && code !== 0x101b) return false;
			const part = new Uint8Array(params[code === 0x101b ? 2 : 3] as number);
			give(command, transactionId, part, [part.length]);
			return true;
		};
		const { end, stderr } = await get({ objects, operations, habit: endless }, ['M.MP4']);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toContain('larger than the card');
	});

	test('more than was asked for when an old .part is compared: not read on, but begun again', async () => {
		await writeFile(join(dir, 'M.MP4.part'), movie.subarray(0, 200_000));
		let cancelled = false;
		const { end } = await get(
			{
				objects: movies,
				operations: WITH_PARTS,
				habit: async ({ code, transactionId, params }, command, event) => {
					if (code !== 0x101b || cancelled) return false;
					command.send({ kind: 'startData', transactionId, total: UNKNOWN });
					command.send({ kind: 'data', transactionId }, new Uint8Array((params[2] as number) + 1));
					// More would come for as long as nobody says stop.
					await event.expect('cancel');
					cancelled = true;
					refuse(command, transactionId, 0x201f);
					return true;
				},
			},
			['M.MP4'],
		);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(cancelled).toBe(true);
		expect(Buffer.compare(await read('M.MP4'), movie)).toBe(0);
	});

	test('a file that takes no more bytes is trouble here, in words', async () => {
		const sink = new FileSink({ writev: async (buffers) => ({ bytesWritten: 0, buffers }) }, 0, () => {});
		await sink.piece(new Uint8Array(1)).catch(() => {});
		await expect(sink.flushed()).rejects.toBeInstanceOf(LocalTrouble);
	});
});

describe('names from the camera', () => {
	test('cannot leave the folder, and are told apart', async () => {
		const names = [
			'../../evil.jpg',
			'..\\..\\evil.jpg',
			'/etc/evil.jpg',
			'..',
			'\u0000',
			'\u001b[2Jx.jpg',
			'CON.JPG',
			'-rf',
			'.bashrc',
			'x'.repeat(254),
		];
		const objects = names.map((name, at) => file(at + 1, name, content(10 + at, at + 1)));
		const { end, stdout, stderr } = await get({ objects: [...objects, folder(100, '..'), file(101, 'in.jpg', photo, 100)] }, ['--all']);
		expect(end).toMatchObject({ exitCode: 0 });
		const there = slashes(await readdir(dir, { recursive: true }));
		expect(there).toHaveLength(names.length + 2);
		expect(there).toContain('__/in.jpg');
		expect(there).toContain('.._.._evil.jpg'.replace(/^\./, '_.'));
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
		expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
		expect(await readdir(join(dir, '..')).then((all) => all.filter((name) => name.includes('evil')))).toEqual([]);
	});

	test.skipIf(skipUnless(symlinks, NO_SYMLINKS))('links that stand in the way are not written through', async () => {
		const outside = await mkdtemp(join(tmpdir(), 'canon-out-'));
		try {
			await writeFile(join(outside, 'victim'), 'mine');
			await symlink(join(outside, 'victim'), join(dir, 'A.JPG'));
			await symlink(join(outside, 'fresh'), join(dir, 'B.JPG.part'));
			await link(join(outside, 'victim'), join(dir, 'C.JPG.part'));
			await symlink(outside, join(dir, '100CANON'));
			await mkdir(join(dir, 'D.JPG'));
			const inFolder = [folder(1, 'DCIM'), folder(2, '100CANON', 1), file(3, 'E.JPG', photo, 2)];
			const flat = ['A.JPG', 'B.JPG', 'C.JPG', 'D.JPG'].map((name, at) => file(10 + at, name, photo));
			const { end, stderr } = await get({ objects: [...inFolder, ...flat] }, ['--all']);
			expect(end).toMatchObject({ exitCode: 1 });
			expect(await readdir(outside)).toEqual(['victim']);
			expect(await readFile(join(outside, 'victim'), 'utf8')).toBe('mine');
			expect(await read('A~2.JPG')).toEqual(photo);
			expect(await read('D~2.JPG')).toEqual(photo);
			expect(stderr.match(/in the way|too many/g)).toHaveLength(3);
		} finally {
			await rm(outside, { recursive: true });
		}
	});
});

describe('odd cards', () => {
	const tree = [
		folder(1, 'DCIM'),
		folder(2, '100CANON', 1),
		file(3, 'A.JPG', content(10), 2),
		folder(4, 'MISC'),
		file(5, 'B.MRK', content(20), 4),
	];

	test('a camera that ignores the folder asked for', async () => {
		const { end } = await get({ objects: [...tree].reverse(), ignoresParent: true }, ['--all']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(slashes(await readdir(dir, { recursive: true })).sort()).toEqual(['100CANON', '100CANON/A.JPG', 'MISC', 'MISC/B.MRK']);
	});

	test('folders that are in each other, or in themselves, come to an end', async () => {
		const objects = [folder(1, 'ONE', 2), folder(2, 'TWO', 1), folder(3, 'SELF', 3), file(4, 'A.JPG', photo, 1)];
		const { end } = await get({ objects, ignoresParent: true }, ['A.JPG']);
		expect(end).toMatchObject({ exitCode: 0 });
		expect(await read('A.JPG')).toEqual(photo);
	});

	test('folders in folders without end come to an end', async () => {
		const objects = Array.from({ length: 300 }, (_, at) => folder(at + 1, `F${at}`, at));
		const { end, camera } = await get({ objects }, ['A.JPG']);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(camera.count(0x1007)).toBeLessThan(50);
	});

	test('only folders that can hold it are read', async () => {
		const { camera } = await get({ objects: tree }, ['/DCIM/100CANON/A.JPG']);
		expect(camera.asked.filter(({ code }) => code === 0x1007).map(({ params }) => params[2])).toEqual([0xffffffff, 1, 2]);
	});

	test('a file that vanished is one line, and the others are saved', async () => {
		const { end, stderr } = await get(
			{
				objects: tree,
				habit: ({ code, transactionId, params }, command) => {
					if (code !== 0x1009 || params[0] !== 3) return false;
					refuse(command, transactionId, 0x2009);
					return true;
				},
			},
			['--all'],
		);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toMatch(/A\.JPG .*was not saved: the camera answered invalidObjectHandle\.\n$/);
		expect(await read('MISC/B.MRK')).toEqual(content(20));
	});

	test('a name that is not there is exit code 1, and the rest is saved', async () => {
		const { end, stderr } = await get({ objects: tree }, ['nothing.jpg', 'A.JPG']);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toBe('get: there is no "nothing.jpg" on the camera.\n');
		expect(await readdir(dir)).toEqual(['A.JPG']);
	});

	test('an ObjectInfo of nonsense is told, not believed', async () => {
		const { end, stderr } = await get(
			{
				objects: tree,
				habit: ({ code, transactionId, params }, command) => {
					if (code !== 0x1008 || params[0] !== 3) return false;
					give(command, transactionId, new Uint8Array(10));
					return true;
				},
			},
			['--all'],
		);
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toMatch(/^get: /);
	});

	test('a list of handles that is too long is refused', async () => {
		const { end } = await get(
			{
				objects: tree,
				habit: ({ code, transactionId }, command) => {
					if (code !== 0x1007) return false;
					give(command, transactionId, new Uint8Array(2 * 1024 * 1024));
					return true;
				},
			},
			['--all'],
		);
		expect(end).toMatchObject({ exitCode: 1 });
	});
});

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
test.skipIf(skipUnless(mayMount, 'only root on Linux can make a small disk'))(
	'a full disk is one clear sentence, keeps the .part, and ends the get (needs root, to mount a small disk)',
	async () => {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
		try {
			await using camera = await oddCamera({ objects: [file(7, 'BIG.MP4', content(4_000_000)), file(8, 'NEXT.JPG', photo)] });
			let said = '';
			const onOutput = (text: string) => {
				said += text;
			};
			const args = ['get', '--all', '--to', dir];
			await expect(runBuiltin({ port: camera.port, args, job: { keepalive: 'never' }, onOutput })).rejects.toMatchObject({
				code: 'destinationUnwritable',
				exitCode: 73,
				message: expect.stringContaining('the disk is full'),
			});
			expect(said).toMatch(/BIG\.MP4 .*was not saved: the disk is full[\s\S]*0 saved .* 2 not saved/);
			expect(await readdir(dir)).toEqual(['BIG.MP4.part']);
			expect(camera.asked.filter(({ code }) => code === 0x1009)).toHaveLength(1);
			// The camera was not left in the middle: CloseSession came last.
			expect(camera.asked.at(-1)?.code).toBe(0x1003);
		} finally {
			execFileSync('umount', [dir]);
		}
	},
);

test('on a terminal the progress is one line on stderr that is gone in the end', async () => {
	const { stdout, stderr } = await get({ objects: [file(7, 'IMG_0001.JPG', photo)], operations: BASIC }, ['IMG_0001.JPG'], {
		terminal: true,
		columns: 40,
	});
	expect(stderr).toMatch(/^\rIMG_0001\.JPG (\[#+\])? +\d+%/);
	for (const line of stderr.split('\r')) expect(line.length).toBeLessThan(40);
	expect(stderr).toMatch(/\r +\r$/);
	expect(stdout).toMatch(/^Saved /);
});
