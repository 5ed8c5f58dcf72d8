import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { widthOf } from '#base/table.ts';
import { run } from '#commands/profiles/run.ts';
import { newProfile } from '#contract/profile.ts';
import { expectMode } from '../../support/systems.ts';
import { savedSettings } from '../saved.ts';

const studio = {
	...newProfile('studio', new Date('2026-01-31T12:00:00Z')),
	model: 'Canon PowerShot ELPH 130 IS',
	mac: '00:1e:8f:00:00:01',
	lastUsed: new Date(2026, 0, 31, 18, 5).toISOString(), // by the clock on the wall
	toolArgs: ['--filename', 'a b'],
	chdk: true,
};
const garden = newProfile('garden', new Date('2026-01-31T12:00:00Z'));

function saved(options?: Parameters<typeof savedSettings>[0]) {
	const all = savedSettings(options);
	all.deps.profiles.saveAll([studio, garden]);
	return all;
}

describe('list', () => {
	test('is a table', async () => {
		const { deps, said } = saved();
		expect(await run({ do: 'list' }, deps)).toMatchObject({ exitCode: 0 });
		expect(said.text).toBe(
			[
				'PROFILE  MODEL                        TOOL     LAST USED',
				'studio   Canon PowerShot ELPH 130 IS  builtin  2026-01-31 18:05',
				'garden   unknown                      builtin  never',
				'',
			].join('\n'),
		);
	});

	test('fits a narrow window', async () => {
		const { deps, said } = saved({ columns: 40 });
		await run({ do: 'list' }, deps);
		expect(Math.max(...said.text.split('\n').map(widthOf))).toBeLessThanOrEqual(40);
		expect(said.text).toContain('studio\n  MODEL      Canon PowerShot ELPH 130 IS\n  TOOL       builtin\n');
	});

	test('says what to do when there is none', async () => {
		const { deps, said } = savedSettings();
		await run({ do: 'list' }, deps);
		expect(said.text).toBe('No camera is saved yet. Run `canon-wifi pair` to pair one.\n');
	});

	test('is one complete event per profile for a program', async () => {
		const { deps, said } = saved({ json: true });
		expect(await run({ do: 'list' }, deps)).toEqual({ exitCode: 0, found: { profiles: ['studio', 'garden'] } });
		expect(said).toEqual({
			text: '',
			events: [
				{ type: 'profile', ...studio },
				{ type: 'profile', ...garden },
			],
		});
	});

	test('never lets a name that came from a camera move the cursor', async () => {
		const { deps, said } = savedSettings();
		deps.profiles.save({ ...garden, model: 'Evil\u001b[2J' });
		await run({ do: 'list' }, deps);
		await run({ do: 'show', profile: 'garden' }, deps);
		expect(said.text).not.toContain('\u001b');
		expect(said.text).toContain('Evil\\x1b[2J');
	});
});

test('show prints every field', async () => {
	const { deps, said } = saved();
	await run({ do: 'show', profile: 'studio' }, deps);
	expect(said.text).toContain('studio\n  model        Canon PowerShot ELPH 130 IS\n  serial       not known\n');
	for (const key of ['toolPath', 'interface', 'name']) expect(said.text).toMatch(new RegExp(`^  ${key} +not set$`, 'm'));
	expect(said.text).toMatch(/^ {2}os +auto$/m);
	expect(said.text).toContain("  toolArgs     --filename 'a b'\n");
	expect(said.text).toContain('  chdk         yes\n');
	expect(said.text).toContain('  os           auto\n');
});

test.each(['show', 'remove', 'set', 'rename'])('%s of an unknown profile names the likely one first', async (what) => {
	const { deps } = saved();
	const call = { do: what, profile: 'gardn', changes: ['tool=gphoto2'], newName: 'x' } as unknown as Parameters<typeof run>[0];
	await expect(run(call, deps)).rejects.toMatchObject({ code: 'noProfile', exitCode: 66, next: 'Saved cameras: garden, studio.' });
});

