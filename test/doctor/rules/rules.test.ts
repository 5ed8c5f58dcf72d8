import { describe, expect, test } from 'vitest';
import { readFirewalld, readMacFirewall, readNft, readUfw } from '#doctor/rules/firewalls.ts';
import { iptablesFate } from '#doctor/rules/iptables.ts';
import { aNeighbour } from '#doctor/rules/neighbour.ts';
import { nftFate } from '#doctor/rules/nft.ts';
import type { TestPacket } from '#doctor/rules/packet-filter.ts';
import { mayBeNeighbour } from '#network/rules/networks.ts';

const udp: TestPacket = { protocol: 'udp', port: 1900, interface: 'wlan0', from: '192.168.1.191', to: '239.255.255.250' };
const tcp: TestPacket = { ...udp, protocol: 'tcp', port: 8043, to: '192.168.1.20' };
const UDP = { protocol: 'udp', port: 1900 };
const TCP = { protocol: 'tcp', port: 8043 };

describe('nft list ruleset', () => {
	const input = (rules: string, policy = 'drop') =>
		`table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n${rules}\n\t}\n}\n`;

	test.each([
		['', 'drop', true],
		['udp dport 1900 accept', 'accept', true],
		['udp dport { 53, 1900 } accept', 'accept', true],
		['udp dport 1024-65535 accept', 'accept', true],
		['udp dport != 1900 accept', 'drop', true],
		['tcp dport 1900 accept', 'drop', true],
		['iifname "lo" accept\n\t\tct state established,related accept', 'drop', true],
		['iifname "wlan*" meta l4proto { tcp, udp } th dport 1900 counter packets 3 bytes 90 accept', 'accept', true],
		['ip saddr 192.168.1.0/24 accept', 'accept', true],
		['ip saddr { 10.0.0.0/8,\n\t\t\t     192.168.0.0/16 } udp dport 1900 accept', 'accept', true],
		['ip saddr 10.0.0.0/8 accept', 'drop', true],
		['ip daddr 239.255.255.250 udp dport 1900 accept comment "SSDP { x"', 'accept', true],
		['ct state vmap { invalid : drop, established : accept, related : accept }\n\t\tmeta pkttype multicast accept', 'accept', true],
		['fib daddr type { local, multicast } accept', 'accept', true],
		['ip saddr @friends accept', 'drop', false],
		['icmp type echo-request accept\n\t\tip6 nexthdr udp accept', 'drop', true],
		['limit rate 5/second accept', 'accept', true],
		['socket wildcard 0 mark set 1\n\t\tudp dport 1900 accept', 'accept', true],
		['log prefix "in: " drop\n\t\taccept', 'drop', true],
	])('where %j', (rules, verdict, sure) => {
		expect(nftFate(input(rules), udp)).toEqual({ verdict, sure });
	});

	test('follows jumps, comes back from return, and does not come back from goto', () => {
		const chains = (entry: string, inner: string) =>
			`table ip filter {\n\tchain lan {\n\t\t${inner}\n\t}\n\tchain INPUT {\n\t\ttype filter hook input priority 0; policy accept;\n\t\t${entry}\n\t\tdrop\n\t}\n}`;
		expect(nftFate(chains('jump lan', 'udp dport 1900 accept'), udp).verdict).toBe('accept');
		expect(nftFate(chains('jump lan', 'return'), udp).verdict).toBe('drop');
		expect(nftFate(chains('goto lan', 'return'), udp).verdict).toBe('accept');
		expect(nftFate(chains('jump lan', 'jump lan'), udp).verdict).toBe('drop'); // a circle ends
		expect(nftFate(chains('jump elsewhere', 'accept'), udp)).toEqual({ verdict: 'drop', sure: false });
	});

	test('any table on the way can drop; tables of other families and other hooks cannot', () => {
		const other =
			'table ip6 filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\ntable inet x {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1,\n\t\t\t     10.0.0.2 }\n\t}\n\tchain forward {\n\t\ttype filter hook forward priority 0; policy drop;\n\t}\n}\n';
		expect(nftFate(other, udp)).toEqual({ verdict: 'accept', sure: true });
		expect(nftFate(other + input('', 'accept') + input('udp dport 1900 drop', 'accept').replace('filter {', 'second {'), udp).verdict).toBe(
			'drop',
		);
	});
});

