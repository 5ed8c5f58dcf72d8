/** Neighbours beside an address that has no subnet of its own. Tables as Linux 6.1 prints them on a little-endian computer. */
import { expect, test } from 'vitest';
import { mayBeNeighbour, type NetworkInterface } from '#network/rules/networks.ts';
import { withOnLink } from '#network/rules/on-link.ts';

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
/** Destination and mask in the numbers of an address, as people write them. */
const route = (name: string, destination: string, mask: string, flags = '0001', gateway = '0.0.0.0') =>
	[name, hex(destination), hex(gateway), flags, 0, 0, 0, hex(mask), 0, 0, 0].join('\t');
const hex = (address: string) =>
	address
		.split('.')
		.reverse()
		.map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
		.join('');
const table = (...routes: string[]) => `${[HEAD, ...routes].join('\n')}\n`;

const eth = (address: string, prefix: number, more: Partial<NetworkInterface> = {}): NetworkInterface => ({
	name: 'eth0',
	kind: 'cable',
	mac: '02:00:00:00:00:01',
	address,
	prefix,
	...more,
});
const neighbours = (network: NetworkInterface, routes: string, addresses: string[]) => {
	const [known = network] = withOnLink([network], routes);
	return addresses.filter((address) => mayBeNeighbour(known, address));
};

test('an address with /32 has the hosts and networks of routes without a router as neighbours', () => {
	const routes = table(
		route('eth0', '10.77.0.45', '255.255.255.255', '0005'),
		route('eth0', '10.78.0.0', '255.255.255.0'),
		route('eth0', '10.79.0.0', '255.255.255.0', '0003', '10.78.0.1'), // behind a router
		route('eth0', '10.80.0.45', '255.255.255.255', '0205'), // refused
		route('wlan0', '10.81.0.0', '255.255.255.0'),
	);
	const asked = ['10.77.0.45', '10.77.0.46', '10.78.0.7', '10.78.0.255', '10.79.0.7', '10.80.0.45', '10.81.0.7'];
	expect(neighbours(eth('10.77.0.20', 32), routes, asked)).toEqual(['10.77.0.45', '10.78.0.7']);
	expect(neighbours(eth('10.77.0.20', 32, { name: 'eth0:1' }), routes, asked)).toEqual(['10.77.0.45', '10.78.0.7']);
});

test('an address with a peer has the peer, or the network behind the cable, as neighbours', () => {
	const peer = route('eth0', '10.9.0.2', '255.255.255.255', '0005');
	expect(neighbours(eth('192.168.9.1', 32), table(peer), ['10.9.0.2', '192.168.9.2'])).toEqual(['10.9.0.2']);
	const network = route('eth0', '10.9.0.0', '255.255.255.0');
	expect(neighbours(eth('192.168.9.1', 24), table(network), ['10.9.0.2', '10.9.1.2'])).toEqual(['10.9.0.2']);
});

test('if the own subnet has a route, other routes add no neighbours', () => {
	const routes = table(route('eth0', '10.77.0.0', '255.255.255.0'), route('eth0', '10.99.0.0', '255.255.255.0'));
	const known = withOnLink([eth('10.77.0.20', 24)], routes);
	expect(known).toEqual([eth('10.77.0.20', 24)]);
});

test('a default route, or one to half of the internet, does not make everyone a neighbour', () => {
	const routes = table(route('eth0', '0.0.0.0', '0.0.0.0'), route('eth0', '0.0.0.0', '128.0.0.0'), route('eth0', '128.0.0.0', '128.0.0.0'));
	expect(neighbours(eth('10.77.0.20', 32), routes, ['10.77.0.45', '8.8.8.8', '200.1.1.1'])).toEqual([]);
});

test('the subnet of another address of the same interface belongs to that address', () => {
	const routes = table(route('eth0', '192.168.1.0', '255.255.255.0'), route('eth0', '10.77.0.45', '255.255.255.255'));
	const [one] = withOnLink([eth('10.77.0.20', 32), eth('192.168.1.20', 24)], routes);
	expect(one?.onLink).toEqual([{ address: '10.77.0.45', prefix: 32 }]);
});

test('an unreadable or senseless table gives no neighbours', () => {
	for (const odd of ['', 'eth0\tXX\t\t', table('eth0\t2D004D0A\t00000000\tZZ\t0\t0\t0\tFFFFFFFF')])
		expect(withOnLink([eth('10.77.0.20', 32)], odd)).toEqual([eth('10.77.0.20', 32, { onLink: [] })]);
});