describe('set', () => {
	test('changes several keys at once, spelled as in show or as flags', async () => {
		const { deps, said } = saved();
		const changes = [
			'tool=chdkptp',
			'tool-path=/opt/chdkptp.sh',
			`toolArgs=-i "-e lua x = 'y'" a\\ b`,
			'os=auto',
			'mac=00-1E-8F-AA-BB-CC',
			'model=',
			'unlock=Never',
		];
		await run({ do: 'set', profile: 'studio', changes }, deps);
		expect(deps.profiles.get('studio')).toEqual({
			...studio,
			tool: 'chdkptp',
			toolPath: '/opt/chdkptp.sh',
			toolArgs: ['-i', "-e lua x = 'y'", 'a b'],
			os: null,
			mac: '00:1e:8f:aa:bb:cc',
			model: null,
			unlock: 'never',
		});
		expect(said.text).toContain('studio: tool is chdkptp, toolPath is /opt/chdkptp.sh');
	});

	test.each([
		['tool', '"tool" is not KEY=VALUE.', 'Keys are: tool, toolPath,'],
		['=x', '"=x" is not KEY=VALUE.', 'Keys are: '],
		['tol=builtin', 'A profile has no key "tol".', 'Did you mean tool?'],
		['__proto__=x', 'A profile has no key "__proto__".', 'Keys are: '],
		['tool=hammer', 'tool must be one of gphoto2, chdkptp, builtin, none, not "hammer".', 'nothing was changed'],
		['lastAddress=10.0.0.256', 'lastAddress must be an IPv4 address like 192.168.1.20, not "10.0.0.256".', 'nothing'],
		['mac=1', 'mac must be a MAC address like 00:1e:8f:12:34:56, not "1".', 'nothing'],
		['name=a:b', 'name cannot be shown on a camera: it contains ":", where the camera cuts the name off, not "a:b".', 'nothing'],
		['toolArgs="x', `toolArgs has a quotation mark without its other half, not ""x".`, 'nothing'],
		['id=x', 'The id of a profile is not set like a value.', 'profiles rename'],
		['serial=1', 'serial is learnt from the camera and cannot be set.', 'next connection'],
	])('refuses %s, and changes nothing', async (wrong, message, next) => {
		const { deps } = saved();
		await expect(run({ do: 'set', profile: 'studio', changes: ['os=dryos', wrong] }, deps)).rejects.toMatchObject({
			exitCode: 64,
			message,
			next: expect.stringContaining(next),
		});
		expect(deps.profiles.get('studio')).toEqual(studio);
	});

	test('refuses no key, and the same key twice', async () => {
		const { deps } = saved();
		await expect(run({ do: 'set', profile: 'studio', changes: [] }, deps)).rejects.toMatchObject({ exitCode: 64 });
		await expect(run({ do: 'set', profile: 'studio', changes: ['tool=none', 'tool=gphoto2'] }, deps)).rejects.toThrow(
			'tool is given twice.',
		);
	});
});

test('rename requires a valid and free name', async () => {
	const { deps } = saved();
	for (const to of ['garden', '', '../x', 'a b', 'x'.repeat(41)])
		await expect(run({ do: 'rename', profile: 'studio', newName: to }, deps)).rejects.toMatchObject({ exitCode: 64 });
	await run({ do: 'rename', profile: 'studio', newName: 'attic' }, deps);
	expect(deps.profiles.list()).toEqual([{ ...studio, id: 'attic' }, garden]);
});

test('remove says what it forgot', async () => {
	const { deps, said } = saved();
	expect(await run({ do: 'remove', profile: 'studio' }, deps)).toMatchObject({ found: { removed: 'studio' } });
	expect(said.text).toBe('Removed studio (Canon PowerShot ELPH 130 IS). The camera itself still knows this computer.\n');
	expect(deps.profiles.list()).toEqual([garden]);
});

