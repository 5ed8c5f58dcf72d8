import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IdentityCall } from '#commands/identity/flags.ts';
import { oldUuid, run } from '#commands/identity/run.ts';
import { savedSettings } from '../saved.ts';

const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const first = '00000000-0000-4000-8000-000000000001';

function computer(options: { json?: boolean; conversation?: boolean; answer?: boolean } = {}) {
	const all = savedSettings(options);
	const asked: string[] = [];
	const deps = {
		...all.deps,
		hostname: 'livingroom.lan',
		makeUuid: () => uuid,
		confirm: options.conversation === true ? async (question: string) => asked.push(question) > 0 && (options.answer ?? false) : undefined,
	};
	return {
		...all,
		asked,
		onDisk: () => JSON.parse(fs.readFileSync(deps.identities.path, 'utf8')),
		run: (call: IdentityCall) => run(call, deps),
	};
}

test('show prints UUID, name and file, and makes the identity if there is none', async () => {
	const { run, said, onDisk, deps } = computer();
	expect(await run({ do: 'show' })).toEqual({
		exitCode: 0,
		found: { uuid: first, name: null, created: '2026-02-01T08:30:00.000Z', path: deps.identities.path },
	});
	expect(said.text).toContain(`  UUID   ${first}\n  name   livingroom (host name)\n`);
	expect(onDisk().uuid).toBe(first);
});

describe("import of an old helper's file", () => {
	test.each([uuid, `${uuid}\n`, `  ${uuid.toUpperCase()}\r\n`, `uuid:${uuid}`, `{${uuid}}\n`, `urn:uuid:${uuid}`, `\ufeff${uuid}`])(
		'takes %j',
		(text) => {
			expect(oldUuid('x', text)).toBe(uuid);
		},
	);

	test.each([
		'',
		'\n',
		'hello',
		`${uuid}x`,
		`${uuid} ${uuid}`,
		`<UDN>${uuid}</UDN>`,
		uuid.slice(1),
		'00000000-0000-0000-0000-000000000000',
	])('refuses %j', (text) => {
		expect(() => oldUuid('x', text)).toThrow(expect.objectContaining({ code: 'badImport', exitCode: 78 }));
	});

	test('replaces the UUID, keeps the name, and prints what it replaced', async () => {
		const { run, said, home, deps, onDisk } = computer();
		deps.identities.save({ ...deps.identities.load(), name: 'studio' });
		const file = path.join(home, 'ptpip-canon-helper.uuid');
		fs.writeFileSync(file, `${uuid.toUpperCase()}\n`);
		expect(await run({ do: 'import', file })).toMatchObject({
			exitCode: 0,
			found: { uuid, name: 'studio', changed: true, replaced: first },
		});
		expect(onDisk()).toMatchObject({ version: 1, uuid, name: 'studio' });
		expect(said.text).toContain(`Imported from ${file}. It replaces ${first}`);
		expect(await run({ do: 'import', file })).toMatchObject({ found: { changed: false } });
		expect(said.text).toContain('This computer has that UUID already.');
	});

	test('is the first identity, and nothing is said about replacing', async () => {
		const { run, said, home } = computer();
		const file = path.join(home, 'a.uuid');
		fs.writeFileSync(file, uuid);
		expect(await run({ do: 'import', file })).toMatchObject({ found: { replaced: null } });
		expect(said.text).not.toContain('replaces');
	});

	test('a file that is missing or something else changes nothing', async () => {
		const { run, home, deps } = computer();
		fs.writeFileSync(path.join(home, 'garbage'), 'garbage');
		for (const file of ['gone', 'garbage'])
			await expect(run({ do: 'import', file: path.join(home, file) })).rejects.toMatchObject({ code: 'badImport' });
		expect(deps.identities.exists()).toBe(false);
	});
});

describe('a new UUID', () => {
	test('requires consent, which a script gives with --yes', async () => {
		const { run, deps, asked } = computer();
		deps.identities.load();
		await expect(run({ do: 'new', flags: {} })).rejects.toMatchObject({
			code: 'missingAnswer',
			exitCode: 64,
			next: 'Give it with --yes.',
		});
		expect(deps.identities.load().uuid).toBe(first);
		expect(await run({ do: 'new', flags: { yes: true } })).toMatchObject({ found: { uuid, replaced: first } });
		expect(deps.identities.load().uuid).toBe(uuid);
		expect(asked).toEqual([]);
	});

	test.each([true, false])('asks a person after saying what it costs (%s)', async (answer) => {
		const { run, deps, asked } = computer({ conversation: true, answer });
		deps.identities.load();
		expect(await run({ do: 'new', flags: {} })).toMatchObject({ exitCode: 0, found: { changed: answer } });
		expect(asked).toEqual([expect.stringContaining('no longer know this computer')]);
		expect(deps.identities.load().uuid).toBe(answer ? uuid : first);
	});
});
