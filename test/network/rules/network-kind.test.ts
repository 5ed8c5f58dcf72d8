import { expect, test } from 'vitest';
import { networkKind } from '#network/rules/network-kind.ts';
import type { NetworkKind } from '#network/rules/networks.ts';

const kind = (platform: string, name: string, hints = {}, more = {}): NetworkKind =>
	networkKind({ name, address: '192.168.1.20', mac: '3c:7c:3f:00:00:01', internal: false, ...more }, platform, hints);

test.each<[string, string, NetworkKind]>([
	['linux', 'wlan0', 'wifi'],
	['linux', 'wlp3s0', 'wifi'],
	['linux', 'wlx00c0ca000001', 'wifi'],
	['linux', 'eth0', 'cable'],
	['linux', 'enp0s31f6', 'cable'],
	['linux', 'end0', 'cable'],
	['linux', 'enx3c7c3f000001', 'cable'],
	['linux', 'bond0', 'cable'],
	['linux', 'docker0', 'virtual'],
	['linux', 'br-1a2b3c4d5e6f', 'virtual'],
	['linux', 'virbr0', 'virtual'],
	['linux', 'veth1a2b3c4', 'virtual'],
	['linux', 'vmnet8', 'virtual'],
	['linux', 'tun0', 'vpn'],
	['linux', 'tap0', 'vpn'],
	['linux', 'wg0', 'vpn'],
	['linux', 'tailscale0', 'vpn'],
	['linux', 'ztabcdefgh', 'vpn'],
	['linux', 'ppp0', 'vpn'],
	['linux', 'vcam0', 'unknown'],
	['freebsd', 'em0', 'cable'],
	['darwin', 'en0', 'unknown'], // a radio in a notebook, a cable in a Mac mini
	['darwin', 'en7', 'unknown'],
	['darwin', 'utun3', 'vpn'],
	['darwin', 'bridge100', 'virtual'],
	['darwin', 'vmenet0', 'virtual'],
	['darwin', 'feth1234', 'vpn'],
	['win32', 'Wi-Fi', 'wifi'],
	['win32', 'Wi-Fi 2', 'wifi'],
	['win32', 'WLAN', 'wifi'],
	['win32', 'Drahtlosnetzwerkverbindung', 'wifi'],
	['win32', 'Wireless Network Connection 3', 'wifi'],
	['win32', 'Беспроводная сеть', 'wifi'],
	['win32', 'Ethernet', 'cable'],
	['win32', 'Ethernet 3', 'cable'],
	['win32', 'Local Area Connection', 'cable'],
	['win32', 'LAN-Verbindung', 'cable'],
	['win32', '以太网', 'cable'],
	['win32', 'vEthernet (WSL (Hyper-V firewall))', 'virtual'],
	['win32', 'vEthernet (Default Switch)', 'virtual'],
	['win32', 'VMware Network Adapter VMnet8', 'virtual'],
	['win32', 'VirtualBox Host-Only Network', 'virtual'],
	['win32', 'Bluetooth Network Connection', 'virtual'],
	['win32', 'Local Area Connection* 12', 'virtual'],
	['win32', 'LAN-Verbindung* 2', 'virtual'],
	['win32', 'Tailscale', 'vpn'],
	['win32', 'OpenVPN TAP-Windows6', 'vpn'],
	['win32', 'Mein Netz', 'unknown'],
])('on %s, %s is %s', (platform, name, expected) => {
	expect(kind(platform, name)).toBe(expected);
});

test('an external switch of Hyper-V leads to the LAN, and its own switches do not', () => {
	const lan = (name: string) => kind('win32', name); // the MAC of the network card
	const made = (name: string) => kind('win32', name, {}, { mac: '00:15:5d:01:02:03' });
	expect(lan('vEthernet (External)')).toBe('cable');
	expect(lan('vEthernet (Intel(R) Ethernet Connection)')).toBe('cable');
	expect(made('vEthernet (LAN)')).toBe('unknown'); // internal, or external with a MAC of its own
	for (const name of ['Default Switch', 'WSL', 'WSL (Hyper-V firewall)', 'nat', 'DockerNAT', 'HNS Internal NIC'])
		expect(made(`vEthernet (${name})`), name).toBe('virtual');
});

test('an adapter of capturing or tunnelling software is not mistaken for a cable without DHCP', () => {
	const selfAssigned = { address: '169.254.7.7' };
	expect(kind('win32', 'Npcap Loopback Adapter', {}, selfAssigned)).toBe('virtual');
	expect(kind('win32', 'Bluetooth Network Connection', {}, selfAssigned)).toBe('virtual');
	expect(kind('win32', 'Tailscale', {}, selfAssigned)).toBe('vpn');
	expect(kind('linux', 'docker0', {}, selfAssigned)).toBe('virtual');
	expect(kind('win32', 'Ethernet 2', {}, selfAssigned)).toBe('linkLocal');
});

test("the system's hints win over the name", () => {
	expect(kind('linux', 'uplink', { wireless: true, hardware: true })).toBe('wifi');
	expect(kind('linux', 'uplink', { hardware: true })).toBe('cable');
	expect(kind('linux', 'br0', { bridge: { hardware: true }, hardware: false })).toBe('cable'); // the host's own way out
	expect(kind('linux', 'lan', { bridge: { hardware: false }, hardware: false })).toBe('virtual');
	expect(kind('linux', 'office', { tunnel: true, hardware: false })).toBe('vpn');
	expect(kind('linux', 'vnet3', { tunnel: true, hardware: false })).toBe('virtual'); // a virtual machine's port
	expect(kind('linux', 'eth0', { hardware: false })).toBe('cable'); // a container's end of a veth pair
	expect(kind('linux', 'vcam0', { hardware: false })).toBe('unknown');
	expect(kind('darwin', 'en0', { wireless: false, hardware: true })).toBe('cable'); // a desktop Mac
	expect(kind('darwin', 'en1', { wireless: true, hardware: true })).toBe('wifi');
});

test('the address wins over both', () => {
	expect(kind('linux', 'wlan0', { wireless: true }, { address: '169.254.3.4' })).toBe('linkLocal');
	expect(kind('linux', 'lo', {}, { internal: true, address: '127.0.0.1' })).toBe('loopback');
	expect(kind('win32', 'Loopback Pseudo-Interface 1', {}, { internal: true, address: '127.0.0.1' })).toBe('loopback');
	expect(kind('win32', 'Ethernet 4', {}, { mac: '0a:00:27:00:00:05' })).toBe('virtual'); // VirtualBox host-only
	expect(kind('win32', 'Ethernet 5', {}, { mac: '00:50:56:c0:00:08' })).toBe('virtual'); // VMware NAT
});
