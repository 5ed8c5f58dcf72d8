import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { confWrite } from '#settings/conf-write.ts';
import { openIdentities } from '#settings/identities.ts';
import { IDENTITY_FILE } from '#settings/rules/judge.ts';
import { expectMode } from '../support/systems.ts';

const now = () => new Date('2026-01-31T12:00:00Z');
const old = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

let folder: string;
let file: string;
let warnings: string[];
const open = () => openIdentities({ folder, now, onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`) });
const onDisk = () => JSON.parse(fs.readFileSync(file, 'utf8'));

beforeEach(() => {
	folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-identity-')), 'canon-wifi');
	file = path.join(folder, 'identity.json');
	warnings = [];
});

test('the identity is made once and saved before it is returned', () => {
	expect(open().exists()).toBe(false);
	const made = open().load();
	expect(made).toEqual({
		uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
		name: null,
		created: '2026-01-31T12:00:00.000Z',
	});
	expect(onDisk()).toEqual({ version: 1, ...made });
	expect(open().load()).toEqual(made);
	expect(open().exists()).toBe(true);
	expectMode(file, 0o600);
	expectMode(folder, 0o700);
	expect(fs.readdirSync(folder)).toEqual(['identity.json']);
});

test('an identity that cannot be saved is never returned', () => {
	fs.writeFileSync(folder, 'a file where the folder should be');
	expect(() => open().load()).toThrow(expect.objectContaining({ code: 'settingsUnwritable' }));
});

test.each(['plain', 'conf'])('a changed identity keeps unknown fields (%s)', (how) => {
	open().load();
	fs.writeFileSync(file, JSON.stringify({ version: 1, uuid: old, name: null, created: now().toISOString(), 'a.b': 1 }));
	const identities = openIdentities({ folder, ...(how === 'conf' ? { write: confWrite(IDENTITY_FILE) } : {}) });
	identities.save({ ...identities.load(), name: 'studio' });
	expect(onDisk()).toEqual({ version: 1, uuid: old, name: 'studio', created: now().toISOString(), 'a.b': 1 });
	expectMode(file, 0o600);
});

test('conf can create the file too', () => {
	openIdentities({ folder, now, write: confWrite(IDENTITY_FILE), makeUuid: () => old }).load();
	expect(onDisk()).toEqual({ version: 1, uuid: old, name: null, created: now().toISOString() });
});

test('a damaged file is moved aside, and its UUID stays in use', () => {
	fs.mkdirSync(folder);
	fs.writeFileSync(file, `{"version":1,"name":"studio","uuid":"${old}`);
	expect(open().load()).toEqual({ uuid: old, name: 'studio', created: now().toISOString() });
	expect(warnings).toEqual([expect.stringContaining(`moved to ${path.join(folder, 'identity.damaged-20260131T120000Z.json')}`)]);
	expect(open().load().uuid).toBe(old);
	expect(warnings).toHaveLength(1);
	expect(fs.readFileSync(path.join(folder, 'identity.damaged-20260131T120000Z.json'), 'utf8')).toContain(old);
});

test('a damaged file that another process repairs at the same moment is read again', () => {
	fs.mkdirSync(folder);
	fs.writeFileSync(file, `{"version":1,"name":"studio","uuid":"${old}`);
	vi.spyOn(fs, 'readFileSync').mockImplementationOnce(() => {
		open().load(); // keeps the file aside, so that it is gone for a moment
		throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
	});
	expect(open().load()).toEqual({ uuid: old, name: 'studio', created: now().toISOString() });
	expect(warnings).toHaveLength(1);
});

test('saving over a damaged file moves it aside too', () => {
	fs.mkdirSync(folder);
	fs.writeFileSync(file, `garbage ${old}`);
	open().save({ uuid: old, name: 'attic', created: now().toISOString() });
	expect(onDisk().name).toBe('attic');
	expect(fs.readdirSync(folder)).toEqual(['identity.damaged-20260131T120000Z.json', 'identity.json']);
});

test('the loss of a damaged file without a UUID is reported, and only the next run makes a new UUID', () => {
	fs.mkdirSync(folder);
	fs.writeFileSync(file, '');
	expect(() => open().load()).toThrow(expect.objectContaining({ code: 'settingsDamaged' }));
	expect(fs.readdirSync(folder)).toEqual(['identity.damaged-20260131T120000Z.json']);
	expect(open().load().uuid).not.toBe(old);
});

describe('a UUID that was made because the old one could not be read', () => {
	const damaged = () => path.join(folder, 'identity.damaged-20260131T120000Z.json');
	const lost = () =>
		`identityLost: This computer has a new UUID, because ${damaged()} could not be read: cameras that were paired before no longer know it.`;

	beforeEach(() => {
		fs.mkdirSync(folder);
		fs.writeFileSync(file, '{"version":1,');
		expect(() => open().load()).toThrow(expect.objectContaining({ code: 'settingsDamaged' }));
	});

	test('is reported once at every start', () => {
		const identities = open();
		const { uuid } = identities.load();
		identities.load();
		expect(warnings).toEqual([lost()]);
		expect(open().load().uuid).toBe(uuid);
		expect(warnings).toEqual([lost(), lost()]);
	});

	test('is still reported after a change of the name, but not after a change of the UUID', () => {
		const made = open().load();
		open().save({ ...made, name: 'attic' });
		warnings = [];
		expect(open().load().name).toBe('attic');
		expect(warnings).toEqual([lost()]);
		open().save({ ...made, uuid: old });
		warnings = [];
		expect(open().load().uuid).toBe(old);
		expect(warnings).toEqual([]);
	});

	test('is no longer reported when the damaged file is gone', () => {
		open().load();
		fs.rmSync(damaged());
		warnings = [];
		open().load();
		expect(warnings).toEqual([]);
	});

	test('is not reported if identity new made it', () => {
		open().save({ uuid: old, name: null, created: now().toISOString() });
		expect(open().load().uuid).toBe(old);
		expect(warnings).toEqual([]);
	});
});

test('a damaged file that cannot be read does not prevent a new identity, and its loss is reported', () => {
	// A folder of that name cannot be read as a file, by root neither.
	fs.mkdirSync(path.join(folder, 'identity.damaged-20260130T120000Z.json'), { recursive: true });
	const { uuid } = open().load();
	expect(onDisk().uuid).toBe(uuid);
	expect(warnings).toEqual([expect.stringMatching(/^identityLost: /)]);
});

test('a newer file is not changed', () => {
	fs.mkdirSync(folder);
	fs.writeFileSync(file, `{"version":7,"uuid":"${old}"}`);
	expect(() => open().load()).toThrow(expect.objectContaining({ code: 'settingsNewer' }));
	expect(onDisk()).toEqual({ version: 7, uuid: old });
});
