import { describe, expect, test } from 'vitest';
import type { TestPacket } from '#doctor/rules/packet-filter.ts';
import { readNetworkCategory, readWindowsFirewall, type WindowsProfile } from '#doctor/rules/windows-firewall.ts';

const udp: TestPacket = { protocol: 'udp', port: 1900, interface: 'WLAN', from: '192.168.1.191', to: '239.255.255.250' };
const tcp: TestPacket = { ...udp, protocol: 'tcp', port: 8043, to: '192.168.1.20' };
const NODE = 'C:\\Program Files\\nodejs\\node.exe';
const KEY = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall';

/** As `reg query /s` writes it; its words are the same in every language. */
function registry(profiles: Record<string, Record<string, string>>, rules: readonly string[] = [], root = KEY): string {
	const value = (name: string, type: string, data: string) => `    ${name}    ${type}    ${data}\r\n`;
	const keys = Object.entries(profiles).map(
		([name, values]) =>
			`\r\n${root}\\${name}\r\n${Object.entries(values)
				.map(([key, data]) => value(key, 'REG_DWORD', data))
				.join('')}`,
	);
	const named = rules.map((rule, i) =>
		value(i % 2 ? `{00000000-0000-0000-0000-00000000000${i}}` : `TCP Query User{${i}}${NODE}`, 'REG_SZ', rule),
	);
	return `${keys.join('')}\r\n${root}\\FirewallRules\r\n${named.join('')}`;
}
const ON = { EnableFirewall: '0x1', DisableNotifications: '0x0' };
const on = { DomainProfile: ON, PublicProfile: ON, StandardProfile: ON };
const own = (...rules: string[]) => registry(on, rules);
const read = (text: string, profile: WindowsProfile | 'unknown' = 'Private', policy = '') =>
	readWindowsFirewall({ own: text, policy, profile: profile === 'unknown' ? undefined : profile }, [udp, tcp], NODE);

