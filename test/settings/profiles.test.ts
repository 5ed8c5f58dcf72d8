import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { newProfile } from '#contract/profile.ts';
import { confWrite } from '#settings/conf-write.ts';
import { openProfiles } from '#settings/profiles.ts';
import { PROFILES_FILE } from '#settings/rules/judge.ts';
import { skipUnless } from '../support/skip.ts';
import { expectMode, NO_SYMLINKS, symlinks, windows } from '../support/systems.ts';

const now = () => new Date('2026-01-31T12:00:00Z');
const studio = { ...newProfile('studio', now()), model: 'Canon PowerShot ELPH 130 IS', mac: '00:1e:8f:00:00:01' };
const garden = newProfile('garden.2', now());

let folder: string;
let file: string;
const open = () => openProfiles({ folder, write: confWrite(PROFILES_FILE), now });
const onDisk = () => JSON.parse(fs.readFileSync(file, 'utf8'));
const names = () => fs.readdirSync(folder).sort();

beforeEach(() => {
	folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-profiles-')), 'config', 'canon-wifi');
	file = path.join(folder, 'profiles.json');
});

describe('saved cameras', () => {
	test('do not exist at first, and reading creates nothing', () => {
		expect(open().list()).toEqual([]);
		expect(open().get('studio')).toBeUndefined();
		expect(fs.existsSync(folder)).toBe(false);
	});

	test('are there for the next program, in a folder and a file that only their owner can use', () => {
		open().save(studio);
		open().save(garden);
		expect(open().list()).toEqual([studio, garden]);
		expect(open().get('garden.2')).toEqual(garden);
		expect(onDisk()).toEqual({ version: 1, profiles: [studio, garden] });
		expectMode(folder, 0o700);
		expectMode(file, 0o600);
		expect(names()).toEqual(['profiles.json']);
	});

	test.skipIf(skipUnless(!windows, 'Windows has other rights than these'))(
		'lose the rights of others that the file had, by reading alone',
		() => {
			open().save(studio);
			fs.chmodSync(file, 0o644);
			open().list();
			expectMode(file, 0o600);
			fs.chmodSync(file, 0o666);
			open().save(garden);
			expectMode(file, 0o600);
		},
	);

	test('keep unknown fields', () => {
		open().save(studio);
		fs.writeFileSync(
			file,
			JSON.stringify({ version: 1, colour: 'red', profiles: [{ ...studio, lens: 'fisheye', deep: { 'a.b': [1] } }, garden] }),
		);
		open().save({ ...studio, lastAddress: '192.168.1.9' });
		open().rename('studio', 'attic');
		expect(onDisk()).toEqual({
			version: 1,
			colour: 'red',
			profiles: [{ ...studio, id: 'attic', lastAddress: '192.168.1.9', lens: 'fisheye', deep: { 'a.b': [1] } }, garden],
		});
	});

	test('are renamed, changed and removed one by one', () => {
		open().saveAll([studio, garden]);
		expect(() => open().rename('studio', 'garden.2')).toThrow('There is already a profile "garden.2".');
		expect(() => open().rename('nobody', 'x')).toThrow(expect.objectContaining({ code: 'noProfile', exitCode: 66 }));
		expect(() => open().remove('nobody')).toThrow(expect.objectContaining({ code: 'noProfile', next: 'Saved cameras: studio, garden.2.' }));
		expect(open().update('studio', (before) => ({ ...before, tool: 'gphoto2' }))).toEqual({ ...studio, tool: 'gphoto2' });
		open().rename('studio', 'attic');
		open().remove('garden.2');
		expect(open().list()).toEqual([{ ...studio, id: 'attic', tool: 'gphoto2' }]);
	});

	test('cannot be saved in a form that could not be read again', () => {
		open().save(garden);
		expect(() => open().save({ ...studio, mac: 'not a MAC' })).toThrow(/schema/);
		expect(open().list()).toEqual([garden]);
		expect(names()).toEqual(['profiles.json']);
	});

	test.skipIf(skipUnless(symlinks, NO_SYMLINKS))('may be a link to a file elsewhere, which stays a link', () => {
		open().save(studio);
		const elsewhere = path.join(path.dirname(folder), 'dotfiles.json');
		fs.renameSync(file, elsewhere);
		fs.symlinkSync(elsewhere, file);
		open().save(garden);
		expect(fs.lstatSync(file).isSymbolicLink()).toBe(true);
		expect(JSON.parse(fs.readFileSync(elsewhere, 'utf8')).profiles).toHaveLength(2);
	});
});

describe('a file that cannot be read', () => {
	test.each(['', '{"version":1,"profiles":[', '{"version":1,"profiles":[{"id":"studio"}]}', '\0'.repeat(200)])(
		'is kept aside and told once (%#)',
		(text) => {
			open().save(studio);
			fs.writeFileSync(file, text);
			const kept = path.join(folder, 'profiles.damaged-20260131T120000Z.json');
			expect(() => open().list()).toThrow(
				expect.objectContaining({
					code: 'settingsDamaged',
					exitCode: 78,
					message: `${file} could not be read and was moved to ${kept}.`,
				}),
			);
			expect(fs.readFileSync(kept, 'utf8')).toBe(text);
			expect(open().list()).toEqual([]);
			open().save(garden);
			expect(open().list()).toEqual([garden]);
			expect(fs.readFileSync(kept, 'utf8')).toBe(text);
		},
	);

	test('never gets the name of an older damaged file', () => {
		for (const text of ['first', 'second', 'third']) {
			fs.mkdirSync(folder, { recursive: true });
			fs.writeFileSync(file, text);
			expect(() => open().save(studio)).toThrow(expect.objectContaining({ code: 'settingsDamaged' }));
		}
		expect(names()).toEqual(['', '-2', '-3'].map((nth) => `profiles.damaged-20260131T120000Z${nth}.json`).sort());
		expect(fs.readFileSync(path.join(folder, 'profiles.damaged-20260131T120000Z.json'), 'utf8')).toBe('first');
	});

	test('from a newer program is not changed', () => {
		fs.mkdirSync(folder, { recursive: true });
		fs.writeFileSync(file, '{"version":2}');
		for (const use of [() => open().list(), () => open().save(studio)])
			expect(use).toThrow(
				expect.objectContaining({ code: 'settingsNewer', message: `${file} was written by a newer canon-wifi (format 2).` }),
			);
		expect(fs.readFileSync(file, 'utf8')).toBe('{"version":2}');
		expect(names()).toEqual(['profiles.json']);
	});

	test('because it is a folder, or because its folder is a file, is reported', () => {
		fs.mkdirSync(file, { recursive: true });
		expect(() => open().list()).toThrow(
			expect.objectContaining({ code: 'settingsUnwritable', message: `${file} could not be read or written: it is a folder.` }),
		);
		fs.rmSync(folder, { recursive: true });
		fs.writeFileSync(folder, '');
		expect(() => open().save(studio)).toThrow(expect.objectContaining({ code: 'settingsUnwritable', exitCode: 78 }));
	});
});
