/** The port `Probes` of the running system. */
import fs from 'node:fs';
import os from 'node:os';
import type { Holder, PortFacts, Probes } from '../../core/doctor/facts.ts';
import { readProcRoute, readRouteGet, readRoutePrint } from '../../core/doctor/routes.ts';
import { tryHearing } from '../hearing-probe.ts';
import { askFirewalls } from './firewalls.ts';
import { type HolderSearch, linuxHolders, lsofHolders, windowsHolders } from './holders.ts';
import { type MachineSources, machineFacts } from './machine.ts';
import { runProgram } from './run-program.ts';
import { settingsFacts } from './settings.ts';
import { tryTcp, tryUdp } from './sockets.ts';

/**
 * @param settingsFolder where this run keeps its settings
 * @param machine other places to look at for the kind of computer; for tests
 */
export function systemProbes(settingsFolder: string, machine: Partial<MachineSources> = {}): Probes {
	const { platform } = process;
	// The holders are looked for before the port is opened: else we would find ourselves.
	const facts = async (search: Promise<HolderSearch>, open: () => Promise<string | null>): Promise<PortFacts> => {
		const found = await search;
		return { ...found, refused: await open() };
	};
	return {
		system: () => ({ platform, release: os.release(), node: process.versions.node }),
		machine: (name) => machineFacts(name, machine),
		udpPort: (port) => facts(holders('udp', port), () => tryUdp(port)),
		tcpPort: (port, address) => facts(holders('tcp', port), () => tryTcp(port, address)),
		multicast: tryHearing,
		firewalls: (where) => askFirewalls(where, platform, runProgram),
		defaultRoute,
		settings: () => settingsFacts(settingsFolder),
	};
}

/** Who has a port open besides this process, as far as that can be seen. */
export async function otherHolders(protocol: 'udp' | 'tcp', port: number): Promise<Holder[]> {
	return (await holders(protocol, port)).holders.filter(({ pid }) => pid !== process.pid);
}

async function holders(protocol: 'udp' | 'tcp', port: number): Promise<HolderSearch> {
	if (process.platform === 'linux') return linuxHolders(protocol, port);
	return process.platform === 'win32' ? windowsHolders(protocol, port, runProgram) : lsofHolders(protocol, port, runProgram);
}

async function defaultRoute(): Promise<string | undefined> {
	if (process.platform === 'linux') {
		try {
			return readProcRoute(fs.readFileSync('/proc/net/route', 'utf8'));
		} catch {
			return undefined;
		}
	}
	if (process.platform === 'darwin') return readRouteGet((await runProgram('route', ['-n', 'get', 'default'])).stdout);
	return readRoutePrint((await runProgram('route', ['print', '-4', '0.0.0.0'])).stdout);
}