const ALLOW = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=1900|RA4=LocalSubnet|Name=canon-wifi|`;
const ALLOW_TCP = `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=8043|RA4=LocalSubnet|Name=canon-wifi|`;
const node = (action: string, protocol: number, profile: string) =>
	`v2.31|Action=${action}|Active=TRUE|Dir=In|Protocol=${protocol}|Profile=${profile}|App=C:\\program files\\nodejs\\node.exe|Name=Node.js JavaScript Runtime|Desc=Node.js JavaScript Runtime|Defer=User|`;
const ADD = 'netsh advfirewall firewall add rule name=canon-wifi dir=in action=allow protocol=UDP localport=1900 remoteip=localsubnet';
const ADD_TCP = 'netsh advfirewall firewall add rule name=canon-wifi dir=in action=allow protocol=TCP localport=8043 remoteip=localsubnet';

describe('the state', () => {
	test('is that of the profile of the network', () => {
		const text = registry({ ...on, StandardProfile: { EnableFirewall: '0x0' } });
		expect(read(text)).toMatchObject({ state: 'off', command: '' });
		expect(read(text, 'Public').state).toBe('on');
		expect(read(text, 'unknown').state).toBe('on'); // not known which: nothing is said that holds in one alone
	});

	test.each(['', '\u001b garbage', 'FEHLER: Der angegebene Registrierungsschlüssel wurde nicht gefunden.'])(
		'is not known from %j',
		(text) => {
			expect(read(text)).toMatchObject({ state: 'unseen', closed: [], unsure: [] });
		},
	);

	test('of a policy comes before the own one', () => {
		expect(read(own(), 'Private', registry({ StandardProfile: { EnableFirewall: '0x0' } }, [], POLICY)).state).toBe('off');
		expect(read(own(), 'Private', registry({ PrivateProfile: { EnableFirewall: '0x0' } }, [], POLICY)).state).toBe('off');
	});
});

describe('rules', () => {
	test('for the ports, or for node.exe, let cameras in', () => {
		for (const rules of [
			[ALLOW, ALLOW_TCP],
			[node('Allow', 17, 'Private'), node('Allow', 6, 'Private')],
			['v2.31|Action=Allow|Active=TRUE|Dir=In|App=%ProgramFiles%\\nodejs\\node.exe|Name=n|'],
			[ALLOW.replace('LPort=1900', 'LPort=53|LPort2_10=1800-2000'), ALLOW_TCP.replace('LocalSubnet', '192.168.0.0/255.255.0.0')],
		])
			expect(read(own(...rules)), rules.join()).toMatchObject({ state: 'on', closed: [], unsure: [], command: '' });
		expect(read(registry({ ...on, StandardProfile: { ...ON, DefaultInboundAction: '0x0' } })).unsure).toEqual([]);
	});

	test.each([
		['is disabled', (rule: string) => rule.replace('TRUE', 'FALSE')],
		['is outgoing', (rule: string) => rule.replace('Dir=In', 'Dir=Out')],
		['is for another profile', (rule: string) => rule.replace('Dir=In', 'Dir=In|Profile=Domain')],
		['is for another program', (rule: string) => `${rule}App=C:\\other\\node.exe|`],
		['is for a service', (rule: string) => `${rule}App=%SystemRoot%\\system32\\svchost.exe|Svc=Ssdpsrv|`],
		['is for other neighbours', (rule: string) => rule.replace('LocalSubnet', '10.0.0.0/255.0.0.0')],
		['asks for more than is understood', (rule: string) => `${rule}RUAuth=O:LSD:(A;;CC;;;S-1-5-32-544)|`],
	])('that %s does not let cameras in', (_why, changed) => {
		expect(read(own(changed(ALLOW), ALLOW_TCP))).toMatchObject({ unsure: [{ protocol: 'udp', port: 1900 }], command: ADD });
	});

	test('that block node.exe win, and the command removes them first', () => {
		const found = read(own(ALLOW, ALLOW_TCP, node('Block', 17, 'Private'), node('Block', 6, 'Private')));
		expect(found.closed).toHaveLength(2);
		expect(found.note).toContain('Cancel');
		expect(found.command.split('\n')).toEqual([
			'netsh advfirewall firewall delete rule name=all dir=in program="C:\\program files\\nodejs\\node.exe"',
			ADD,
			ADD_TCP,
		]);
	});

	test('that block the program in another kind of network only leave doubt while the kind is not known', () => {
		const text = own(node('Allow', 17, 'Private'), node('Allow', 6, 'Private'), node('Block', 17, 'Public'), node('Block', 6, 'Public'));
		expect(read(text, 'Private')).toMatchObject({ closed: [], unsure: [] });
		expect(read(text, 'Public').closed).toHaveLength(2);
		expect(read(text, 'unknown')).toMatchObject({ closed: [], unsure: [{ port: 1900 }, { port: 8043 }] });
	});

	test('that block a port by name are named, and quotation marks in a name are not passed on', () => {
		const block = 'v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=17|LPort=1900|Name=no UPnP|';
		expect(read(own(ALLOW_TCP, block)).command.split('\n')).toEqual(['netsh advfirewall firewall delete rule name="no UPnP" dir=in', ADD]);
		expect(read(own(ALLOW_TCP, block.replace('no UPnP', 'a" & calc'))).command).toBe(ADD);
	});

	test('in a code page that is not ours are found all the same', () => {
		const program = 'C:\\Users\\Jürgen\\node.exe';
		const rule = 'v2.31|Action=Block|Active=TRUE|Dir=In|App=C:\\users\\j\ufffdrgen\\node.exe|Name=node|';
		expect(readWindowsFirewall({ own: own(rule), policy: '', profile: 'Private' }, [udp], program).closed).toHaveLength(1);
		const other = rule.replace('\ufffdrgen', 'ohn');
		expect(readWindowsFirewall({ own: own(other), policy: '', profile: 'Private' }, [udp], program).closed).toHaveLength(0);
	});
});

test('without any rule it cannot be told, since Windows asks', () => {
	expect(read(own())).toMatchObject({
		closed: [],
		unsure: [{ port: 1900 }, { port: 8043 }],
		note: expect.stringContaining('Windows may ask'),
	});
});

test('where everything is blocked, allowed apps too, a rule that allows is not the cure', () => {
	const found = read(registry({ ...on, PublicProfile: { ...ON, DoNotAllowExceptions: '0x1' } }, [ALLOW, ALLOW_TCP]), 'Public');
	expect(found.closed).toHaveLength(2);
	expect(found.command.split('\n')[0]).toBe('netsh advfirewall set publicprofile firewallpolicy "blockinbound,allowoutbound"');
	const imposed = read(own(ALLOW), 'Private', registry({ StandardProfile: { DoNotAllowExceptions: '0x1' } }, [], POLICY));
	expect(imposed).toMatchObject({ command: '', note: expect.stringContaining('organisation') });
	const notMerged = read(own(ALLOW, ALLOW_TCP), 'Private', registry({ StandardProfile: { AllowLocalPolicyMerge: '0x0' } }, [], POLICY));
	expect(notMerged).toMatchObject({ unsure: [{ port: 1900 }, { port: 8043 }], command: '' });
});

test('no command joins others, and none is of Unix', () => {
	const all = [read(own()), read(own(node('Block', 17, 'Private'))), read('')].map(({ command }) => command).join('\n');
	expect(all).not.toMatch(/&&|;|sudo/);
});

test('the kind of the network, as a number', () => {
	expect(['0\r\n', '1\r\n', '2\r\n', 'Private', ''].map(readNetworkCategory)).toEqual([
		'Public',
		'Private',
		'Domain',
		undefined,
		undefined,
	]);
});
