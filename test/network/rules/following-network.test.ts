import { describe, expect, test } from 'vitest';
import type { WantedNetwork } from '#network/rules/choosing-network.ts';
import { followNetwork, networkLost, networkMoved } from '#network/rules/following-network.ts';
import type { NetworkInterface, NetworkKind } from '#network/rules/networks.ts';

const net = (name: string, kind: NetworkKind, address: string, prefix = 24): NetworkInterface => ({
	name,
	kind,
	address,
	prefix,
	mac: '02:00:00:00:00:01',
});
const lo = net('lo', 'loopback', '127.0.0.1', 8);
const wlan = net('wlan0', 'wifi', '192.168.1.20');
const again = net('wlan1', 'wifi', '192.168.1.20');
const eth = net('eth0', 'cable', '10.0.0.5');
const docker = net('docker0', 'virtual', '172.17.0.1', 16);

const follow = (all: NetworkInterface[], wanted: WantedNetwork = {}, current = wlan, home = wlan) =>
	followNetwork([lo, ...all], { current, home, wanted });

describe('what was not given by hand follows what a fresh start would choose', () => {
	test.each<[string, NetworkInterface[], WantedNetwork, NetworkInterface]>([
		['what is there stays', [wlan], {}, wlan],
		['also when a network comes that would be as good', [eth, wlan], {}, wlan],
		['or a cable into the same network', [net('eth0', 'cable', '192.168.1.21'), wlan], {}, wlan],
		['a new address of the interface', [net('wlan0', 'wifi', '192.168.7.33'), eth], {}, net('wlan0', 'wifi', '192.168.7.33')],
		['a corrected mask', [net('wlan0', 'wifi', '192.168.1.20', 16)], {}, net('wlan0', 'wifi', '192.168.1.20', 16)],
		['the same address on another interface', [eth, again], {}, again],
		['the same network on another interface', [eth, net('wlan1', 'wifi', '192.168.1.33')], {}, net('wlan1', 'wifi', '192.168.1.33')],
		['the only other network', [eth, docker], {}, eth],
		['the interface of the profile when it comes', [eth, wlan], { usual: ['eth0'] }, eth],
		['the network around --camera', [eth, wlan], { camera: '10.0.0.45' }, eth],
		['a real address in the place of a link-local one', [net('wlan0', 'linkLocal', '169.254.7.7', 16), wlan], {}, wlan],
	])('%s', (_what, all, wanted, network) => {
		expect(follow(all, wanted)).toEqual({ network });
	});

	test('the one that the program began with, when it is there again', () => {
		expect(follow([eth, wlan], {}, eth)).toEqual({ network: wlan });
		expect(follow([eth, net('wlan0', 'wifi', '192.168.7.33')], {}, eth)).toEqual({ network: net('wlan0', 'wifi', '192.168.7.33') });
		expect(follow([eth], {}, eth)).toEqual({ network: eth });
	});

	test('a link-local address gives way to a real one', () => {
		const made = net('wlan0', 'linkLocal', '169.254.7.7', 16);
		expect(follow([made, wlan], {}, made, made)).toEqual({ network: wlan });
	});

	test('of two addresses in one network the announced one stays', () => {
		expect(follow([net('wlan0', 'wifi', '192.168.1.99'), wlan])).toEqual({ network: wlan });
	});

	test('nothing: where a fresh start would ask, or only a virtual network is left', () => {
		const both = [eth, net('wlan1', 'wifi', '10.9.0.5')];
		expect(follow(both)).toEqual({ instead: both });
		expect(follow([docker])).toEqual({ instead: [docker] });
		expect(follow([])).toEqual({ instead: [] });
	});
});

describe('what was given by hand is waited for', () => {
	test('an interface, whatever else there is; its own new address is used', () => {
		const wanted = { interface: 'wlan0' };
		expect(follow([eth, wlan], wanted)).toEqual({ network: wlan });
		expect(follow([eth, again], wanted)).toMatchObject({ instead: expect.arrayContaining([again]) });
		expect(follow([eth], wanted)).toEqual({ instead: [eth] });
		expect(follow([eth, net('wlan0', 'wifi', '192.168.7.33')], wanted)).toEqual({ network: net('wlan0', 'wifi', '192.168.7.33') });
	});

	test('an address, on whichever interface it is', () => {
		const wanted = { address: '192.168.1.20' };
		expect(follow([eth, again], wanted)).toEqual({ network: again });
		expect(follow([eth, net('wlan0', 'wifi', '192.168.1.33')], wanted)).toHaveProperty('instead');
	});

	test('both, only together', () => {
		expect(follow([again], { interface: 'wlan0', address: '192.168.1.20' })).toHaveProperty('instead');
	});
});

describe('in words', () => {
	const lost = (wanted: WantedNetwork, instead: NetworkInterface[]) => networkLost({ current: wlan, home: wlan, wanted }, instead);

	test('the old and the new', () => {
		expect(networkMoved(wlan, net('wlan0', 'wifi', '192.168.1.33')).message).toBe(
			'wlan0 now has the address 192.168.1.33 instead of 192.168.1.20.',
		);
		expect(networkMoved(wlan, again).message).toBe('Cameras are now answered on wlan1, 192.168.1.20, instead of wlan0, 192.168.1.20.');
	});

	test('what is waited for, and what could be used instead', () => {
		expect(lost({}, [])).toMatchObject({
			message: 'wlan0 has lost its address 192.168.1.20: no camera can find this computer until it has one again.',
			next: "Connect wlan0 to the camera's network again.",
		});
		expect(lost({ interface: 'wlan0' }, [eth])).toMatchObject({
			message: 'wlan0 has lost its address 192.168.1.20: no camera can find this computer until it is back, since --interface asks for it.',
			next: "Connect wlan0 to the camera's network again. Or start again with --interface eth0 to use eth0, 10.0.0.5.",
		});
		expect(lost({ address: wlan.address, addressFlag: 'LAN_IP' }, [net('wlan0', 'wifi', '192.168.1.33')])).toMatchObject({
			message: expect.stringContaining('since LAN_IP asks for it.'),
			next: expect.stringContaining('Or start again with --address 192.168.1.33 to use wlan0, 192.168.1.33.'),
		});
		expect(lost({}, [eth, again]).next).toContain('Or start again with --interface NAME: eth0 or wlan1.');
	});
});
