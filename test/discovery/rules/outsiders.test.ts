import { expect, test } from 'vitest';
import { OUTSIDERS_KEPT, Outsiders, outsideWords } from '#discovery/rules/outsiders.ts';
import type { NetworkInterface, NetworkKind } from '#network/rules/networks.ts';

const net = (name: string, address: string, prefix = 24, kind: NetworkKind = 'cable', more: Partial<NetworkInterface> = {}) => ({
	name,
	address,
	prefix,
	kind,
	mac: '02:00:00:00:00:01',
	...more,
});
const eth = net('eth0', '10.77.0.20', 30);

test('devices that search for root devices from outside are remembered, the most active first', () => {
	const outsiders = new Outsiders();
	for (const from of ['10.77.0.66', '10.77.0.45', '10.77.0.45']) outsiders.searched(from, 'upnp:rootdevice', eth);
	outsiders.searched('10.77.0.77', 'urn:dial-multiscreen-org:service:dial:1', eth);
	for (const from of ['0.0.0.0', '255.255.255.255', '239.255.255.250', '127.0.0.1', '10.77.0.23', 'fe80::1', ''])
		outsiders.searched(from, 'upnp:rootdevice', eth); // 10.77.0.23 is the subnet's broadcast address
	expect(outsiders.addresses).toEqual(['10.77.0.45', '10.77.0.66']);
	outsiders.clear();
	expect(outsiders.addresses).toEqual([]);
});

test('forged senders fill neither memory nor screen, and do not displace the camera', () => {
	const outsiders = new Outsiders();
	for (let n = 0; n < 20_000; n++) {
		outsiders.searched(`10.${80 + (n >> 14)}.${(n >> 6) & 255}.${1 + (n & 63)}`, 'upnp:rootdevice', eth);
		if (n % 50 === 0) outsiders.searched('10.77.0.45', 'upnp:rootdevice', eth);
	}
	expect(outsiders.addresses).toHaveLength(OUTSIDERS_KEPT);
	expect(outsiders.addresses[0]).toBe('10.77.0.45');
	const words = outsideWords(outsiders.addresses, eth, [eth]);
	expect(words).toMatch(/^10\.77\.0\.45, \S+, \S+ and 61 more search for a computer, but are outside /);
	expect(words.length).toBeLessThan(400);
});

test.each<[string, string, NetworkInterface, NetworkInterface[], string]>([
	['in another network of this computer', '192.168.1.45', eth, [net('wlan0', '192.168.1.20')], '--interface wlan0.'],
	['in another network of the same interface', '192.168.1.45', eth, [net('eth0', '192.168.1.20')], '--address 192.168.1.20.'],
	[
		'in one of several networks of another interface',
		'192.168.1.45',
		eth,
		[net('wlan0', '10.3.0.1'), net('wlan0', '192.168.1.20')],
		'--address 192.168.1.20.',
	],
	['behind a wrong mask', '10.77.0.45', eth, [], 'correct the subnet mask of eth0 or of the camera'],
	['with an address that it made up', '169.254.3.4', eth, [], 'it got no address from the router'],
	[
		'and there is a link-local address here',
		'169.254.3.4',
		eth,
		[net('eth0', '169.254.7.7', 16, 'linkLocal')],
		'choose its network with --address 169.254.7.7.',
	],
	[
		'beside an address with /32',
		'10.77.0.45',
		net('eth0', '10.77.0.20', 32, 'cable', { onLink: [] }),
		[],
		'`ip route add 10.77.0.45 dev eth0`',
	],
	['beside an address with /32 where routes cannot be seen', '10.77.0.45', net('en0', '10.77.0.20', 32), [], 'this system does not show'],
])('the text about a camera %s says what to do', (_where, from, announced, others, cure) => {
	const words = outsideWords([from], announced, [announced, ...others, net('lo', '127.0.0.1', 8, 'loopback')]);
	expect(words).toContain(`${from} searches for a computer, but is outside the network of ${announced.name}`);
	expect(words).toContain(cure);
});
