import { describe, expect, test } from 'vitest';
import { behindNat, linkKindIn, type MachineFacts, searchDomains } from '#network/rules/behind-nat.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';

const REAL = 'Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)';
const WSL2 = 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1) (gcc (GCC) 11.2.0)';
const WSL1 = 'Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) )';
const DESKTOP = 'Linux version 6.6.31-linuxkit (root@buildkitsandbox) (gcc (Alpine 13.2.1_git20231014) 13.2.1)';
const plain: MachineFacts = { kernel: REAL, container: null, wslMode: null, domains: [], linkKind: null, foreignPeer: false };
const eth0 = (address: string, prefix: number, mac = '3c:7c:3f:00:00:01', more: Partial<NetworkInterface> = {}): NetworkInterface => ({
	name: 'eth0',
	address,
	prefix,
	mac,
	kind: 'cable',
	...more,
});
const bridge = eth0('172.17.0.2', 16, '02:42:ac:11:00:02');
const lan = eth0('192.168.1.20', 24);
const HYPER_V = '00:15:5d:3a:01:02';

describe('containers', () => {
	const docker = { ...plain, container: 'docker' as const };
	const pod = { ...plain, container: 'podman' as const };

	test('with a network of their own are told to use the host network', () => {
		expect(behindNat(bridge, { ...docker, linkKind: 'veth' })).toEqual({
			what: 'a Docker container',
			next: 'Start the container with `--network host`. On macOS and Windows that does not help: run canon-wifi on the computer itself there.',
		});
		expect(behindNat(eth0('10.5.0.3', 16), { ...docker, linkKind: 'veth' })).toBeDefined(); // a subnet chosen in a compose file
		expect(behindNat(bridge, { ...docker, foreignPeer: true })).toBeDefined(); // without `ip` inside
		expect(behindNat(eth0('10.88.0.7', 16), { ...pod, foreignPeer: true })?.what).toBe('a Podman container');
		expect(behindNat(eth0('10.0.2.100', 24, undefined, { name: 'tap0', kind: 'vpn' }), { ...pod, linkKind: 'tun' })).toBeDefined();
		expect(behindNat(eth0('10.244.1.9', 24), { ...plain, container: 'kubernetes', linkKind: 'veth' })?.next).toContain('hostNetwork');
	});

	test('of Docker Desktop and in WSL2 are told to run canon-wifi outside, because the host network is only that of a virtual machine', () => {
		for (const network of [bridge, eth0('192.168.65.3', 24)])
			expect(behindNat(network, { ...docker, kernel: DESKTOP })).toMatchObject({
				what: 'a Docker container of Docker Desktop',
				next: expect.stringContaining('Run canon-wifi on the computer itself'),
			});
		expect(behindNat(bridge, { ...docker, kernel: WSL2, linkKind: 'veth' })?.next).toContain('Run canon-wifi on Windows itself');
	});

	test('with the host network, or with an address of their own on the LAN, need no advice', () => {
		expect(behindNat(lan, docker)).toBeUndefined();
		expect(behindNat(lan, { ...docker, linkKind: 'macvlan', foreignPeer: true })).toBeUndefined();
		expect(behindNat(eth0('172.20.0.9', 16), { ...docker, linkKind: 'macvlan', foreignPeer: true })).toBeUndefined();
		expect(behindNat(lan, { ...docker, foreignPeer: true })).toBeUndefined();
		expect(behindNat(eth0('172.17.0.2', 16), { ...plain, linkKind: 'veth', foreignPeer: true })).toBeUndefined(); // no container at all
		expect(behindNat(eth0('10.77.0.1', 24, undefined, { name: 'cam0' }), { ...docker, linkKind: 'veth' })).toBeUndefined();
		expect(behindNat({ ...lan, name: 'lo', address: '127.0.0.1', kind: 'loopback' }, { ...docker, kernel: DESKTOP })).toBeUndefined();
	});
});

describe('WSL', () => {
	const nat = eth0('172.28.112.9', 20, HYPER_V);

	test('WSL2 with NAT is recognised by wslinfo, or by its network if there is no wslinfo', () => {
		expect(behindNat(nat, { ...plain, kernel: WSL2, wslMode: 'nat' })?.next).toContain('networkingMode=mirrored');
		expect(behindNat(nat, { ...plain, kernel: WSL2 })?.what).toBe('WSL2 with its NAT network');
	});

	test('WSL2 in mirrored or bridged mode, and WSL1, are on the LAN', () => {
		expect(behindNat(lan, { ...plain, kernel: WSL2, wslMode: 'mirrored' })).toBeUndefined();
		expect(behindNat(nat, { ...plain, kernel: WSL2, wslMode: 'bridged' })).toBeUndefined();
		expect(behindNat(lan, { ...plain, kernel: WSL2 })).toBeUndefined();
		expect(behindNat(nat, { ...plain, kernel: WSL1 })).toBeUndefined();
	});
});

describe('virtual machines', () => {
	test.each([
		['VirtualBox', eth0('10.0.2.15', 24, '08:00:27:4a:00:01'), []],
		['QEMU (user network)', eth0('10.0.2.15', 24, '52:54:00:12:34:56'), []],
		['libvirt', eth0('192.168.122.87', 24, '52:54:00:aa:bb:cc'), []],
		['macOS (shared network)', eth0('192.168.64.5', 24, '52:54:00:aa:bb:cc'), []],
		['Multipass', eth0('10.161.4.7', 24, '52:54:00:aa:bb:cc'), ['multipass']],
		['LXD', eth0('10.14.7.3', 24, '00:16:3e:11:22:33'), ['lxd']],
		['Hyper-V (Default Switch)', eth0('172.19.3.4', 20, HYPER_V), ['mshome.net']],
	])('behind the NAT of %s', (by, network, domains) => {
		expect(behindNat(network, { ...plain, domains })).toMatchObject({
			what: expect.stringContaining(by),
			next: expect.stringContaining('bridge'),
		});
	});

	test.each([
		['bridged VirtualBox', eth0('192.168.1.33', 24, '08:00:27:4a:00:01'), []],
		['bridged QEMU', eth0('192.168.1.33', 24, '52:54:00:aa:bb:cc'), ['fritz.box']],
		['a LAN with the addresses of VirtualBox', eth0('10.0.2.15', 24), []],
		['a neighbour of a Windows hotspot', eth0('192.168.137.9', 24), ['mshome.net']],
		['the host of LXD', lan, ['lxd']],
	])('%s is on the LAN', (_which, network, domains) => {
		expect(behindNat(network, { ...plain, domains })).toBeUndefined();
	});
});

test('search domains and the kind of a link are parsed', () => {
	expect(searchDomains('# by systemd-resolved\nnameserver 127.0.0.53\nsearch lxd  fritz.box\n')).toEqual(['lxd', 'fritz.box']);
	expect(searchDomains('domain multipass\n')).toEqual(['multipass']);
	expect(searchDomains('search old\nsearch new\n')).toEqual(['new']);
	expect(searchDomains('')).toEqual([]);
	expect(linkKindIn('[{"ifname":"eth0","linkinfo":{"info_kind":"veth"}}]')).toBe('veth');
	expect(linkKindIn('[{"ifname":"eth0"}]')).toBeNull();
	expect(linkKindIn('ip: unrecognized option: j')).toBeNull(); // busybox
});
