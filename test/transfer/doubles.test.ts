/** What is there already, and sizes that are not true: nothing is skipped that is another picture, nothing is saved as nothing. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runBuiltin } from '../builtin/harness.ts';
import { BASIC, give, type Habit, type OddObject, type OddOptions, oddCamera, refuse, WITH_PARTS } from '../builtin/odd-camera.ts';
import { softwareCamera } from '../builtin/software-camera.ts';

let dir: string;
beforeEach(async () => {
	dir = await mkdtemp(join(tmpdir(), 'canon-doubles-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Bytes that differ from seed to seed. */
function content(size: number, seed = 1): Uint8Array {
	const bytes = new Uint8Array(size);
	let state = seed;
	for (let at = 0; at < size; at++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes[at] = state >>> 24;
	}
	return bytes;
}

const TAKEN = '20240601T120000.0';
const LATER = '20250601T120000.0';
const picture = (bytes: Uint8Array, more: Partial<OddObject> = {}): OddObject => ({
	handle: 7,
	name: 'IMG_0001.CR2',
	bytes,
	date: TAKEN,
	...more,
});

async function get(card: OddOptions) {
	await using camera = await oddCamera({ operations: WITH_PARTS, ...card });
	const result = await runBuiltin({ port: camera.port, args: ['get', '--all', '--to', dir], job: { keepalive: 'never' } });
	return { ...result, camera, code: result.end.outcome === 'session' ? result.end.exitCode : result.end.outcome };
}

const here = async () => (await readdir(dir)).sort();
const same = async (name: string, bytes: Uint8Array) => Buffer.compare(await readFile(join(dir, name)), bytes) === 0;

describe('another card with the same name, folder and size', () => {
	test.each([
		['small', 5000],
		['large', 9_000_000],
	])('%s: the other picture is saved beside the first, and both are skipped from then on', async (_, size) => {
		const first = { objects: [picture(content(size, 1))] };
		const second = { objects: [picture(content(size, 2), { date: LATER })] };
		await get(first);
		const { stdout } = await get(second);
		expect(stdout).toMatch(/^Saved .*IMG_0001~2\.CR2 .*another IMG_0001\.CR2 was there/);
		expect(await here()).toEqual(['IMG_0001.CR2', 'IMG_0001~2.CR2']);
		expect([await same('IMG_0001.CR2', content(size, 1)), await same('IMG_0001~2.CR2', content(size, 2))]).toEqual([true, true]);
		for (const card of [first, second]) {
			const { stdout, camera } = await get(card);
			expect(stdout).toMatch(/^Skipped /);
			expect(camera.count(0x1009)).toBe(0);
			expect(camera.count(0x101b)).toBeLessThanOrEqual(1);
		}
		expect(await here()).toHaveLength(2);
	});

	test('a .part of the other picture is not gone on with', async () => {
		await writeFile(join(dir, 'IMG_0001.CR2.part'), content(5000, 1).subarray(0, 3000));
		await get({ objects: [picture(content(5000, 2), { date: LATER })] });
		expect(await here()).toEqual(['IMG_0001.CR2']);
		expect(await same('IMG_0001.CR2', content(5000, 2))).toBe(true);
	});

	test('the same name, size and date is the same, and no byte is asked for', async () => {
		await get({ objects: [picture(content(5000))] });
		const { stdout, camera } = await get({ objects: [picture(content(5000))] });
		expect(stdout).toMatch(/^Skipped /);
		expect([camera.count(0x1009), camera.count(0x101b)]).toEqual([0, 0]);
	});
});

