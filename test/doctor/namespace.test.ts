/** A computer of its own (a network namespace with one end of a veth pair), real firewall rules, and a real holder of UDP 1900. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MulticastFacts } from '#discovery/computer/rules/hearing.ts';
import type { PortFacts } from '#doctor/rules/facts.ts';
import type { FirewallFacts } from '#doctor/rules/firewalls.ts';

const here = `cwd${process.pid}a`;
const there = `cwd${process.pid}b`;
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
const inside = (...command: string[]) => execFileSync('ip', ['netns', 'exec', here, ...command], { stdio: 'pipe', encoding: 'utf8' });
const has = (program: string) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).status === 0;
const possible = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('ip', ['netns', 'add', here]).status === 0;

let program: string;

beforeAll(async () => {
	if (!possible) return;
	ip('netns', 'add', there);
	ip('-n', here, 'link', 'add', 'cam0', 'type', 'veth', 'peer', 'name', 'cam0', 'netns', there);
	for (const [name, address] of [
		[here, '10.77.0.1/24'],
		[there, '10.77.0.2/24'],
	] as const) {
		ip('-n', name, 'addr', 'add', address, 'dev', 'cam0');
		ip('-n', name, 'link', 'set', 'cam0', 'up');
		ip('-n', name, 'link', 'set', 'lo', 'up');
	}
	program = path.join(mkdtempSync(path.join(tmpdir(), 'canon-wifi-doctor-')), 'probe.mjs');
	const contents = `
		import { systemProbes } from '#doctor/probes.ts';
		import { systemNetworks } from '#network/interfaces.ts';
		import { behindNat } from '#network/rules/behind-nat.ts';
		const [, , root, name] = process.argv;
		const probes = systemProbes('/nonexistent', root === undefined ? {} : { root });
		if (name !== undefined) {
			const network = systemNetworks().list().find((one) => one.name === name);
			console.log(JSON.stringify(behindNat(network, await probes.machine(name)) ?? null));
			process.exit();
		}
		const ports = [{ protocol: 'udp', port: 1900 }, { protocol: 'tcp', port: 8043 }];
		const where = { interface: 'cam0', address: '10.77.0.1', neighbour: '10.77.0.2', ports };
		const udp = await probes.udpPort(1900, '10.77.0.1');
		const multicast = udp.refused === null ? await probes.multicast('10.77.0.1', 1900) : null;
		console.log(JSON.stringify({ udp, multicast, firewalls: await probes.firewalls(where), route: await probes.defaultRoute() ?? null }));`;
	await build({
		stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
		outfile: program,
		bundle: true,
		format: 'esm',
		platform: 'node',
	});
});

afterAll(() => {
	if (!possible) return;
	spawnSync('ip', ['netns', 'del', here]);
	spawnSync('ip', ['netns', 'del', there]);
});

beforeEach((context) => {
	if (!possible && process.env.CI !== 'true') context.skip('only root may make network namespaces');
	if (has('nft')) inside('nft', 'flush', 'ruleset');
});

interface Found {
	udp: PortFacts;
	multicast: MulticastFacts | null;
	firewalls: FirewallFacts[];
	route: string | null;
}
const probe = (): Found => JSON.parse(inside(process.execPath, program)) as Found;

test('multicast is joined and heard on the interface', () => {
	expect(probe()).toMatchObject({
		udp: { refused: null, holders: [] },
		multicast: { joinRefused: null, sendRefused: null, heard: true, heardAlone: true },
		route: null,
	});
	inside('ip', 'route', 'add', 'default', 'via', '10.77.0.2');
	expect(probe().route).toBe('cam0');
});

test('a VPN with a routing table of its own, as wg-quick sets it up, has the default route', () => {
	inside('ip', 'link', 'add', 'wg0', 'link', 'cam0', 'type', 'macvlan');
	inside('ip', 'addr', 'add', '10.2.0.2/32', 'dev', 'wg0');
	inside('ip', 'link', 'set', 'wg0', 'up');
	inside('ip', 'route', 'add', 'default', 'dev', 'wg0', 'table', '51820');
	inside('ip', 'rule', 'add', 'not', 'fwmark', '51820', 'table', '51820');
	try {
		expect(probe().route).toBe('wg0');
	} finally {
		inside('ip', 'rule', 'del', 'table', '51820');
		inside('ip', 'link', 'del', 'wg0');
	}
});

test('a container is known by its files and by its link, whose other end is on the host', () => {
	const root = (files: Record<string, string>): string => {
		const folder = mkdtempSync(path.join(tmpdir(), 'canon-wifi-root-'));
		for (const [file, text] of Object.entries(files)) {
			mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
			writeFileSync(path.join(folder, file), text);
		}
		return folder;
	};
	const natOf = (files: Record<string, string>, name: string) =>
		JSON.parse(inside(process.execPath, program, root(files), name)) as unknown;
	inside('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'host0', 'netns', there);
	inside('ip', 'link', 'add', 'eth1', 'link', 'eth0', 'type', 'macvlan');
	inside('ip', 'addr', 'add', '172.17.0.2/16', 'dev', 'eth0');
	inside('ip', 'addr', 'add', '172.18.0.2/16', 'dev', 'eth1');
	inside('ip', 'link', 'set', 'eth0', 'up');
	ip('-n', there, 'link', 'set', 'host0', 'up'); // without it, eth0 has no carrier and is not listed
	inside('ip', 'link', 'set', 'eth1', 'up');
	try {
		expect(natOf({ '.dockerenv': '' }, 'eth0')).toMatchObject({ what: 'a Docker container' });
		expect(natOf({ 'run/.containerenv': 'engine="podman-4.3.1"\n' }, 'eth0')).toMatchObject({ what: 'a Podman container' });
		expect(natOf({ '.dockerenv': '' }, 'eth1')).toBeNull(); // macvlan: an address of its own on the LAN
		expect(natOf({ 'proc/version': 'Linux version 6.1.0\n' }, 'eth0')).toBeNull();
		const desktop = { '.dockerenv': '', 'proc/version': 'Linux version 6.6.31-linuxkit (root@buildkitsandbox)\n' };
		expect(natOf(desktop, 'cam0')).toMatchObject({ what: 'a Docker container of Docker Desktop' });
	} finally {
		inside('ip', 'link', 'del', 'eth0');
	}
});

test('who holds UDP 1900 without sharing is named', async () => {
	const code = `const s = require('dgram').createSocket('udp4'); s.bind(1900, () => console.log('bound'));`;
	const holder = spawn('ip', ['netns', 'exec', here, process.execPath, '-e', code]);
	try {
		await once(holder.stdout, 'data');
		expect(probe()).toMatchObject({
			udp: { refused: 'EADDRINUSE', holders: [{ pid: holder.pid, program: expect.stringContaining('node'), address: '0.0.0.0' }] },
			multicast: null,
		});
	} finally {
		holder.kill();
		await once(holder, 'close');
	}
});

/** Whether real packets of the other computer come in: the judge of our judging. */
async function comesIn(): Promise<{ udp: boolean; tcp: boolean }> {
	const listen = `
		const heard = { udp: false, tcp: false };
		const s = require('dgram').createSocket('udp4');
		s.on('message', () => { heard.udp = true; });
		s.bind(1900, () => { s.addMembership('239.255.255.250', '10.77.0.1'); require('net').createServer((c) => c.destroy()).listen(8043, () => console.log('ready')); });
		process.stdin.on('data', () => { console.log(JSON.stringify(heard)); process.exit(); });`;
	const send = `
		const s = require('dgram').createSocket('udp4');
		s.bind(() => { s.setMulticastInterface('10.77.0.2'); s.send('x', 1900, '239.255.255.250', () => s.close()); });
		const c = require('net').connect({ port: 8043, host: '10.77.0.1' });
		const end = (ok) => { console.log(ok); process.exit(); };
		c.on('connect', () => end(true)).on('error', () => end(false)); setTimeout(() => end(false), 1000);`;
	const listener = spawn('ip', ['netns', 'exec', here, process.execPath, '-e', listen]);
	try {
		await once(listener.stdout, 'data');
		const tcp = execFileSync('ip', ['netns', 'exec', there, process.execPath, '-e', send], { encoding: 'utf8' }).trim() === 'true';
		const answer = once(listener.stdout, 'data');
		listener.stdin.write('?');
		return { udp: (JSON.parse(String((await answer)[0])) as { udp: boolean }).udp, tcp };
	} finally {
		listener.kill();
	}
}

