/** Disks as Windows shows them, by errors that are forced: each of these is what Node gives there. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyFolder } from '#base/temporary.ts';
import { newProfile } from '#contract/profile.ts';
import { confWrite } from '#settings/conf-write.ts';
import { openIdentities } from '#settings/identities.ts';
import { openProfiles } from '#settings/profiles.ts';
import { PROFILES_FILE } from '#settings/rules/judge.ts';
import { Pairings } from '#simulator/pairings.ts';
import { runBuiltin } from '../builtin/harness.ts';
import { type OddObject, type OddOptions, oddCamera, WITH_PARTS } from '../builtin/odd-camera.ts';

const { platform } = process;
const pretend = (value: string) => Object.defineProperty(process, 'platform', { value });
const untouched = { ...fs.promises };
const untouchedSync = { mkdirSync: fs.mkdirSync, statSync: fs.statSync };

let dir: string;
beforeEach(() => {
	dir = fs.mkdtempSync(join(tmpdir(), 'canon-windows-'));
});
afterEach(() => {
	pretend(platform);
	Object.assign(fs.promises, untouched);
	Object.assign(fs, untouchedSync);
	syncBuiltinESMExports();
	fs.rmSync(dir, { recursive: true, force: true });
});

/** Puts functions of `node:fs/promises` in the place of the real ones. */
function force(functions: Partial<typeof fs.promises>): void {
	Object.assign(fs.promises, functions);
	syncBuiltinESMExports();
}

function refusal(code: string, syscall: string): Error {
	return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}

/** As a virus scanner does it: the first calls are refused. */
function refusing(code: string, name: 'rename' | 'unlink' | 'rm' | 'open', times: number): () => number {
	const real = fs.promises[name] as (...args: unknown[]) => Promise<unknown>;
	let calls = 0;
	const refuse = async (...args: unknown[]) => {
		if (++calls <= times) throw refusal(code, name);
		return real(...args);
	};
	force({ [name]: refuse });
	return () => calls;
}

const bytes = new Uint8Array(50_000).map((_, at) => (at * 7919) >> 3);
const one: OddObject = { handle: 7, name: 'IMG_0001.JPG', bytes, date: '20240601T120000.0' };

async function get(to = dir, card: OddOptions = {}) {
	await using camera = await oddCamera({ objects: [one, { ...one, handle: 8, name: 'IMG_0002.JPG' }], operations: WITH_PARTS, ...card });
	const ran = await runBuiltin({ port: camera.port, args: ['get', '--all', '--to', to], job: { keepalive: 'never' } });
	return { ...ran, code: ran.end.outcome === 'session' ? ran.end.exitCode : ran.end.outcome };
}

const BOTH = ['IMG_0001.JPG', 'IMG_0002.JPG'];

test('a .part is gone on with although lstat and fstat give the volume two numbers', async () => {
	fs.writeFileSync(join(dir, 'IMG_0001.JPG.part'), bytes.subarray(0, 20_000));
	const { lstat } = untouched;
	force({
		lstat: (async (path: string) => {
			const found = await lstat(path);
			found.dev += 0x1234 * 2 ** 32;
			return found;
		}) as typeof fs.promises.lstat,
	});
	const { code, stdout } = await get();
	expect(code).toBe(0);
	expect(stdout).toContain('20 kB of it from before');
	expect(fs.readdirSync(dir)).toEqual(BOTH);
});

describe("a drive's root, which cannot be made (EPERM) because it is there", () => {
	test('as --to', async () => {
		const { mkdir } = untouched;
		force({
			mkdir: ((path: string, ...rest: []) =>
				path === dir ? Promise.reject(refusal('EPERM', 'mkdir')) : mkdir(path, ...rest)) as typeof fs.promises.mkdir,
		});
		expect((await get()).code).toBe(0);
		expect(fs.readdirSync(dir)).toEqual(BOTH);
	});

	test('as --config-dir', () => {
		const { mkdirSync } = untouchedSync;
		fs.mkdirSync = ((path: string, ...rest: []) => {
			if (path === dir) throw refusal('EPERM', 'mkdir');
			return mkdirSync(path, ...rest);
		}) as typeof fs.mkdirSync;
		syncBuiltinESMExports();
		const profiles = openProfiles({ folder: dir, write: confWrite(PROFILES_FILE) });
		profiles.save(newProfile('a', new Date()));
		profiles.save(newProfile('b', new Date()));
		expect(profiles.list().map(({ id }) => id)).toEqual(['a', 'b']);
		const identities = openIdentities({ folder: dir });
		expect(identities.load()).toEqual(identities.load());
	});
});

