import { describe, expect, test } from 'vitest';
import { isCanonMac } from '#contract/oui.ts';
import { macInTable, radiosOf } from '#network/rules/neighbour-table.ts';

/** In the layout that each system prints; addresses invented. */
const PROC_NET_ARP = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.1      0x1         0x2         3c:7c:3f:a0:00:01     *        wlan0
192.168.1.33     0x1         0x2         2c:9e:fc:0a:0b:0c     *        wlan0
192.168.1.34     0x1         0x0         00:00:00:00:00:00     *        wlan0
192.168.1.3      0x1         0x2         02:00:00:00:00:03     *        wlan0
`;
const IP_NEIGH = `192.168.1.1 dev wlan0 lladdr 3c:7c:3f:a0:00:01 REACHABLE
192.168.1.33 dev wlan0 lladdr 2c:9e:fc:0a:0b:0c STALE
192.168.1.34 dev wlan0 FAILED
192.168.1.35 dev wlan0 INCOMPLETE
`;
const MACOS = `? (192.168.1.1) at 3c:7c:3f:a0:0:1 on en0 ifscope [ethernet]
? (192.168.1.33) at 0:1e:8f:a:b:c on en0 ifscope [ethernet]
? (192.168.1.34) at (incomplete) on en0 ifscope [ethernet]
? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]
`;
const WINDOWS = [
	'',
	'Schnittstelle: 192.168.1.20 --- 0xb',
	'  Internetadresse       Physische Adresse     Typ',
	'  192.168.1.1           3c-7c-3f-a0-00-01     dynamisch',
	'  192.168.1.33          2C-9E-FC-0A-0B-0C     dynamisch',
	'  192.168.1.255         ff-ff-ff-ff-ff-ff     statisch',
	'',
].join('\r\n');

describe.each([
	['/proc/net/arp', PROC_NET_ARP, '2c:9e:fc:0a:0b:0c'],
	['ip neigh', IP_NEIGH, '2c:9e:fc:0a:0b:0c'],
	['arp -an of macOS', MACOS, '00:1e:8f:0a:0b:0c'],
	['arp -a of Windows', WINDOWS, '2c:9e:fc:0a:0b:0c'],
])('%s', (_command, table, mac) => {
	test('contains the MAC of a neighbour', () => {
		expect(macInTable(table, '192.168.1.33')).toBe(mac);
		expect(macInTable(table, '192.168.1.1')).toBe('3c:7c:3f:a0:00:01');
	});

	test('gives no MAC for an address that did not answer, is missing, or only looks similar', () => {
		for (const address of ['192.168.1.34', '192.168.1.35', '192.168.1.99', '192.168.1.20', '92.168.1.33', '192.168.1'])
			expect(macInTable(table, address)).toBeUndefined();
	});
});

test('an address that is only complete in a later line is found there', () => {
	expect(macInTable('10.0.0.9 dev a FAILED\n10.0.0.9 dev b lladdr 02:00:00:00:00:09 REACHABLE\n', '10.0.0.9')).toBe('02:00:00:00:00:09');
});

test("macOS's hardware ports tell radios from cables", () => {
	const ports = `
Hardware Port: Ethernet
Device: en0
Ethernet Address: 3c:7c:3f:00:00:01

Hardware Port: Wi-Fi
Device: en1
Ethernet Address: 3c:7c:3f:00:00:02

Hardware Port: Thunderbolt Bridge
Device: bridge0
Ethernet Address: 36:00:00:00:00:00

VLAN Configurations
===================
`;
	expect([...radiosOf(ports)]).toEqual([
		['en0', false],
		['en1', true],
		['bridge0', false],
	]);
});

test.each([
	['2c:9e:fc:01:02:03', true], // seen on a 6D
	['00-BB-C1-01-02-03', true], // seen on a T6
	['9c:32:ce:00:00:00', true], // seen on a 1D X Mark II
	['00:00:85:ff:ff:ff', true],
	['f8:a2:6d:00:00:01', true],
	['3c:7c:3f:00:00:01', false],
	['2c:9e:fd:00:00:00', false],
	['', false],
])('%s is Canon: %s', (mac, canon) => {
	expect(isCanonMac(mac)).toBe(canon);
});
