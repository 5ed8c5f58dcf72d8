import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type InterfaceSystem, interfaceList, systemNetworks } from '#network/interfaces.ts';

const address = (ip: string, netmask: string, internal = false) => ({
	address: ip,
	netmask,
	family: 'IPv4',
	mac: '3C:7C:3F:00:00:01',
	internal,
});

function system(more: Partial<InterfaceSystem>): InterfaceSystem {
	return { platform: 'linux', addresses: () => ({}), sysClassNet: '/nowhere', hardwarePorts: () => '', routes: () => '', ...more };
}

test('IPv4 addresses are listed with the size of their subnet', () => {
	const list = interfaceList(
		system({
			addresses: () => ({
				lo: [address('127.0.0.1', '255.0.0.0', true)],
				eth0: [address('10.0.0.5', '255.255.240.0'), { ...address('fe80::1', 'ffff:ffff:ffff:ffff::'), family: 'IPv6' }],
				gone: undefined,
			}),
		}),
	);
	expect(list()).toEqual([
		{ name: 'lo', address: '127.0.0.1', prefix: 8, mac: '3c:7c:3f:00:00:01', kind: 'loopback' },
		{ name: 'eth0', address: '10.0.0.5', prefix: 20, mac: '3c:7c:3f:00:00:01', kind: 'cable' },
	]);
});

test('on Linux, /sys/class/net tells what stands behind a name', () => {
	const sysClassNet = mkdtempSync(join(tmpdir(), 'sys-class-net-'));
	const put = (path: string, text?: string) => {
		mkdirSync(join(sysClassNet, path, text === undefined ? '.' : '..'), { recursive: true });
		if (text !== undefined) writeFileSync(join(sysClassNet, path), text);
	};
	try {
		put('radio/wireless');
		put('radio/device');
		put('home/bridge');
		put('home/brif/port0');
		put('port0/device');
		put('machines/bridge');
		put('machines/brif/tap7');
		put('tap7/tun_flags', '0x1002\n');
		put('office/type', '65534\n'); // WireGuard under a name of its own
		put('uplink/device');
		put('uplink/type', '1\n');
		put('pair0/type', '1\n');
		const names = ['radio', 'home', 'machines', 'tap7', 'office', 'uplink', 'uplink:1', 'pair0', 'nowhere'];
		const list = interfaceList(
			system({ sysClassNet, addresses: () => Object.fromEntries(names.map((name) => [name, [address('10.0.0.1', '255.0.0.0')]])) }),
		);
		expect(Object.fromEntries(list().map(({ name, kind }) => [name, kind]))).toEqual({
			radio: 'wifi',
			home: 'cable',
			machines: 'virtual',
			tap7: 'vpn',
			office: 'vpn',
			uplink: 'cable',
			'uplink:1': 'cable',
			pair0: 'unknown',
			nowhere: 'unknown',
		});
	} finally {
		rmSync(sysClassNet, { recursive: true });
	}
});

test('on Linux, the routes tell who is a neighbour beside an address with /32', () => {
	const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t2D004D0A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
`;
	const on = (platform: string) =>
		interfaceList(system({ platform, routes: () => routes, addresses: () => ({ eth0: [address('10.77.0.20', '255.255.255.255')] }) }))();
	expect(on('linux')).toMatchObject([{ address: '10.77.0.20', prefix: 32, onLink: [{ address: '10.77.0.45', prefix: 32 }] }]);
	expect(on('darwin')[0]).not.toHaveProperty('onLink');
});

test('on macOS, the hardware ports are asked for once, and again when an adapter is plugged in', () => {
	let asked = 0;
	const addresses = { en0: [address('10.0.0.1', '255.255.255.0')], en1: [address('10.0.1.1', '255.255.255.0')] };
	const list = interfaceList(
		system({
			platform: 'darwin',
			addresses: () => addresses,
			hardwarePorts: () => {
				asked++;
				return 'Hardware Port: Ethernet\nDevice: en0\n\nHardware Port: Wi-Fi\nDevice: en1\n\nHardware Port: Wi-Fi\nDevice: en7\n';
			},
		}),
	);
	list();
	expect(list().map(({ kind }) => kind)).toEqual(['cable', 'wifi']);
	expect(asked).toBe(1);
	Object.assign(addresses, { en7: [address('10.0.2.1', '255.255.255.0')] });
	list();
	expect(list().map(({ kind }) => kind)).toEqual(['cable', 'wifi', 'wifi']);
	expect(asked).toBe(2);
});

test('on macOS, they are asked for again when an adapter comes, and where they are silent nothing is guessed', () => {
	const names = ['en0'];
	let ports = '';
	let asked = 0;
	const list = interfaceList(
		system({
			platform: 'darwin',
			addresses: () => Object.fromEntries(names.map((name, i) => [name, [address(`10.0.${i}.1`, '255.255.255.0')]])),
			hardwarePorts: () => {
				asked++;
				return ports;
			},
		}),
	);
	expect(list().map(({ kind }) => kind)).toEqual(['unknown']);
	list();
	expect(asked).toBe(1);
	names.push('en7');
	ports = 'Hardware Port: Wi-Fi\nDevice: en0\n\nHardware Port: USB 10/100/1000 LAN\nDevice: en7\n';
	expect(list().map(({ kind }) => kind)).toEqual(['wifi', 'cable']);
	expect(asked).toBe(2);
});

test('the list of this computer has every IPv4 address that it has', () => {
	const ours = Object.values(networkInterfaces()).flatMap((each = []) =>
		each.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
	);
	const { list } = systemNetworks();
	expect(list().map(({ address }) => address)).toEqual(ours);
	expect(list().every(({ address, kind }) => !address.startsWith('127.') || kind === 'loopback')).toBe(true);
});
