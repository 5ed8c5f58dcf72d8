import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { systemTables } from '#network/neighbours.ts';
import { runProgram, runProgramSync, systemCommand } from '#system/run-program.ts';

test('a program that is missing, fails or never ends is no exception', async () => {
	expect(await runProgram('canon-wifi-no-such-program', [])).toMatchObject({ missing: true });
	expect(await runProgram(process.execPath, ['-e', 'process.stderr.write("no"); process.exit(3)'])).toMatchObject({
		code: 3,
		stderr: 'no',
		missing: false,
	});
	expect(await runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])).toMatchObject({ code: null, missing: false });
});

test('a program can also be run while everything else waits', () => {
	expect(runProgramSync('canon-wifi-no-such-program', [], 1000)).toEqual({ stdout: '', stderr: '', code: null, missing: true });
	expect(runProgramSync(process.execPath, ['-e', 'process.stdout.write("yes"); process.exit(3)'], 10_000)).toMatchObject({
		code: 3,
		stdout: 'yes',
		missing: false,
	});
	expect(runProgramSync(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], 300)).toMatchObject({ code: null, missing: false });
});

test.skipIf(process.platform === 'win32' && 'a shell script stands in for the planted program')(
	'a program that lies in the current folder is not run, even if PATH says so',
	async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'canon-wifi-planted-'));
		const before = process.env.PATH;
		try {
			writeFileSync(path.join(folder, 'canon-wifi-planted'), '#!/bin/sh\necho planted\n', { mode: 0o755 });
			process.env.PATH = `${path.relative(process.cwd(), folder)}:${before}`;
			expect(await runProgram('canon-wifi-planted', [])).toMatchObject({ stdout: '', missing: true });
			expect(await systemTables().run('canon-wifi-planted', [])).toBe('');
			process.env.PATH = `${folder}:${before}`;
			expect((await runProgram('canon-wifi-planted', [])).stdout).toBe('planted\n'); // it does run
		} finally {
			process.env.PATH = before;
			rmSync(folder, { recursive: true });
		}
	},
);

test('on Windows, where the current folder comes before PATH, system programs are named in full', () => {
	const windows = (name: string) => systemCommand(name, 'win32', { SystemRoot: 'C:\\Windows', Path: 'C:\\x' });
	for (const name of ['netstat', 'netsh', 'route', 'tasklist', 'reg'])
		expect(windows(name)).toMatchObject({ file: `C:\\Windows\\System32\\${name}.exe`, env: { Path: 'C:\\x' } });
	expect(windows('D:\\tool.exe').file).toBe('D:\\tool.exe');
});
