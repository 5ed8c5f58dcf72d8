import { describe, expect, test } from 'vitest';
import { chooseNetwork, decidingFlag, nameSuffices } from '#network/rules/choosing-network.ts';
import { ipv4, mayBeNeighbour, type NetworkInterface, type NetworkKind, requireIpv4, sameSubnet } from '#network/rules/networks.ts';

const net = (name: string, kind: NetworkKind, address: string, prefix = 24): NetworkInterface => ({
	name,
	kind,
	address,
	prefix,
	mac: '02:00:00:00:00:01',
});
const lo = net('lo', 'loopback', '127.0.0.1', 8);
const wlan = net('wlan0', 'wifi', '192.168.1.20');
const eth = net('eth0', 'cable', '10.0.0.5', 16);
const docker = net('docker0', 'virtual', '172.17.0.1', 16);
const vpn = net('tun0', 'vpn', '10.8.0.2', 32);
const selfAssigned = net('eth1', 'linkLocal', '169.254.7.7', 16);
const plain = net('vcam0', 'unknown', '10.77.0.1');

test.each([
	['0.0.0.0', 0],
	['192.168.1.20', 0xc0a80114],
	['255.255.255.255', 0xffffffff],
	['01.2.3.4', undefined],
	['1.2.3', undefined],
	['1.2.3.4.5', undefined],
	['1.2.3.4.', undefined],
	['1.2.3.256', undefined],
	[' 1.2.3.4', undefined],
	['1.2.3.4\n', undefined],
	['', undefined],
])('%j as a number is %s', (text, number) => {
	expect(ipv4(text)).toBe(number);
});

test('a subnet is as large as its prefix says', () => {
	const at = (prefix: number, other: string) => sameSubnet({ address: '10.1.2.130', prefix }, other);
	expect([
		at(24, '10.1.2.1'),
		at(24, '10.1.3.130'),
		at(25, '10.1.2.1'),
		at(0, '200.1.1.1'),
		at(32, '10.1.2.130'),
		at(32, '10.1.2.131'),
	]).toEqual([true, false, false, true, true, false]);
});

test("neither the subnet's name nor its broadcast address is a neighbour", () => {
	const may = (prefix: number, address: string) => mayBeNeighbour({ address: '192.168.1.20', prefix }, address);
	expect([may(24, '192.168.1.0'), may(24, '192.168.1.255'), may(24, '192.168.1.1'), may(23, '192.168.0.255')]).toEqual([
		false,
		false,
		true,
		true,
	]);
	expect([may(31, '192.168.1.21'), may(31, '192.168.1.20')]).toEqual([true, true]); // point to point, RFC 3021
});

test.each([
	['', 'is empty'],
	['fe80::1', 'is an IPv6 address'],
	['fe80::1%wlan0', 'is an IPv6 address'],
	['::ffff:192.168.1.20', 'is an IPv6 address'],
	['[2001:db8::1]', 'is an IPv6 address'],
	['::', 'is an IPv6 address'],
	['localhost', 'is a name'],
	['my-laptop.local', 'is a name'],
	['büro', 'is a name'],
	['http://192.168.1.20/', 'is a URL'],
	['192.168.1.20:8043', 'has a port'],
	['192.168.1.0/24', 'is a subnet'],
	['192.168.1', 'does not have four numbers'],
	['3232235796', 'does not have four numbers'],
	['192.168.1.20.', 'does not have four numbers'],
	['192.168.001.020', 'leading zero'],
	['192.168.1.256', 'above 255'],
	[' 192.168.1.20', 'blanks'],
	['192,168,1,20', 'is not one'],
	['-1.2.3.4', 'is a name'],
	['\x1b[31m', 'is not one'],
])('%j is no IPv4 address: it %s', (given, why) => {
	expect(() => requireIpv4(given, 'LAN_IP')).toThrow(
		expect.objectContaining({ code: 'notIpv4', exitCode: 64, message: expect.stringContaining(why) }),
	);
});