const NFT: readonly string[] = [
	'add rule inet f in udp dport 1900 accept',
	'add rule inet f in iifname "cam0" tcp dport { 80, 8043 } accept',
	'add rule inet f in ip saddr 10.77.0.0/24 accept',
	'add rule inet f in ct state established,related accept; add rule inet f in iifname "lo" accept',
	'add rule inet f in meta pkttype multicast counter accept',
	'add chain inet f lan; add rule inet f lan meta l4proto udp return; add rule inet f lan accept; add rule inet f in jump lan',
	'add rule inet f in ip saddr != 10.0.0.0/8 drop; add rule inet f in meta l4proto { udp, tcp } th dport 1000-9000 accept',
	'add rule inet f in ct state vmap { established : accept, invalid : drop }; add rule inet f in fib daddr type local tcp dport 8043 accept',
];

test.for(NFT)('nft: what is said of "%s" is what becomes of packets', async (rules, context) => {
	if (!has('nft') && process.env.CI !== 'true') context.skip('nft is not installed');
	inside('nft', `add table inet f; add chain inet f in { type filter hook input priority 0; policy drop; }; ${rules}`);
	const { udp, tcp } = await comesIn();
	const [nft] = probe().firewalls.filter(({ name }) => name === 'nftables');
	expect(nft).toMatchObject({ state: 'on', unsure: [] });
	expect({ udp: !nft?.closed.some(({ port }) => port === 1900), tcp: !nft?.closed.some(({ port }) => port === 8043) }).toEqual({
		udp,
		tcp,
	});
	if (nft === undefined || nft.command === '') return;
	// The command that it gives does open the ports.
	inside('sh', '-c', nft.command.replaceAll('sudo ', ''));
	expect(await comesIn()).toEqual({ udp: true, tcp: true });
	expect(probe().firewalls[0]?.closed).toEqual([]);
});