describe('the command that opens nftables', () => {
	const chain = (table: string, name: string, policy: string, rules = '') =>
		`table ${table} {\n\tchain ${name} {\n\t\ttype filter hook input priority 0; policy ${policy};\n\t\t${rules}\n\t}\n}\n`;
	const command = (ruleset: string) => readNft(ruleset, [udp, tcp]).command;

	test('names the chain that blocks, not one that comes before it and accepts', () => {
		const ruleset = chain('ip filter', 'INPUT', 'accept') + chain('inet filter', 'input', 'drop');
		expect(command(ruleset)).toBe(
			'sudo nft insert rule inet filter input udp dport 1900 accept && sudo nft insert rule inet filter input tcp dport 8043 accept',
		);
	});

	test('names every chain that blocks, and for each port its own', () => {
		const ruleset = chain('ip one', 'in', 'drop', 'udp dport 1900 accept') + chain('inet two', 'input', 'drop');
		expect(command(ruleset)).toBe(
			[
				'sudo nft insert rule inet two input udp dport 1900 accept',
				'sudo nft insert rule ip one in tcp dport 8043 accept',
				'sudo nft insert rule inet two input tcp dport 8043 accept',
			].join(' && '),
		);
	});

	test('names the chain of which it cannot be told', () => {
		const ruleset = chain('ip filter', 'INPUT', 'accept') + chain('inet filter', 'input', 'accept', 'ip saddr @bad drop');
		expect(command(ruleset)).toContain('insert rule inet filter input udp dport 1900 accept');
		expect(command(ruleset)).not.toContain('ip filter INPUT');
	});

	test('is empty where nothing is closed; without a chain for packets to this computer it is off', () => {
		expect(readNft(chain('ip filter', 'INPUT', 'accept'), [udp, tcp])).toMatchObject({ state: 'on', command: '' });
		expect(readNft('table ip nat {\n}\n', [udp, tcp])).toMatchObject({ state: 'off', command: '' });
	});
});

