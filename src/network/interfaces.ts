/** Lists this computer's IPv4 interfaces with what the operating system knows about them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { runProgramSync } from '#system/run-program.ts';
import { neighbourLookup, systemTables } from './neighbours.ts';
import type { Networks } from './ports.ts';
import { routerLookup } from './routers.ts';
import { radiosOf } from './rules/neighbour-table.ts';
import { type InterfaceHints, networkKind } from './rules/network-kind.ts';
import type { NetworkInterface } from './rules/networks.ts';
import { withOnLink } from './rules/on-link.ts';
import { ipv4Addresses, type SystemAddress } from './rules/system-addresses.ts';

/** The networks of the running system. */
export function systemNetworks(): Networks {
	const tables = systemTables();
	const macOf = neighbourLookup(tables);
	return { list: interfaceList(), macOf, routers: routerLookup(tables, macOf) };
}

/** What the list of interfaces needs from the system. */
export interface InterfaceSystem {
	/** Node's `process.platform`. */
	platform: string;
	addresses(): Readonly<Record<string, readonly SystemAddress[] | undefined>>;
	/** Linux: the folder that contains a folder for each interface. */
	sysClassNet: string;
	/** macOS: the output of `networksetup -listallhardwareports`, or an empty text. */
	hardwarePorts(): string;
	/** Linux: the kernel's table of routes, or an empty text. */
	routes(): string;
}

/** The running system. */
export function thisSystem(): InterfaceSystem {
	return { platform: process.platform, addresses: networkInterfaces, sysClassNet: '/sys/class/net', hardwarePorts, routes };
}

/** Returns a function that lists the IPv4 interfaces that are up at the moment. */
export function interfaceList(system: InterfaceSystem = thisSystem()): () => NetworkInterface[] {
	const radios = new Map<string, boolean>();
	const asked = new Set<string>();
	/** Asks again only if there is a new adapter, because asking takes a process. */
	const learnRadios = (list: readonly { name: string }[]): void => {
		const fresh = list.map(({ name }) => name).filter((name) => /^en\d/.test(name) && !asked.has(name));
		if (system.platform !== 'darwin' || fresh.length === 0) return;
		for (const name of fresh) asked.add(name);
		for (const [name, radio] of radiosOf(system.hardwarePorts())) radios.set(name, radio);
	};
	const hints = (name: string): InterfaceHints => {
		if (system.platform === 'linux') return linuxHints(system.sysClassNet, name);
		const wireless = radios.get(name);
		return wireless === undefined ? {} : { wireless, hardware: true };
	};
	return () => {
		const addresses = ipv4Addresses(system.addresses());
		learnRadios(addresses);
		const networks = addresses.map((found): NetworkInterface => {
			const { name, address, prefix, mac } = found;
			return { name, address, prefix, mac, kind: networkKind(found, system.platform, found.internal ? {} : hints(name)) };
		});
		return system.platform === 'linux' ? withOnLink(networks, system.routes()) : networks;
	};
}

/** Time limit for asking macOS, in milliseconds. */
const LIMIT_MS = 1000;

/** ARPHRD_ETHER of Linux's if_arp.h; tunnels have other link types. */
const ETHERNET = '1';

function linuxHints(root: string, name: string): InterfaceHints {
	const folder = join(root, name.replace(/:.*$/, '')); // an alias like eth0:1 is its interface
	if (!existsSync(folder)) return {};
	const hardware = existsSync(join(folder, 'device'));
	const isBridge = existsSync(join(folder, 'bridge'));
	return {
		wireless: existsSync(join(folder, 'wireless')) || existsSync(join(folder, 'phy80211')) || undefined,
		bridge: isBridge ? { hardware: portsOf(folder).some((port) => existsSync(join(root, port, 'device'))) } : undefined,
		tunnel: ((existsSync(join(folder, 'tun_flags')) || linkType(folder) !== ETHERNET) && !hardware) || undefined,
		hardware,
	};
}

function portsOf(folder: string): string[] {
	try {
		return readdirSync(join(folder, 'brif'));
	} catch {
		return [];
	}
}

function linkType(folder: string): string {
	try {
		return readFileSync(join(folder, 'type'), 'utf8').trim();
	} catch {
		return ETHERNET; // unreadable: nothing suggests another type
	}
}

function routes(): string {
	try {
		return readFileSync('/proc/net/route', 'utf8');
	} catch {
		return '';
	}
}

function hardwarePorts(): string {
	const { code, stdout } = runProgramSync('/usr/sbin/networksetup', ['-listallhardwareports'], LIMIT_MS);
	return code === 0 ? stdout : '';
}
