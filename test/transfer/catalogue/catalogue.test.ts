/** Cards listed in few operations, by a simulated camera that lists them as it should and by one that lies about them. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camera } from '#camera/camera.ts';
import { Chdk } from '#camera/chdk.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { DEFAULT_TIMEOUTS } from '#protocol/ptpip/initiator/timeouts.ts';
import { g9x } from '#simulator/models/g9x.ts';
import type { CameraModel } from '#simulator/models/model.ts';
import { type CardObject, walk } from '#transfer/card.ts';
import { Catalogue, type CatalogueOptions, listingMemory } from '#transfer/catalogue/catalogue.ts';
import { softwareCamera } from '../../builtin/software-camera.ts';

const FOLDERS = 6;
const EACH = 40;
const NAMES = Array.from({ length: FOLDERS }, (_, folder) =>
	Array.from({ length: EACH }, (_, n) => `DCIM/${100 + folder}CANON/IMG_${String(folder * 100 + n).padStart(4, '0')}.JPG`),
).flat();

let media: string;
beforeAll(async () => {
	media = await mkdtemp(join(tmpdir(), 'canon-catalogue-'));
	for (const [n, name] of NAMES.entries()) {
		const file = join(media, name);
		await mkdir(join(file, '..'), { recursive: true });
		await writeFile(file, Buffer.alloc(100 + n));
		await utimes(file, 1_700_000_000 + 2 * n, 1_700_000_000 + 2 * n);
	}
	await writeFile(join(media, 'DCIM/100CANON/a name that is longer than twelve.jpg'), Buffer.alloc(7));
});
afterAll(() => rm(media, { recursive: true, force: true }));

const ALL = [...NAMES, 'DCIM/100CANON/a name that is longer than twelve.jpg'].toSorted();

/** Only these of Canon's and MTP's listings. */
const listing = (...codes: number[]): Partial<CameraModel> => ({
	...g9x,
	operations: g9x.operations.filter((code) => ![0x9109, 0x9021, 0x9805].includes(code) || codes.includes(code)),
});

interface Setting {
	model: Partial<CameraModel>;
	faults?: readonly string[];
	chdk?: boolean;
	enters?: (path: readonly string[]) => boolean;
	options?: Partial<CatalogueOptions>;
}

/** Walks the whole card: the files, the operations that it took, and what was said of ways that were given up. */
async function listed({ model, faults = [], chdk = false, enters = () => true, options = {} }: Setting) {
	await using camera = await softwareCamera({ media, model, faults, chdk });
	const { signal } = new AbortController();
	const limits = { ...DEFAULT_TIMEOUTS, cancelMs: 200 };
	const { connection } = await dial({
		host: '127.0.0.1',
		port: camera.port,
		guid: new Uint8Array(16),
		name: 'studio',
		timeouts: limits,
		signal,
	});
	if (connection === undefined) throw new Error('not connected');
	try {
		const opened = new Camera(connection, limits);
		await opened.open(signal);
		const distrust: string[] = [];
		const script = chdk ? await Chdk.of(connection, limits, signal) : undefined;
		const before = operations(camera.events).length;
		const catalogue = new Catalogue({ camera: opened, chdk: script, onDistrust: (why) => distrust.push(why), ...options });
		const files: CardObject[] = [];
		const leftOut: string[] = [];
		for await (const object of walk(catalogue, { enters, leftOut: (why) => leftOut.push(why) }, signal))
			if (!object.folder) files.push(object);
		const asked = operations(camera.events).slice(before);
		return {
			files,
			names: files.map(({ path }) => path.join('/')).toSorted(),
			leftOut,
			distrust,
			way: catalogue.way,
			operations: asked.length,
			count: (code: number) => asked.filter((one) => one === code).length,
		};
	} finally {
		await connection.close();
	}
}

const operations = (events: readonly { type: string; code?: number | string }[]): number[] =>
	events.filter(({ type }) => type === 'operation').map(({ code }) => Number(code));