describe('iptables -S', () => {
	test.each([
		['-P INPUT ACCEPT', 'accept', true],
		['-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'drop', true],
		['-P INPUT DROP\n-A INPUT -p udp -m udp --dport 1900 -m comment --comment "for -j DROP cameras" -j ACCEPT', 'accept', true],
		['-P INPUT DROP\n-A INPUT -p udp -m multiport --dports 53,1800:1900 -j ACCEPT', 'accept', true],
		['-P INPUT ACCEPT\n-A INPUT ! -s 10.0.0.0/255.0.0.0 -j REJECT --reject-with icmp-port-unreachable', 'drop', true],
		['-P INPUT DROP\n-N lan\n-A INPUT -j lan\n-A lan -d 239.255.255.250/32 -j ACCEPT', 'accept', true],
		['-P INPUT DROP\n-A INPUT -m set --match-set friends src -j ACCEPT', 'drop', false],
		['-P INPUT DROP\n-A INPUT -i wl+ -m addrtype --dst-type MULTICAST -j ACCEPT', 'accept', true],
	])('where %j', (listing, verdict, sure) => {
		expect(iptablesFate(listing, udp)).toEqual({ verdict, sure });
	});
});

describe('ufw status verbose', () => {
	const status = (rules: string) =>
		`Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), disabled (routed)\nNew profiles: skip\n\nTo                         Action      From\n--                         ------      ----\n${rules}`;

	test('without a rule closes the description, not the search, and says how to open it', () => {
		const closed = { name: 'ufw', state: 'on', closed: [TCP], unsure: [], command: 'sudo ufw allow 8043/tcp' };
		expect(readUfw(status('22/tcp                     ALLOW IN    Anywhere\n'), [udp, tcp])).toEqual(closed);
		expect(readUfw(status('8043/tcp (v6)              ALLOW IN    Anywhere (v6)\n'), [udp, tcp])).toEqual(closed);
		expect(readUfw(status('8043/udp                   ALLOW IN    Anywhere\n'), [udp, tcp])).toEqual(closed);
		expect(readUfw(status('8043/tcp on eth0           ALLOW IN    Anywhere\n'), [udp, tcp])).toEqual(closed);
	});

	test.each([
		'8043/tcp                   ALLOW IN    Anywhere',
		'8000:8100/tcp              ALLOW IN    192.168.0.0/16             # cameras',
		'Anywhere on wlan0          ALLOW IN    Anywhere',
		'8043                       LIMIT IN    Anywhere',
	])('with %s is open', (rule) => {
		expect(readUfw(status(rule), [udp, tcp])).toMatchObject({ state: 'on', closed: [], unsure: [], command: '' });
	});

	test('the first rule that fits decides; a profile by name leaves doubt', () => {
		expect(
			readUfw(status('8043/tcp                   DENY IN     Anywhere\n8043/tcp                   ALLOW IN    Anywhere\n'), [tcp]).closed,
		).toEqual([TCP]);
		expect(readUfw(status('Camera App                 ALLOW IN    Anywhere\n'), [tcp])).toMatchObject({ closed: [], unsure: [TCP] });
	});

	test('off, or silent without rights', () => {
		expect(readUfw('Status: inactive\n', [tcp]).state).toBe('off');
		expect(readUfw('', [tcp])).toMatchObject({ state: 'unseen', command: 'sudo ufw status verbose' });
	});
});

test('firewalld: ports, services and target of the zone', () => {
	const zone = (services: string, ports: string, target = 'default') =>
		`home (active)\n  target: ${target}\n  interfaces: wlan0\n  sources: \n  services: ${services}\n  ports: ${ports}\n  protocols: \n  rich rules: \n`;
	expect(readFirewalld(zone('ssh mdns', ''), [udp, tcp])).toEqual({
		name: 'firewalld',
		state: 'on',
		closed: [UDP, TCP],
		unsure: [],
		command: 'sudo firewall-cmd --permanent --zone=home --add-port=1900/udp --add-port=8043/tcp && sudo firewall-cmd --reload',
	});
	expect(readFirewalld(zone('ssdp', '8000-8100/tcp'), [udp, tcp]).closed).toEqual([]);
	expect(readFirewalld(zone('', '', 'ACCEPT'), [udp, tcp]).closed).toEqual([]);
	expect(readFirewalld(`${zone('', '')}\trule family="ipv4" source address="192.168.1.0/24" accept\n`, [udp]).unsure).toEqual([UDP]);
});

describe('macOS: socketfilterfw', () => {
	const ON = 'Firewall is enabled. (State = 1) \n';
	const texts = { state: ON, blockAll: 'Block all DISABLED! \n', app: '', signed: '' };
	const read = (more: Partial<typeof texts>, program = '/opt/node') => readMacFirewall({ ...texts, ...more }, [udp, tcp], program);
	const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';

	test.each([
		'Incoming connection to the application is permitted ',
		'Incoming connection to /opt/node is allowed.',
		'Incoming connections to /opt/node are permitted',
	])('%j lets cameras in', (app) => {
		expect(read({ app })).toMatchObject({ state: 'on', closed: [], unsure: [], command: '' });
		expect(read({ app, blockAll: 'Firewall has block all state set to disabled.' }).unsure).toEqual([]);
	});

	test.each(['Incoming connection to the application is blocked ', 'Incoming connection to /opt/node is blocked.'])(
		'%j does not',
		(app) => {
			expect(read({ app })).toMatchObject({
				closed: [UDP, TCP],
				unsure: [],
				command: `sudo ${tool} --add "/opt/node" && sudo ${tool} --unblockapp "/opt/node"`,
			});
		},
	);

	test.each([
		['not part of it', { app: 'The application is not part of the firewall ' }],
		['silent', { app: '' }],
		['in other words', { app: 'Rule for node: 17' }],
		['in contradiction', { app: 'is blocked unless it is allowed' }],
		['not permitted', { app: 'Incoming connection is not permitted' }],
		['permitted, while it is not known whether all is blocked', { app: 'is permitted', blockAll: 'Mode 7' }],
	])('what is %s is in doubt, never well', (_what, more) => {
		expect(read(more)).toMatchObject({ state: 'on', unsure: [UDP, TCP], command: expect.stringContaining('--add "/opt/node"') });
	});

	test('everything blocked, by the state or by the setting', () => {
		const closed = { closed: [UDP, TCP], command: `sudo ${tool} --setblockall off` };
		expect(read({ state: 'Firewall is blocking all non-essential incoming connections. (State = 2)' })).toMatchObject(closed);
		expect(read({ app: 'is permitted', blockAll: 'Firewall has block all state set to enabled.' })).toMatchObject(closed);
	});

	test('off, and what is not understood', () => {
		expect(read({ state: 'Firewall is disabled. (State = 0)' }).state).toBe('off');
		expect(read({ state: 'Firewall is off' }).state).toBe('off');
		for (const state of ['', 'The firewall is well.', 'is enabled or disabled']) expect(read({ state }).state).toBe('unseen');
	});

	test('a Node of Homebrew moves with each upgrade, and signed programs may be let in by themselves', () => {
		const cellar = read({}, '/opt/homebrew/Cellar/node/22.1.0/bin/node');
		expect(cellar.note).toContain('after each upgrade');
		expect(read({}).note).not.toContain('Homebrew');
		const signed = 'Automatically allow built-in signed software ENABLED. \nAutomatically allow downloaded signed software ENABLED. \n';
		expect(read({ signed }).note).toContain('signed Node');
		expect(read({ signed: signed.replaceAll('ENABLED', 'DISABLED') }).note).not.toContain('signed Node');
	});
});

test.each([
	['192.168.1.20', 24],
	['192.168.1.191', 24],
	['10.0.0.1', 30],
	['10.0.0.2', 30],
	['172.16.0.0', 31],
	['172.16.0.1', 31],
	['10.255.255.254', 8],
	['192.168.1.128', 24],
])('a neighbour of %s/%i is in its subnet and another', (address, prefix) => {
	const neighbour = aNeighbour({ address, prefix });
	expect(neighbour).not.toBe(address);
	expect(mayBeNeighbour({ address, prefix }, neighbour)).toBe(true);
});
