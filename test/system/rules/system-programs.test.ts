import { expect, test } from 'vitest';
import { systemEnv, systemPath } from '#system/rules/system-path.ts';
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

test("the system's own programs come before the user's, and never from the current folder", () => {
	expect(systemEnv({ PATH: '.:bin::/home/me/bin:/bin', HOME: '/home/me' })).toEqual({
		PATH: '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin:/home/me/bin',
		HOME: '/home/me',
	});
	expect(systemEnv({}).PATH).toBe('/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/sbin');
});