describe('only the date differs', () => {
	const copied = async (bytes: Uint8Array, name = 'IMG_0001.CR2') => {
		await writeFile(join(dir, name), bytes);
		await utimes(join(dir, name), new Date(), new Date());
	};

	test.each([
		['copied, or in another time zone', {}],
		['or the camera tells none', { date: '' }],
	])('%s: a piece out of the middle shows that it is the same', async (_, more) => {
		await copied(content(1_000_000));
		const { code, stdout, camera } = await get({ objects: [picture(content(1_000_000), more)] });
		expect(code).toBe(0);
		expect(stdout).toMatch(/^Skipped /);
		expect(camera.asked.filter(({ code }) => code === 0x101b).map(({ params }) => params)).toEqual([[7, 467_232, 65_536]]);
		expect(camera.count(0x1009)).toBe(0);
		expect(await here()).toEqual(['IMG_0001.CR2']);
	});

	test.each([
		['gives no pieces', { operations: BASIC }],
		['lists them and refuses them', { habit: refusing(0x101b) }],
	])('a camera that %s: the whole file is fetched, compared, and not kept twice', async (_, card) => {
		await copied(content(5000));
		const same = await get({ objects: [picture(content(5000))], ...card });
		expect(same.stdout).toMatch(/^Skipped /);
		expect(await here()).toEqual(['IMG_0001.CR2']);
		const other = await get({ objects: [picture(content(5000, 2))], ...card });
		expect(other.stdout).toMatch(/^Saved /);
		expect(await here()).toEqual(['IMG_0001.CR2', 'IMG_0001~2.CR2']);
	});

	test('a camera that gives pieces little by little is asked on', async () => {
		await copied(content(5000));
		const habit: Habit = ({ code, transactionId, params: [, offset = 0] }, command) => {
			if (code !== 0x101b) return false;
			give(command, transactionId, content(5000).subarray(offset, offset + 1000));
			return true;
		};
		const { stdout, camera } = await get({ objects: [picture(content(5000))], habit });
		expect(stdout).toMatch(/^Skipped /);
		expect(camera.count(0x1009)).toBe(0);
	});
});

function refusing(...codes: number[]): Habit {
	return ({ code, transactionId }, command) => {
		if (!codes.includes(code)) return false;
		refuse(command, transactionId, 0x2002);
		return true;
	};
}

describe('a size of 0', () => {
	const movie = content(3_000_000);
	const zero = (bytes: Uint8Array) => [picture(bytes, { name: 'MVI_0002.MP4', size: 0 })];

	test('with bytes behind it: they are saved, and skipped the next time', async () => {
		const { code, stdout, camera } = await get({ objects: zero(movie) });
		expect(code).toBe(0);
		expect(stdout).toMatch(/^Saved .*MVI_0002\.MP4 \(3\.0 MB; the camera had said 0 B\)\n$/);
		expect(camera.count(0x1009)).toBe(1);
		expect(await same('MVI_0002.MP4', movie)).toBe(true);
		const again = await get({ objects: zero(movie) });
		expect(again.stdout).toMatch(/^Skipped /);
		expect(again.camera.count(0x1009)).toBe(0);
		expect(await here()).toEqual(['MVI_0002.MP4']);
	});

	test('with a true 64-bit size', async () => {
		const habit: Habit = ({ code, transactionId }, command) => {
			if (code !== 0x9803) return false;
			const size = new Uint8Array(8);
			new DataView(size.buffer).setBigUint64(0, 3_000_000n, true);
			give(command, transactionId, size);
			return true;
		};
		const { code } = await get({ objects: zero(movie), operations: [...WITH_PARTS, 0x9803], habit });
		expect(code).toBe(0);
		expect(await same('MVI_0002.MP4', movie)).toBe(true);
		expect((await get({ objects: zero(movie), operations: [...WITH_PARTS, 0x9803], habit })).camera.count(0x1009)).toBe(0);
	});

	test.each(['Saved', 'Skipped'])('and nothing behind it: it was asked for once, and is told (%s)', async (done) => {
		if (done === 'Skipped') await writeFile(join(dir, 'MVI_0002.MP4'), '');
		const { code, stdout, stderr, camera } = await get({ objects: [...zero(new Uint8Array(0)), picture(content(10), { handle: 8 })] });
		expect(code).toBe(0);
		expect(camera.asked.filter(({ code, params }) => code === 0x1009 && params[0] === 7)).toHaveLength(1);
		expect(stderr).toMatch(/^get: MVI_0002\.MP4 is empty: the camera says 0 bytes, and sent none/);
		expect(stdout).toContain(`${done} `);
		expect(stdout).not.toContain('(0 B)');
		expect(stdout).toContain('not saved. One is empty.');
		expect(await here()).toEqual(['IMG_0001.CR2', 'MVI_0002.MP4']);
		expect((await stat(join(dir, 'MVI_0002.MP4'))).size).toBe(0);
	});

	test('and bytes are refused: not saved', async () => {
		const { code, stderr } = await get({ objects: zero(movie), habit: refusing(0x1009) });
		expect(code).toBe(1);
		expect(stderr).toMatch(/was not saved: the camera answered generalError/);
		expect(await here()).toEqual([]);
	});

	test('told by the software camera on request', async () => {
		await using camera = await softwareCamera({ faults: ['zero-size=1'] });
		const { end, stdout } = await runBuiltin({ port: camera.port, args: ['get', '--all', '--to', dir] });
		expect(end).toMatchObject({ exitCode: 0 });
		expect(stdout.match(/the camera had said 0 B/g)).toHaveLength(3);
		await using honest = await softwareCamera();
		expect((await runBuiltin({ port: honest.port, args: ['get', '--all', '--to', dir] })).stdout).toContain('3 skipped');
	});
});