describe('a network is chosen alone', () => {
	test.each<[string, NetworkInterface[], NetworkInterface, string]>([
		['when there is only one', [lo, wlan], wlan, 'only network'],
		['when the others are bridges and tunnels', [lo, docker, vpn, eth, selfAssigned], eth, 'eth1, docker0 and tun0'],
		['even under a name that says nothing', [lo, plain], plain, 'only network'],
		[
			'even if it is virtual, when nothing else is there',
			[lo, net('veth-a', 'virtual', '10.9.0.1')],
			net('veth-a', 'virtual', '10.9.0.1'),
			'only',
		],
		['even if its address is made up, when nothing else is there', [lo, selfAssigned, docker], selfAssigned, 'docker0'],
		[
			'when Wi-Fi and cable lead into the same network',
			[wlan, net('eth0', 'cable', '192.168.1.21')],
			net('eth0', 'cable', '192.168.1.21'),
			'same',
		],
		['when one interface has two addresses in the same network', [wlan, net('wlan0', 'wifi', '192.168.1.99')], wlan, 'only network'],
	])('%s', (_when, networks, chosen, why) => {
		expect(chooseNetwork(networks)).toEqual({ chosen, why: expect.stringContaining(why) });
	});
});

describe('a link-local address beside a real one of the same interface is left out', () => {
	const own = net('wlan0', 'linkLocal', '169.254.7.7', 16);
	const alias = net('wlan0:avahi', 'linkLocal', '169.254.7.7', 16);

	test.each([
		['named by hand', { interface: 'wlan0' }],
		['named by a profile', { usual: ['wlan0'] }],
		['named by a profile in other letters', { usual: ['WLAN0'] }],
		['the only one', {}],
	])('when the interface is %s', (_how, wanted) => {
		expect(chooseNetwork([lo, own, wlan], wanted)).toMatchObject({ chosen: wlan });
	});

	test('and does not count as another network in the reason', () => {
		for (const made of [own, alias]) expect(chooseNetwork([made, wlan])).toEqual({ chosen: wlan, why: 'it is the only network' });
	});

	test('and is not offered in a question', () => {
		expect(chooseNetwork([own, alias, wlan, eth])).toEqual({ ask: [wlan, eth], likely: [wlan, eth] });
	});

	test('unless it is the only address, or was given by a flag', () => {
		expect(chooseNetwork([own, eth], { usual: ['wlan0'] })).toMatchObject({ chosen: own });
		expect(chooseNetwork([own, wlan], { address: '169.254.7.7' })).toMatchObject({ chosen: own });
	});
});

describe('of several networks, the camera’s is chosen', () => {
	const second = net('wlan0', 'wifi', '10.0.0.9', 24);

	test.each([
		['on the interface of a profile', [wlan, second], { usual: ['wlan0'] }],
		['on the interface that was named', [wlan, second], { interface: 'wlan0' }],
		['among all', [wlan, net('eth0', 'cable', '10.0.0.9', 24)], {}],
	])('by where it was the last time, %s', (_where, networks, wanted) => {
		const at = (address: string) => chooseNetwork(networks, { ...wanted, lastAddresses: [address] });
		expect(at('192.168.1.45')).toMatchObject({ chosen: networks[0], why: 'the camera was in it the last time' });
		expect(at('10.0.0.45')).toMatchObject({ chosen: networks[1] });
		expect(at('172.16.0.45')).toHaveProperty('ask');
	});

	test('by the smallest network that contains the address', () => {
		const wide = net('eth0', 'cable', '10.0.5.5', 8);
		expect(chooseNetwork([wide, second], { lastAddresses: ['10.0.0.45'] })).toMatchObject({ chosen: second });
		expect(chooseNetwork([wide, second], { lastAddresses: ['10.0.9.45'] })).toMatchObject({ chosen: wide });
	});

	test('by the camera address given by a flag, before the profile', () => {
		const wanted = { usual: ['eth0'], lastAddresses: ['10.0.0.45'] };
		expect(chooseNetwork([eth, wlan], wanted)).toMatchObject({ chosen: eth });
		expect(chooseNetwork([eth, wlan], { ...wanted, camera: '192.168.1.45' })).toMatchObject({ chosen: wlan });
		expect(chooseNetwork([eth, lo], { ...wanted, camera: '127.0.0.1' })).toMatchObject({ chosen: eth });
	});
});

test('an address inside the subnet of another address of the same interface is not another network', () => {
	const virtual = net('wlan0', 'wifi', '192.168.1.99', 32);
	for (const networks of [
		[wlan, virtual],
		[virtual, wlan],
	])
		expect(chooseNetwork(networks, { usual: ['wlan0'] })).toMatchObject({ chosen: wlan });
});