test('path prints the file', async () => {
	const { deps, said, folder } = saved();
	await run({ do: 'path' }, deps);
	expect(said.text).toBe(`${path.join(folder, 'profiles.json')}\n`);
});

describe('export and import', () => {
	test('transfer every profile to another computer, by file or by pipe', async () => {
		const here = saved();
		const file = path.join(here.home, 'cameras.json');
		await run({ do: 'export', file, flags: {} }, here.deps);
		await run({ do: 'export', file: undefined, flags: {} }, here.deps);
		expectMode(file, 0o600);
		const piped = here.said.text.slice(here.said.text.indexOf('{'));
		expect(JSON.parse(piped)).toEqual({ version: 1, profiles: [studio, garden] });

		for (const [from, there] of [[file, savedSettings()] as const, ['-', savedSettings({ stdin: piped })] as const]) {
			await run({ do: 'import', file: from, flags: {} }, there.deps);
			expect(there.deps.profiles.list()).toEqual([studio, garden]);
			expect(there.said.text).toBe('2 profiles imported: studio, garden.\n');
		}
	});

	test('an export does not overwrite a file unless told to', async () => {
		const { deps, home } = saved();
		const file = path.join(home, 'mine.txt');
		fs.writeFileSync(file, 'precious');
		await expect(run({ do: 'export', file, flags: {} }, deps)).rejects.toMatchObject({ exitCode: 64 });
		expect(fs.readFileSync(file, 'utf8')).toBe('precious');
		await run({ do: 'export', file, flags: { force: true } }, deps);
		expect(JSON.parse(fs.readFileSync(file, 'utf8')).version).toBe(1);
		await expect(run({ do: 'export', file: path.join(home, 'no', 'such', 'folder'), flags: {} }, deps)).rejects.toMatchObject({
			exitCode: 78,
		});
	});

	test('an import that would replace a camera needs --force; the same camera again is no clash', async () => {
		const changed = JSON.stringify({ version: 1, profiles: [{ ...garden, tool: 'gphoto2' }, { ...studio }, { id: 'new' }] });
		const { deps, home } = saved();
		const file = path.join(home, 'in.json');
		fs.writeFileSync(file, changed);
		await expect(run({ do: 'import', file, flags: {} }, deps)).rejects.toMatchObject({
			exitCode: 64,
			message: expect.stringContaining('garden is saved already'),
		});
		expect(deps.profiles.list()).toEqual([studio, garden]);
		await run({ do: 'import', file, flags: { force: true } }, deps);
		expect(deps.profiles.list()).toEqual([studio, { ...garden, tool: 'gphoto2' }, newProfile('new', new Date('2026-02-01T08:30:00Z'))]);
	});

	test.each([
		['', 'it is empty'],
		['{', 'it is not JSON'],
		['{"version":3,"profiles":[]}', 'it was written by a newer canon-wifi (format 3)'],
		[
			JSON.stringify({ version: 1, profiles: [studio, { ...garden, unlock: 'perhaps' }] }),
			'profiles[1].unlock is none of auto, always, never',
		],
		[
			JSON.stringify({ version: 1, profiles: [{ id: 'constructor' }] }),
			'the profile name "constructor" cannot be used: that word is reserved',
		],
	])('an import of %j changes nothing', async (text, why) => {
		const { deps } = savedSettings({ stdin: text });
		await expect(run({ do: 'import', file: '-', flags: {} }, deps)).rejects.toMatchObject({
			code: 'badImport',
			exitCode: 78,
			message: `The input cannot be imported: ${why}.`,
		});
		expect(fs.existsSync(deps.profiles.path)).toBe(false);
	});

	test('an import of a missing file says so', async () => {
		const { deps, home } = saved();
		await expect(run({ do: 'import', file: path.join(home, 'gone'), flags: {} }, deps)).rejects.toThrow('there is no such file');
		await expect(run({ do: 'import', file: home, flags: {} }, deps)).rejects.toThrow('it is a folder');
	});
});