describe.each([
	['0x9109', listing(0x9109, 0x9021, 0x9805), 0x9109],
	['0x9021', listing(0x9021, 0x9805), 0x9021],
	['0x9805', listing(0x9805), 0x9805],
])('a card by %s', (_, model, code) => {
	test('is listed whole, in one operation a folder and a few to check it', async () => {
		const found = await listed({ model });
		expect(found.names).toEqual(ALL);
		expect([found.leftOut, found.distrust]).toEqual([[], []]);
		expect(found.count(code)).toBeGreaterThanOrEqual(FOLDERS);
		expect(found.operations).toBeLessThan(40);
	});

	test('tells sizes and dates as GetObjectInfo does', async () => {
		const facts = ({ files }: { files: readonly CardObject[] }) =>
			files.map(({ path, handle, info }) => [path.join('/'), handle, info.size, info.modificationDate.slice(0, 15)]).toSorted();
		expect(facts(await listed({ model }))).toEqual(facts(await listed({ model: listing() })));
	});

	test.each(['refuse', 'empty', 'short', 'wrong', 'torn'])('that is %s is given up, and the next way is taken', async (how) => {
		const found = await listed({ model, faults: [`listing=${code.toString(16)}:${how}`] });
		expect(found.names).toEqual(ALL);
		expect(found.distrust).toEqual([expect.stringMatching(new RegExp(`\\(0x${code.toString(16)}\\) is not used on this camera: .*\\.`))]);
		expect(found.files.every(({ info, path }) => info.size === sizeOf(path))).toBe(true);
	});
});

const sizeOf = (path: readonly string[]): number => {
	const at = NAMES.indexOf(path.join('/'));
	return at < 0 ? 7 : 100 + at;
};

test('where two of Canon’s ways fail, one GetObjectInfo for each still lists the card', async () => {
	const found = await listed({ model: g9x, faults: ['listing=9109:empty', 'listing=9021:short'] });
	expect(found.names).toEqual(ALL);
	expect(found.distrust).toHaveLength(2);
	expect(found.way).toBe('GetObjectInfo');
	expect(found.count(0x9805)).toBe(0);
});

test('GetObjPropList is never asked where Canon’s own ways are listed', async () => {
	expect((await listed({ model: g9x, faults: ['listing=9109:refuse'] })).count(0x9805)).toBe(0);
});

describe('a camera on which GetObjPropList failed', () => {
	test('is never asked again, not in another session either', async () => {
		const memory = listingMemory();
		const first = await listed({ model: listing(0x9805), faults: ['listing=9805:empty'], options: { memory } });
		expect(first.count(0x9805)).toBe(1);
		const second = await listed({ model: listing(0x9805), options: { memory } });
		expect([second.names, second.count(0x9805)]).toEqual([ALL, 0]);
	});

	test('by hanging has cost that session, and is never asked again', async () => {
		const memory = listingMemory();
		const options = { memory, propertyListMs: 100 };
		await expect(listed({ model: listing(0x9805), faults: ['listing=9805:hang'], options })).rejects.toThrow();
		const second = await listed({ model: listing(0x9805), options });
		expect([second.names, second.count(0x9805)]).toEqual([ALL, 0]);
	});

	test('is another camera than one with another serial number', async () => {
		const memory = listingMemory();
		await listed({ model: listing(0x9805), faults: ['listing=9805:empty'], options: { memory } });
		const second = await listed({ model: { ...listing(0x9805), serialNumber: '2' }, options: { memory } });
		expect(second.count(0x9805)).toBeGreaterThan(0);
	});

	test('is asked again after a listing that went well', async () => {
		const memory = listingMemory();
		await listed({ model: listing(0x9805), options: { memory } });
		expect((await listed({ model: listing(0x9805), options: { memory } })).count(0x9805)).toBeGreaterThan(0);
	});
});

test('a part of the card costs no more than its folders', async () => {
	const enters = (path: readonly string[]) => path.length < 2 || path[1] === '102CANON';
	const found = await listed({ model: g9x, enters });
	expect(found.names).toEqual(ALL.filter((name) => name.includes('102CANON')));
	expect(found.operations).toBeLessThan(16);
});

describe('a card by a CHDK script', () => {
	const chdk: Partial<CameraModel> = {
		operations: g9x.operations.filter((code) => ![0x9109, 0x9021, 0x9805].includes(code)),
	};

	test('is listed in few messages, and each file waits to be confirmed', async () => {
		const found = await listed({ model: chdk, chdk: true });
		expect(found.names).toEqual(ALL);
		expect(found.distrust).toEqual([]);
		expect(found.way).toBe('a CHDK script');
		expect(found.operations).toBeLessThan(60);
		expect(found.files.filter(({ uncertain }) => uncertain === true).length).toBe(ALL.length);
		expect(found.files.every(({ info, path }) => info.size === sizeOf(path))).toBe(true);
	});
});
