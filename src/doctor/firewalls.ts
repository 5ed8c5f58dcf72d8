/** Asks the firewalls that this system may have. Firewalls that are not installed are left out. */
import fs from 'node:fs';
import { SSDP_GROUP } from '#protocol/ssdp/message.ts';
import type { RunProgram } from '#system/run-program.ts';
import {
	type FirewallFacts,
	type FirewallName,
	type FirewallPort,
	readFirewalld,
	readIptables,
	readMacFirewall,
	readNft,
	readUfw,
} from './rules/firewalls.ts';
import type { TestPacket } from './rules/packet-filter.ts';
import { readNetworkCategory, readWindowsFirewall } from './rules/windows-firewall.ts';

/** What must be reachable for a camera. */
export interface FirewallTarget {
	interface: string;
	address: string;
	/** An address on the same network, as a camera might have it. */
	neighbour: string;
	ports: readonly FirewallPort[];
}

const SOCKET_FILTER = '/usr/libexec/ApplicationFirewall/socketfilterfw';
const unseen = (name: FirewallName, command: string): FirewallFacts => ({ name, state: 'unseen', closed: [], unsure: [], command });

/** Asks each firewall, in the order in which a person would fix them. */
export async function askFirewalls(where: FirewallTarget, platform: string, run: RunProgram): Promise<FirewallFacts[]> {
	const probes = where.ports.map(
		({ protocol, port }): TestPacket => ({
			protocol,
			port,
			interface: where.interface,
			from: where.neighbour,
			to: protocol === 'udp' ? SSDP_GROUP : where.address,
		}),
	);
	if (platform === 'darwin') return [await mac(probes, run)];
	if (platform === 'win32') return [await windows(where, probes, run)];
	if (platform !== 'linux') return [];
	const managers = (await Promise.all([ufw(probes, run), firewalld(where.interface, probes, run)])).flat();
	// Both of them write the rules of nftables and iptables, so while one is on, it is the one to configure.
	if (managers.some(({ state }) => state === 'on')) return managers;
	const nft = await nftables(probes, run);
	return [...managers, ...nft, ...(nft.some(({ state }) => state === 'on') ? [] : await iptables(probes, run))];
}

async function ufw(probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts[]> {
	const said = await run('ufw', ['status', 'verbose']);
	if (said.missing) return [];
	// ufw tells its state only to root, but everyone may read the file that says whether it starts with the system.
	if (said.code !== 0 && /^ENABLED=no/m.test(textOf('/etc/ufw/ufw.conf'))) return [readUfw('Status: inactive', probes)];
	return [readUfw(said.stdout, probes)];
}

async function firewalld(name: string, probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts[]> {
	const state = await run('firewall-cmd', ['--state']);
	if (state.missing) return [];
	if (/not running/.test(`${state.stdout}${state.stderr}`))
		return [{ name: 'firewalld', state: 'off', closed: [], unsure: [], command: '' }];
	const zone = (await run('firewall-cmd', [`--get-zone-of-interface=${name}`])).stdout.trim();
	const said = await run('firewall-cmd', [...(/^[\w-]+$/.test(zone) ? [`--zone=${zone}`] : []), '--list-all']);
	return [said.code === 0 ? readFirewalld(said.stdout, probes) : unseen('firewalld', 'sudo firewall-cmd --list-all')];
}

async function nftables(probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts[]> {
	const said = await run('nft', ['list', 'ruleset']);
	if (said.missing) return [];
	return [said.code === 0 ? readNft(said.stdout, probes) : unseen('nftables', 'sudo nft list ruleset')];
}

async function iptables(probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts[]> {
	const said = await run('iptables', ['-S']);
	if (said.missing) return [];
	return [said.code === 0 ? readIptables(said.stdout, probes) : unseen('iptables', 'sudo iptables -S')];
}

async function mac(probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts> {
	const ask = async (...args: string[]): Promise<string> => (await run(SOCKET_FILTER, args)).stdout;
	const [state, blockAll, app, signed] = await Promise.all([
		ask('--getglobalstate'),
		ask('--getblockall'),
		ask('--getappblocked', process.execPath),
		ask('--getallowsigned'),
	]);
	return readMacFirewall({ state, blockAll, app, signed }, probes, process.execPath);
}

const REGISTRY = {
	own: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy',
	policy: 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall',
};

async function windows({ address }: FirewallTarget, probes: readonly TestPacket[], run: RunProgram): Promise<FirewallFacts> {
	const ask = `[int](Get-NetConnectionProfile -InterfaceIndex (Get-NetIPAddress -IPAddress '${address}').InterfaceIndex).NetworkCategory`;
	const [own, policy, category] = await Promise.all([
		run('reg', ['query', REGISTRY.own, '/s']),
		run('reg', ['query', REGISTRY.policy, '/s']),
		run('powershell', ['-NoProfile', '-NonInteractive', '-Command', ask]),
	]);
	const profile = category.code === 0 ? readNetworkCategory(category.stdout) : undefined;
	return readWindowsFirewall({ own: own.stdout, policy: policy.stdout, profile }, probes, process.execPath);
}

function textOf(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