test('iptables: what is said is what becomes of packets, and the command given opens them', async (context) => {
	if (!has('iptables-legacy') && process.env.CI !== 'true') context.skip('iptables is not installed');
	for (const rule of [
		'-P INPUT DROP',
		'-N lan',
		'-A lan -p udp -m multiport --dports 53,1900 -m comment --comment "a b" -j ACCEPT',
		'-A INPUT -i cam0 ! -s 192.168.0.0/16 -j lan',
	])
		inside('sh', '-c', `iptables-legacy ${rule}`);
	const { readIptables } = await import('#doctor/rules/firewalls.ts');
	const judge = () =>
		readIptables(inside('iptables-legacy', '-S'), [
			{ protocol: 'udp', port: 1900, interface: 'cam0', from: '10.77.0.2', to: '239.255.255.250' },
			{ protocol: 'tcp', port: 8043, interface: 'cam0', from: '10.77.0.2', to: '10.77.0.1' },
		]);
	expect(await comesIn()).toEqual({ udp: true, tcp: false });
	expect(judge()).toEqual({
		name: 'iptables',
		state: 'on',
		closed: [{ protocol: 'tcp', port: 8043 }],
		unsure: [],
		command: 'sudo iptables -I INPUT -p tcp --dport 8043 -j ACCEPT',
	});
	inside('sh', '-c', judge().command.replaceAll('sudo iptables', 'iptables-legacy'));
	expect(await comesIn()).toEqual({ udp: true, tcp: true });
	expect(judge().closed).toEqual([]);
});

test('rules that swallow multicast are noticed by the packet that does not come back', (context) => {
	if (!has('nft') && process.env.CI !== 'true') context.skip('nft is not installed');
	inside(
		'nft',
		'add table inet f; add chain inet f in { type filter hook input priority 0; policy accept; }; add rule inet f in ip daddr 239.255.255.250 drop',
	);
	expect(probe().multicast).toEqual({ joinRefused: null, sendRefused: null, heard: false });
});