describe('a size that the camera cannot tell', () => {
	const BEYOND = 0xffff_ffff;
	const unknown = (bytes: Uint8Array) => [picture(bytes, { size: BEYOND })];

	test('is never taken for equal: another file is saved beside it, the same one is known by its end', async () => {
		await get({ objects: unknown(content(5000)) });
		const parts: Habit = ({ code, transactionId, params: [, offset = 0] }, command) => {
			if (code !== 0x95c1 && code !== 0x101b) return false;
			give(command, transactionId, content(5000).subarray(offset, offset + 65536));
			return true;
		};
		const again = await get({ objects: unknown(content(5000)), operations: [...WITH_PARTS, 0x95c1], habit: parts });
		expect(again.stdout).toMatch(/^Skipped /);
		expect(again.camera.count(0x1009)).toBe(0);
		await get({ objects: unknown(content(5000, 2)) });
		expect(await here()).toEqual(['IMG_0001.CR2', 'IMG_0001~2.CR2']);
		expect(await same('IMG_0001~2.CR2', content(5000, 2))).toBe(true);
	});

	test('a longer one with the same beginning is another file', async () => {
		await writeFile(join(dir, 'IMG_0001.CR2'), content(5000).subarray(0, 4000));
		await get({ objects: unknown(content(5000)) });
		expect(await same('IMG_0001~2.CR2', content(5000))).toBe(true);
	});

	test('without pieces it is fetched and compared, and not kept twice', async () => {
		for (let time = 0; time < 3; time++) await get({ objects: unknown(content(5000)), operations: BASIC });
		expect(await here()).toEqual(['IMG_0001.CR2']);
	});

	test('a 64-bit size that cannot be read is no size', async () => {
		const habit: Habit = ({ code, transactionId }, command) => {
			if (code !== 0x9803) return false;
			give(command, transactionId, new Uint8Array(3));
			return true;
		};
		const { code } = await get({ objects: unknown(content(5000)), operations: [...BASIC, 0x9803], habit });
		expect(code).toBe(0);
		expect(await same('IMG_0001.CR2', content(5000))).toBe(true);
	});
});

describe('a size that is too small', () => {
	const small = (bytes: Uint8Array) => [picture(bytes, { size: 1000 })];

	test('all that the camera announces is saved, once', async () => {
		const { code, stdout } = await get({ objects: small(content(5000)) });
		expect(code).toBe(0);
		expect(stdout).toContain('(5.0 kB; the camera had said 1.0 kB)');
		expect((await get({ objects: small(content(5000)) })).stdout).toMatch(/^Skipped /);
		expect((await get({ objects: small(content(5000)), operations: BASIC })).stdout).toMatch(/^Skipped /);
		expect(await here()).toEqual(['IMG_0001.CR2']);
	});
});

test('a folder of the same name is not in the way', async () => {
	await mkdir(join(dir, 'IMG_0001.CR2'));
	await get({ objects: [picture(content(5000))] });
	expect(await same('IMG_0001~2.CR2', content(5000))).toBe(true);
});
