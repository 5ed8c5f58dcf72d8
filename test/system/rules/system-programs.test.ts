import { expect, test } from 'vitest';
import { systemPath } from '#system/rules/system-path.ts';
import { windowsProgram } from '#system/rules/windows-programs.ts';

test("Windows' programs are named in full, wherever Windows is", () => {
	expect(windowsProgram('netsh', { SystemRoot: 'D:\\WINNT' })).toBe('D:\\WINNT\\System32\\netsh.exe');
	expect(windowsProgram('arp', {})).toBe('C:\\Windows\\System32\\arp.exe');
	expect(windowsProgram('powershell', {})).toBe('C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe');
});

test.each([
	['/usr/local/bin:/usr/bin', '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin'],
	['.:/opt/bin::bin:../x', '/opt/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin'],
	['', '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin'],
	[undefined, '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin'],
])('PATH %j has no entry that depends on the current folder', (path, expected) => {
	expect(systemPath(path)).toBe(expected);
});
