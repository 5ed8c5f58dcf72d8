import { expect, test } from 'vitest';
import { listenError } from '#system/listen-error.ts';

const failed = (code: string) => Object.assign(new Error(`bind ${code}`), { code });
const at = { protocol: 'UDP', address: '192.168.1.20', port: 1900 } as const;

test('a port that somebody else has', () => {
	expect(listenError(failed('EADDRINUSE'), at)).toMatchObject({
		code: 'portTaken',
		exitCode: 69,
		message: expect.stringMatching(/UDP.*1900|1900.*UDP/),
	});
});

test('on Windows, EACCES is a UDP port that is not shared, and a TCP port in an excluded range', () => {
	expect(listenError(failed('EACCES'), at, 'win32')).toMatchObject({ code: 'portTaken', exitCode: 69, cause: { code: 'EACCES' } });
	const excluded = listenError(failed('EACCES'), { ...at, protocol: 'TCP', port: 8043 }, 'win32');
	expect(excluded).toMatchObject({ code: 'portExcluded', exitCode: 69, cause: { code: 'EACCES' } });
	expect(excluded.next).toContain('--desc-port PORT');
	expect(excluded.next).toContain('netsh interface ipv4 show excludedportrange protocol=tcp');
});

test.each([
	['EACCES', 'the system does not let this program use that port'],
	['EADDRNOTAVAIL', 'this computer no longer has that address'],
	['ENODEV', 'that interface has no multicast'],
	['ESOMETHING', 'bind ESOMETHING'],
])('%s is said in words', (code, why) => {
	const error = listenError(failed(code), { ...at, protocol: 'TCP' }, 'linux');
	expect(error).toMatchObject({ code: 'cannotListen', exitCode: 69, cause: { code } });
	expect(error.message).toContain('TCP port 1900 of 192.168.1.20');
	expect(error.message).toContain(why);
});