test('a name decides the address, unless its interface is in several networks', () => {
	const second = net('wlan0', 'wifi', '10.3.0.1');
	expect(nameSuffices([wlan, eth], wlan)).toBe(true);
	expect(nameSuffices([wlan, second], second)).toBe(false);
	expect(nameSuffices([net('wlan0', 'linkLocal', '169.254.7.7', 16), wlan], wlan)).toBe(true);
	expect(nameSuffices([eth], wlan)).toBe(true); // it has just gone
	expect(decidingFlag([wlan, second, eth])).toContain('--address');
});

test('of the interfaces that profiles name, the first that is up is used', () => {
	expect(chooseNetwork([eth, wlan], { usual: ['wlan7', 'wlan0', 'eth0'] })).toEqual({ chosen: wlan, why: 'the profile names it' });
});

describe('a person must choose', () => {
	test('between two real networks; other networks are listed last', () => {
		expect(chooseNetwork([lo, vpn, docker, eth, wlan])).toEqual({ ask: [eth, wlan, docker, vpn], likely: [eth, wlan] });
	});

	test('between networks that only look the same', () => {
		expect(chooseNetwork([net('wlan0', 'wifi', '10.0.0.5'), eth])).toHaveProperty('ask');
	});
});

describe('a network named by a flag', () => {
	const all = [lo, wlan, eth, docker];

	test.each([
		[{ interface: 'wlan0' }, wlan],
		[{ interface: 'WLAN0' }, wlan],
		[{ interface: 'docker0' }, docker],
		[{ interface: 'lo' }, lo],
		[{ address: '10.0.0.5' }, eth],
		[{ address: '127.0.0.1' }, lo],
		[{ interface: 'eth0', address: '10.0.0.5' }, eth],
	])('%j is used', (wanted, chosen) => {
		expect(chooseNetwork(all, wanted)).toMatchObject({ chosen });
	});

	test('an interface is used with its address from DHCP', () => {
		const both = [net('wlan0', 'linkLocal', '169.254.1.1', 16), wlan];
		expect(chooseNetwork(both, { interface: 'wlan0' })).toMatchObject({ chosen: wlan });
	});

	test('an interface in several networks leads to a question', () => {
		const second = net('wlan0', 'wifi', '10.3.0.1');
		expect(chooseNetwork([wlan, second, eth], { interface: 'wlan0' })).toEqual({ ask: [wlan, second], likely: [wlan, second] });
		expect(decidingFlag([wlan, second])).toBe(`--address IPV4: ${wlan.address} or ${second.address}`);
		expect(decidingFlag([wlan, eth])).toBe('--interface NAME: wlan0 or eth0');
		expect(chooseNetwork([wlan, second, eth], { interface: 'wlan0', address: '10.3.0.1' })).toMatchObject({ chosen: second });
	});

	test.each([
		[{ interface: 'wlan1' }, 'noInterface', 69, 'lo, wlan0, eth0, docker0'],
		[{ interface: '' }, 'noInterface', 69, 'lo'],
		[{ address: '192.168.1.21' }, 'notOurAddress', 69, '192.168.1.20, 10.0.0.5, 172.17.0.1'],
		[{ address: '0.0.0.0' }, 'notOurAddress', 69, '192.168.1.20'],
		[{ address: 'eth0' }, 'notIpv4', 64, 'doctor'],
		[{ interface: 'wlan0', address: '10.0.0.5' }, 'usage', 64, 'only one of --interface and --address'],
		[{ interface: 'wlan9', address: '10.0.0.5' }, 'noInterface', 69, 'wlan0'],
		[{ interface: 'wlan0', address: '10.9.9.9' }, 'notOurAddress', 69, '192.168.1.20'],
	] as const)('%j is refused as %s', (wanted, code, exitCode, next) => {
		expect(() => chooseNetwork(all, wanted)).toThrow(expect.objectContaining({ code, exitCode, next: expect.stringContaining(next) }));
	});

	test('having no network throws noNetwork', () => {
		for (const networks of [[], [lo]])
			expect(() => chooseNetwork(networks)).toThrow(expect.objectContaining({ code: 'noNetwork', exitCode: 69 }));
	});
});
