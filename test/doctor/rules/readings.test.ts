import { describe, expect, test } from 'vitest';
import { answersCameras, readLsof, readNetstat, readProcNet, readTasklist } from '#doctor/rules/holders.ts';
import { readIpRouteGet, readProcRoute, readRouteGet, readRoutePrint } from '#doctor/rules/routes.ts';

test('/proc/net/udp and udp6: little-endian words', () => {
	const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1234: 0101A8C0:076C 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 54321 2 0000000000000000 0
 1235: 00000000000000000000000000000000:076C 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99 2 0000000000000000 0
 1236: 0000000000000000FFFF00000100007F:1F6B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 2 0 0
`;
	expect(readProcNet(udp)).toEqual([
		{ address: '192.168.1.1', port: 1900, inode: '54321', state: 7 },
		{ address: '::', port: 1900, inode: '99', state: 7 },
		{ address: '127.0.0.1', port: 8043, inode: '7', state: 10 },
	]);
});

test('lsof -F pcn', () => {
	expect(readLsof('p321\ncSpotify\nf40\nn*:1900\np7\ncmDNS\nf9\nn192.168.1.2:1900\nn[::1]:1900\n')).toEqual([
		{ pid: 321, program: 'Spotify', address: '0.0.0.0' },
		{ pid: 7, program: 'mDNS', address: '192.168.1.2' },
		{ pid: 7, program: 'mDNS', address: '::1' },
	]);
});

test('netstat -ano and tasklist, in any language', () => {
	const netstat =
		'\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n  UDP    0.0.0.0:1900           *:*                                    4321\r\n  UDP    [::1]:1900             *:*                                    4321\r\n  UDP    0.0.0.0:19000          *:*                                    5\r\n  TCP    0.0.0.0:8043           0.0.0.0:0              ABHÖREN         77\r\n  TCP    10.0.0.1:8043          10.0.0.2:5000          HERGESTELLT     78\r\n';
	expect(readNetstat(netstat, 'udp', 1900)).toEqual([
		{ pid: 4321, program: null, address: '0.0.0.0' },
		{ pid: 4321, program: null, address: '::1' },
	]);
	expect(readNetstat(netstat, 'tcp', 8043).map(({ pid }) => pid)).toEqual([77]);
	expect(readNetstat('  UDP    0.0.0.0:1900           *:*\r\n', 'udp', 1900)).toEqual([{ pid: null, program: null, address: '0.0.0.0' }]);
	expect(readTasklist('"svchost.exe","4321","Services","0","12,345 K"\r\n')).toBe('svchost.exe');
	expect(readTasklist('INFO: No tasks are running which match the specified criteria.\r\n')).toBeUndefined();
});

test('the default route: the smallest metric, and a VPN that takes the two halves', () => {
	const head = 'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n';
	const lan =
		'eth0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\nwlan0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\nwlan0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n';
	expect(readProcRoute(head + lan)).toBe('wlan0');
	expect(readProcRoute(`${head}${lan}tun0\t00000000\t0108000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n`)).toBe('tun0');
	expect(readProcRoute(`${head}dummy0\t00000000\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n`)).toBeUndefined(); // 0.0.0.0/8
	expect(readProcRoute(head)).toBeUndefined();
	expect(
		readRouteGet('   route to: 198.51.100.1\ndestination: 128.0.0.0\n       mask: 128.0.0.0\n    gateway: 10.8.0.1\n  interface: utun4\n'),
	).toBe('utun4');
	expect(readIpRouteGet('198.51.100.1 dev wg0 table 51820 src 10.2.0.2 uid 1000 \n    cache \n')).toBe('wg0'); // wg-quick: no route of the main table
	expect(readIpRouteGet('198.51.100.1 via 192.168.1.1 dev wlan0 src 192.168.1.20 uid 1000 \n    cache \n')).toBe('wlan0');
	expect(readIpRouteGet('RTNETLINK answers: Network is unreachable\n')).toBeUndefined();
});

describe('route print -4', () => {
	const line = (destination: string, mask: string, gateway: string, by: string, metric: number) =>
		`${destination.padStart(17)}${mask.padStart(17)}${gateway.padStart(17)}${by.padStart(17)}${String(metric).padStart(7)}\r\n`;
	const lan = line('0.0.0.0', '0.0.0.0', '192.168.1.1', '192.168.1.20', 35);
	const net = line('192.168.1.0', '255.255.255.0', 'On-link', '192.168.1.20', 291);
	const persistent = '===========\r\nPersistent Routes:\r\n          0.0.0.0          0.0.0.0     10.9.9.9  Default \r\n';

	test.each(['On-link', 'Auf Verbindung', 'En vínculo', 'On-link '])('a VPN whose default route is "%s" wins by its metric', (onLink) => {
		expect(readRoutePrint(lan + line('0.0.0.0', '0.0.0.0', onLink, '10.8.0.2', 5) + net + persistent)).toBe('10.8.0.2');
	});

	test('a VPN that takes the two halves wins over any default', () => {
		const halves = line('0.0.0.0', '128.0.0.0', '10.8.0.1', '10.8.0.2', 281) + line('128.0.0.0', '128.0.0.0', '10.8.0.1', '10.8.0.2', 281);
		expect(readRoutePrint(halves.slice(0, halves.length / 2) + lan + halves.slice(halves.length / 2) + net)).toBe('10.8.0.2');
		expect(readRoutePrint(lan + net + persistent)).toBe('192.168.1.20');
		expect(readRoutePrint(net + line('127.0.0.0', '255.0.0.0', 'On-link', '127.0.0.1', 331))).toBeUndefined();
	});
});

test('a command line of ours that answers cameras, and those that do not', () => {
	const says = (line: string) => answersCameras(`${line}\0`.replaceAll(' ', '\0').split('\0'));
	for (const line of [
		'node /usr/bin/canon-wifi serve 10.0.0.1',
		'/usr/bin/node --no-warnings /opt/x/bin/canon-wifi.mjs --json connect studio',
		'canon-wifi hold -- sh',
	])
		expect(says(line), line).toBe(true);
	for (const line of [
		'node /usr/bin/canon-wifi simulate',
		'node /usr/bin/canon-wifi doctor',
		'node server.mjs serve',
		'vi /home/me/canon-wifi.md',
		'node /usr/bin/canon-wifi simulate -- serve',
	])
		expect(says(line), line).toBe(false);
});