describe('a virus scanner', () => {
	test.each(['EPERM', 'EACCES', 'EBUSY'])('refuses renames for a moment (%s): everything is saved', async (code) => {
		pretend('win32');
		const calls = refusing(code, 'rename', 3);
		expect((await get()).code).toBe(0);
		expect(fs.readdirSync(dir)).toEqual(BOTH);
		expect(calls()).toBe(5);
	});

	test('holds a .part when it is opened again, and when it is removed', async () => {
		pretend('win32');
		fs.writeFileSync(join(dir, 'IMG_0001.JPG'), bytes);
		fs.writeFileSync(join(dir, 'IMG_0001~2.JPG.part'), bytes.subarray(0, 20_000));
		refusing('EBUSY', 'open', 2);
		refusing('EPERM', 'unlink', 2);
		// Without pieces the file is fetched, found to be there already, and its .part removed.
		const { code, stdout } = await get(dir, { operations: WITH_PARTS.filter((operation) => operation !== 0x101b) });
		expect(code).toBe(0);
		expect(stdout).toContain('1 skipped');
		expect(fs.readdirSync(dir)).toEqual(BOTH);
	});

	test('holds what is in a folder of ours that is removed', async () => {
		pretend('win32');
		const folder = await emptyFolder();
		refusing('EBUSY', 'rm', 3);
		await folder.remove();
		expect(fs.existsSync(folder.path)).toBe(false);
	});

	test("holds the software camera's memory for a moment", async () => {
		pretend('win32');
		const file = join(dir, 'state.json');
		const pairings = await Pairings.load(file);
		refusing('EPERM', 'rename', 3);
		await pairings.add({ uuid: 'u', name: 'studio' });
		expect((await Pairings.load(file)).list()).toEqual([{ uuid: 'u', name: 'studio' }]);
	});

	test('is not waited for elsewhere: there a refusal is meant, and ends the get with 73', async () => {
		pretend('linux');
		const calls = refusing('EPERM', 'rename', Number.POSITIVE_INFINITY);
		await expect(get()).rejects.toMatchObject({ code: 'destinationUnwritable', exitCode: 73 });
		expect(calls()).toBe(1);
	});

	test('that does not let go of a folder of ours does not fail what was done in it', async () => {
		const folder = await emptyFolder();
		refusing('EACCES', 'rm', Number.POSITIVE_INFINITY);
		await expect(folder.remove()).resolves.toBeUndefined();
		fs.rmSync(folder.path, { recursive: true });
	});
});

describe('a folder that is a file', () => {
	/** On Windows there is just nothing (ENOENT) below a file. */
	beforeEach(() => {
		const { statSync } = untouchedSync;
		const statBelow = ((path: string, options: { throwIfNoEntry?: false }) => {
			try {
				return statSync(path, options);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
				if (options?.throwIfNoEntry === false) return undefined;
				throw refusal('ENOENT', 'stat');
			}
		}) as typeof fs.statSync;
		Object.assign(fs, { statSync: statBelow });
		syncBuiltinESMExports();
		fs.writeFileSync(join(dir, 'FILE'), '');
	});

	test.each([[['FILE']], [['FILE', 'below']]])('as --config-dir %j: told, reading and writing', (parts) => {
		const folder = join(dir, ...parts);
		const profiles = openProfiles({ folder, write: confWrite(PROFILES_FILE) });
		const told = expect.objectContaining({
			code: 'settingsUnwritable',
			message: expect.stringContaining('a part of its path is not a folder'),
		});
		expect(() => profiles.list()).toThrow(told);
		expect(() => profiles.save(newProfile('a', new Date()))).toThrow(told);
		expect(() => openIdentities({ folder }).exists()).toThrow(told);
	});

	test('as the folder of --state', async () => {
		const { readFile } = untouched;
		force({
			readFile: ((path: string, ...rest: []) =>
				String(path).startsWith(join(dir, 'FILE'))
					? Promise.reject(refusal('ENOENT', 'open'))
					: readFile(path, ...rest)) as typeof fs.promises.readFile,
		});
		await expect(Pairings.load(join(dir, 'FILE', 'state.json'))).rejects.toMatchObject({
			code: 'usage',
			message: expect.stringContaining('not a folder'),
		});
	});

	test('as --to: told once, with 73', async () => {
		await expect(get(join(dir, 'FILE'))).rejects.toMatchObject({
			code: 'destinationUnwritable',
			exitCode: 73,
			message: expect.stringContaining('is not a folder'),
		});
	});
});

test('at the prompt the session goes on when nothing can be saved', async () => {
	await using camera = await oddCamera({ objects: [one], operations: WITH_PARTS });
	fs.writeFileSync(join(dir, 'FILE'), '');
	const { end, stderr, stdout } = await runBuiltin({
		port: camera.port,
		input: `get --all --to ${join(dir, 'FILE')}\nls\n`,
		job: { keepalive: 'never' },
	});
	expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
	expect(stderr).toContain('--to');
	expect(stdout).toContain('IMG_0001.JPG');
});
