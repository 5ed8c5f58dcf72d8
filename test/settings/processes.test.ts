/** Several real processes on one settings folder, and users without rights. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { configDir } from '#settings/config-dir.ts';
import { skipUnless } from '../support/skip.ts';
import { type Ran, runProgram, settingsProgram } from './settings-process.ts';

let folder: string;
beforeEach(() => {
	folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-race-')), 'canon-wifi');
});

const succeeded = (ran: Ran): string => {
	expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
	return ran.stdout.trim();
};

describe('processes that start at once', () => {
	let load: string;
	let save: string;
	beforeAll(async () => {
		// Each waits for the file `go`, so that they really meet.
		const gate = `while (!fs.existsSync(arg.split(',')[1])) await new Promise((wait) => setImmediate(wait));`;
		load = await settingsProgram(`${gate} console.log(openIdentities({ folder, onWarning: console.log }).load().uuid)`);
		save = await settingsProgram(`${gate}
			const profiles = openProfiles({ folder, write: confWrite(PROFILES_FILE) });
			for (let n = 0; n < 5; n++) profiles.save(newProfile(arg.split(',')[0] + '-' + n, new Date()));`);
	});

	async function together(program: string, count: number): Promise<string[]> {
		const go = `${folder}.go`;
		const running = Array.from({ length: count }, (_, n) => runProgram([process.execPath, program, folder, `p${n},${go}`]));
		fs.writeFileSync(go, '');
		return (await Promise.all(running)).map(succeeded);
	}

	test('end up with one identity', async () => {
		const uuids = await together(load, 8);
		expect(new Set(uuids)).toHaveLength(1);
		expect(JSON.parse(fs.readFileSync(path.join(folder, 'identity.json'), 'utf8')).uuid).toBe(uuids[0]);
		expect(fs.readdirSync(folder)).toEqual(['identity.json']);
	});

	test('repair a damaged identity once', async () => {
		const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
		fs.mkdirSync(folder);
		fs.writeFileSync(path.join(folder, 'identity.json'), `{"uuid": "${uuid}"`);
		const said = await together(load, 6);
		expect(said.filter((text) => text.includes('was moved to'))).toHaveLength(1);
		expect(said.every((text) => text.endsWith(uuid))).toBe(true);
		expect(fs.readdirSync(folder)).toHaveLength(2);
	});

	test('lose no profile of each other, and break the lock of a dead process once', async () => {
		fs.mkdirSync(folder);
		fs.writeFileSync(path.join(folder, 'profiles.json.lock'), `${2 ** 22 + 1} ${os.hostname()} gone\n`);
		await together(save, 4);
		const ids = JSON.parse(fs.readFileSync(path.join(folder, 'profiles.json'), 'utf8')).profiles.map(({ id }: { id: string }) => id);
		expect(ids.sort()).toEqual([0, 1, 2, 3].flatMap((p) => [0, 1, 2, 3, 4].map((n) => `p${p}-${n}`)));
		expect(fs.readdirSync(folder)).toEqual(['profiles.json']);
	});
});

describe('a user without permissions', () => {
	const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : [];
	const skip = skipUnless(process.platform !== 'win32', 'Windows has other rights than these');
	let tell: string;
	beforeAll(async () => {
		tell = await settingsProgram(`
			try {
				if (arg === 'load') openIdentities({ folder }).load();
				else openProfiles({ folder, write: confWrite(PROFILES_FILE) })[arg](...(arg === 'save' ? [newProfile('x', new Date())] : []));
				console.log('done');
			} catch (error) { console.log(error.code + ': ' + error.message); }`);
		for (const readable of [tell, path.dirname(tell)]) fs.chmodSync(readable, 0o755);
	});
	const run = async (what: string) => succeeded(await runProgram([...asUser, process.execPath, tell, folder, what]));

	test.skipIf(skip)('gets an error that the folder cannot be written, and nothing is created', async () => {
		fs.chmodSync(path.dirname(folder), 0o555);
		expect(await run('load')).toBe(`settingsUnwritable: ${folder}/identity.json could not be read or written: permission denied.`);
		expect(await run('save')).toBe(`settingsUnwritable: ${folder}/profiles.json could not be read or written: permission denied.`);
		expect(await run('list')).toBe('done');
	});

	test.skipIf(skip)('can read settings that cannot be written, and a damaged file stays in place', async () => {
		fs.mkdirSync(folder);
		const file = path.join(folder, 'profiles.json');
		fs.writeFileSync(file, '{"version":1,"profiles":[]}');
		for (const part of [path.dirname(folder), folder]) fs.chmodSync(part, 0o755);
		if (process.getuid?.() !== 0) fs.chmodSync(folder, 0o555);
		expect(await run('list')).toBe('done');
		expect(await run('save')).toBe(`settingsUnwritable: ${file} could not be read or written: permission denied.`);
		if (process.getuid?.() !== 0) fs.chmodSync(folder, 0o755);
		fs.writeFileSync(file, 'damaged', { mode: 0o644 });
		fs.chmodSync(file, 0o644);
		if (process.getuid?.() !== 0) fs.chmodSync(folder, 0o555);
		expect(await run('list')).toBe(`settingsUnwritable: ${file} could not be read or written: permission denied.`);
		expect(fs.readFileSync(file, 'utf8')).toBe('damaged');
		fs.chmodSync(folder, 0o755);
	});

	test.skipIf(skip)('gets an error that a file cannot be read', async () => {
		fs.mkdirSync(folder);
		const file = path.join(folder, 'profiles.json');
		fs.writeFileSync(file, '{"version":1,"profiles":[]}', { mode: 0o000 });
		for (const part of [path.dirname(folder), folder]) fs.chmodSync(part, 0o755);
		// The owner may narrow and so open it again: only somebody else's file is out of reach.
		if (process.getuid?.() === 0)
			expect(await run('list')).toBe(`settingsUnwritable: ${file} could not be read or written: permission denied.`);
		else expect(await run('list')).toMatch(/^(?:settingsUnwritable|done)/);
	});

	test('gets an error that the disk is full, and no partial file is left', async (context) => {
		const disk = path.dirname(folder);
		const size = 'size=16k,mode=777';
		const mounted =
			process.getuid?.() === 0 && (await runProgram(['mount', '-t', 'tmpfs', '-o', size, 'canon-wifi-test', disk])).exitCode === 0;
		const why = 'only root on Linux can make a disk that small';
		if (skipUnless(mounted, why)) context.skip(why);
		try {
			fs.mkdirSync(folder);
			fs.chmodSync(folder, 0o777);
			const full = `settingsUnwritable: ${folder}/profiles.json could not be read or written: the disk is full.`;
			// Room for the lock, none for the settings; then for neither.
			for (const filler of [12_288, 4096]) {
				fs.writeFileSync(path.join(disk, `filler-${filler}`), 'x'.repeat(filler));
				expect(await run('save')).toBe(full);
				expect(fs.readdirSync(folder)).toEqual([]);
			}
		} finally {
			await runProgram(['umount', disk]);
		}
	});
});

describe('a disk without fsync and file modes', () => {
	const bareDisk = ['--require', fileURLToPath(new URL('../hooks/bare-disk.cjs', import.meta.url))];

	test.each(['profiles', 'identity'])('stores the %s, new and changed', async (what) => {
		const program = await settingsProgram(
			what === 'profiles'
				? `const profiles = openProfiles({ folder, write: confWrite(PROFILES_FILE) });
					for (const id of ['a', 'b']) profiles.save(newProfile(id, new Date()));
					console.log(profiles.list().map(({ id }) => id).join());`
				: `const identities = openIdentities({ folder });
					const { uuid } = identities.load();
					identities.save({ ...identities.load(), name: 'studio' });
					console.log(identities.load().uuid === uuid && identities.load().name);`,
		);
		const ran = await runProgram([process.execPath, ...bareDisk, program, folder]);
		expect(succeeded(ran)).toBe(what === 'profiles' ? 'a,b' : 'studio');
		expect(fs.readdirSync(folder)).toEqual([`${what}.json`]);
	});
});

test('the settings are where conf itself would put them', async () => {
	const home = fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-home-'));
	const program = await settingsProgram(`console.log(new Conf({ projectName: 'canon-wifi', projectSuffix: '' }).path)`);
	const { XDG_CONFIG_HOME: _, CANON_WIFI_CONFIG_DIR: __, ...rest } = process.env;
	const env = { ...rest, HOME: home, ...(process.platform === 'win32' ? { APPDATA: path.join(home, 'AppData', 'Roaming') } : {}) };
	const here = configDir(undefined, env);
	// Windows has its temporary folders, and so this home, in the real home folder.
	const own = here.startsWith(home) ? here : here.replace(os.homedir(), home);
	expect(path.dirname(succeeded(await runProgram([process.execPath, program], env)))).toBe(own);
});
