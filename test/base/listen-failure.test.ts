import { describe, expect, test } from 'vitest';
import { anotherPortHelps, listenFailure, portsToTry } from '#base/listen-failure.ts';

const ssdp = (code: string | undefined, platform: string) => listenFailure(code, { protocol: 'UDP', port: 1900, platform });
const http = (code: string | undefined, platform: string, port = 8043) => listenFailure(code, { protocol: 'TCP', port, platform });

describe('listening on a port that another program has', () => {
	test.each(['linux', 'darwin', 'win32'])('fails with EADDRINUSE on %s', (platform) => {
		expect(ssdp('EADDRINUSE', platform)).toEqual({ kind: 'taken' });
		expect(http('EADDRINUSE', platform)).toEqual({ kind: 'taken' });
	});

	test('fails with EACCES on Windows if it is UDP and not shared', () => {
		expect(ssdp('EACCES', 'win32')).toEqual({ kind: 'taken' });
	});
});

test('EACCES of a TCP port on Windows means an excluded range', () => {
	expect(http('EACCES', 'win32')).toEqual({ kind: 'excluded' });
	expect(http('EPERM', 'win32')).toEqual({ kind: 'excluded' });
	expect(http('EACCES', 'win32', 80)).toEqual({ kind: 'excluded' }); // no port is for an administrator alone there
});

test.each(['linux', 'darwin'])('EACCES on %s means missing permissions, and another port does not help', (platform) => {
	for (const code of ['EACCES', 'EPERM']) {
		expect(http(code, platform)).toEqual({ kind: 'other', why: 'the system does not let this program use that port' });
		expect(http(code, platform, 80)).toEqual({ kind: 'other', why: 'ports below 1024 are for root' });
		expect(anotherPortHelps(ssdp(code, platform))).toBe(false);
	}
});

test.each([
	['EADDRNOTAVAIL', 'this computer no longer has that address'],
	['ENODEV', 'that interface has no multicast'],
	['ENETDOWN', 'the network is down'],
	['EMFILE', 'this program has too many files and sockets open'],
	['ESOMETHING', 'ESOMETHING'],
	[undefined, 'the system does not say why'],
])('%s becomes a text for people on every system', (code, why) => {
	for (const platform of ['linux', 'darwin', 'win32']) expect(http(code, platform)).toEqual({ kind: 'other', why });
});

test('only the wanted port is tried, or also those after it and then any free one', () => {
	expect(portsToTry(8043, false, 20)).toEqual([8043]);
	expect(portsToTry(0, false, 20)).toEqual([0]);
	expect(portsToTry(8043, true, 3)).toEqual([8043, 8044, 8045, 0]);
	expect(portsToTry(65_534, true, 20)).toEqual([65_534, 65_535, 0]);
});
