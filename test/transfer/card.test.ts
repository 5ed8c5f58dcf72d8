import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Camera } from '#camera/camera.ts';
import { encodeDataset, handles } from '#protocol/ptp/datasets.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { DEFAULT_TIMEOUTS } from '#protocol/ptpip/initiator/timeouts.ts';
import { type CardLimits, walk } from '#transfer/card.ts';
import { Catalogue } from '#transfer/catalogue/catalogue.ts';
import { runBuiltin } from '../builtin/harness.ts';
import { give, type Habit, infoOf, type OddCamera, type OddObject, type OddOptions, oddCamera } from '../builtin/odd-camera.ts';

const ALL: CardLimits = { objects: 1000, folders: 1000, depth: 32 };

/** Walks a camera's whole card: names, and what was said of the rest. */
async function walked(camera: OddCamera, limits: Partial<CardLimits> = {}) {
	const { signal } = new AbortController();
	const { connection } = await dial({ host: '127.0.0.1', port: camera.port, guid: new Uint8Array(16), name: 'studio', signal });
	if (connection === undefined) throw new Error('not connected');
	try {
		const paths: string[] = [];
		const leftOut: string[] = [];
		const whole = { enters: () => true, leftOut: (why: string) => void leftOut.push(why), limits: { ...ALL, ...limits } };
		const opened = new Camera(connection, DEFAULT_TIMEOUTS);
		await opened.open(signal);
		for await (const object of walk(new Catalogue({ camera: opened }), whole, signal)) {
			paths.push(object.path.join('/'));
			expect(Object.keys(object.info).sort()).toEqual(['captureDate', 'modificationDate', 'size', 'storageId']);
		}
		return { paths, leftOut };
	} finally {
		await connection.close();
	}
}

/** A camera that makes up fresh objects in whatever folder it is asked for: folders and files in turn. */
function endless(each: number): Habit {
	let last = 0;
	const parents = new Map<number, number>();
	return ({ code, transactionId, params }, command) => {
		if (code === 0x1007) {
			const fresh = Array.from({ length: each }, () => ++last);
			for (const handle of fresh) parents.set(handle, params[2] === 0xffff_ffff ? 0 : (params[2] as number));
			give(command, transactionId, encodeDataset(handles, fresh));
			return true;
		}
		if (code !== 0x1008) return false;
		const handle = params[0] as number;
		const object = { handle, name: `N${handle}`, parent: parents.get(handle) ?? 0, folder: handle % 2 === 1 };
		give(command, transactionId, infoOf(object));
		return true;
	};
}

describe('a card without end', () => {
	test('fresh folders in fresh folders: so many are read, and that is said', async () => {
		await using camera = await oddCamera({ habit: endless(4) });
		const { leftOut } = await walked(camera, { folders: 10 });
		expect(leftOut).toEqual(['The camera has more than 10 folders: the rest was left out.']);
		expect(camera.count(0x1007)).toBe(11);
	});

	test('fresh objects: so many are asked for, and that is said', async () => {
		await using camera = await oddCamera({ habit: endless(100) });
		const { paths, leftOut } = await walked(camera, { objects: 250 });
		expect(paths).toHaveLength(250);
		expect(leftOut).toEqual(['The camera has more than 250 objects: the rest was left out.']);
		expect(camera.count(0x1008)).toBe(250);
	});

	test.each([true, false])('folders in folders: down to a depth, and that is said (all at once: %s)', async (ignoresParent) => {
		const objects: OddObject[] = Array.from({ length: 12 }, (_, at) => ({ handle: at + 1, name: `F${at + 1}`, parent: at, folder: true }));
		await using camera = await oddCamera({ objects, ignoresParent });
		const { paths, leftOut } = await walked(camera, { depth: 5 });
		expect(paths).toEqual(['F1', 'F1/F2', 'F1/F2/F3', 'F1/F2/F3/F4', 'F1/F2/F3/F4/F5']);
		expect(leftOut).toEqual(['The camera has folders in folders more than 5 deep: what is below that was left out.']);
	});
});

describe('objects that the camera describes in nonsense', () => {
	const picture = (handle: number): OddObject => ({ handle, name: `IMG_000${handle}.JPG`, bytes: new Uint8Array(10).fill(handle) });
	const card = (...nonsense: [handle: number, bytes: Uint8Array][]): OddOptions => ({
		objects: [1, 2, 3, 4].map(picture),
		habit: ({ code, transactionId, params }, command) => {
			const found = nonsense.find(([handle]) => code === 0x1008 && handle === params[0]);
			if (found !== undefined) give(command, transactionId, found[1]);
			return found !== undefined;
		},
	});
	const short: [number, Uint8Array] = [2, new Uint8Array(10)];
	const long: [number, Uint8Array] = [3, new Uint8Array(100_000)];

	test('are left out, the others are there, and it is said in one sentence', async () => {
		await using one = await oddCamera(card(short));
		const first = await runBuiltin({ port: one.port, args: ['ls'] });
		expect(first.stdout.match(/IMG_000\d/g)).toEqual(['IMG_0001', 'IMG_0003', 'IMG_0004']);
		expect(first.stderr).toBe('ls: One object was left out: the camera describes it in a way that cannot be read.\n');
		expect(first.end).toMatchObject({ exitCode: 1 });
		await using two = await oddCamera(card(short, long));
		const second = await runBuiltin({ port: two.port, args: ['ls'] });
		expect(second.stdout.match(/IMG_000\d/g)).toEqual(['IMG_0001', 'IMG_0004']);
		expect(second.stderr).toBe('ls: 2 objects were left out: the camera describes them in a way that cannot be read.\n');
	});

	test('do not keep the others from being saved; a file asked for by its name misses nothing', async () => {
		const dir = await mkdtemp(join(tmpdir(), 'canon-card-'));
		try {
			await using camera = await oddCamera(card(short, long));
			const all = await runBuiltin({ port: camera.port, args: ['get', '--all', '--to', dir] });
			expect(all.end).toMatchObject({ exitCode: 1 });
			expect(all.stderr).toMatch(/^get: 2 objects were left out/);
			expect(await readdir(dir)).toEqual(['IMG_0001.JPG', 'IMG_0004.JPG']);
			await using again = await oddCamera(card(short, long));
			const named = await runBuiltin({ port: again.port, args: ['get', 'IMG_0004.JPG', '--to', dir] });
			expect(named).toMatchObject({ end: { exitCode: 0 }, stderr: '' });
		} finally {
			await rm(dir, { recursive: true });
		}
	});
});
