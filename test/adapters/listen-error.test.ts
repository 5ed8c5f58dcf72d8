import { expect, test } from 'vitest';
import { listenError } from '../../src/adapters/listen-error.ts';

const failed = (code: string) => Object.assign(new Error(`bind ${code}`), { code });
const at = { protocol: 'UDP', address: '192.168.1.20', port: 1900 } as const;

test('a port that somebody else has', () => {
	expect(listenError(failed('EADDRINUSE'), at)).toMatchObject({
		code: 'portTaken',
		exitCode: 69,
		message: expect.stringMatching(/UDP.*1900|1900.*UDP/),
	});
});

test.each([
	['EACCES', 'this user may not use that port'],
	['EADDRNOTAVAIL', 'this computer no longer has that address'],
	['ENODEV', 'that interface has no multicast'],
	['ESOMETHING', 'bind ESOMETHING'],
])('%s is said in words', (code, why) => {
	const error = listenError(failed(code), { ...at, protocol: 'TCP' });
	expect(error).toMatchObject({ code: 'cannotListen', exitCode: 69, cause: { code } });
	expect(error.message).toContain('TCP port 1900 of 192.168.1.20');
	expect(error.message).toContain(why);
});
