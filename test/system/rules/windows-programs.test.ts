import { expect, test } from 'vitest';
import { windowsProgram } from '#system/rules/windows-programs.ts';

test.each([
	[{ SystemRoot: 'C:\\Windows' }, 'C:\\Windows\\System32\\taskkill.exe'],
	[{ SYSTEMROOT: 'D:\\WINNT' }, 'D:\\WINNT\\System32\\taskkill.exe'],
	[{}, 'C:\\Windows\\System32\\taskkill.exe'],
	[{ SystemRoot: '' }, 'C:\\Windows\\System32\\taskkill.exe'],
])('with %j a program of Windows is named by its full path', (env, path) => {
	expect(windowsProgram('taskkill', env)).toBe(path);
});
