/** The checks of `doctor` on the running system. */
import fs from 'node:fs';
import os from 'node:os';
import { tryHearing } from '#discovery/computer/hearing-probe.ts';
import { type RunProgram, runProgram } from '#system/run-program.ts';
import { askFirewalls } from './firewalls.ts';
import { type HolderSearch, portHolders } from './holders.ts';
import { type MachineSources, machineFacts } from './machine.ts';
import type { Holder, PortFacts, Probes } from './rules/facts.ts';
import { IN_THE_WORLD, readIpRouteGet, readProcRoute, readRouteGet, readRoutePrint } from './rules/routes.ts';
import { settingsFacts } from './settings.ts';
import { tryTcp, tryUdp } from './sockets.ts';

/**
 * Returns the checks for this system.
 * @param settingsFolder where this run keeps its settings
 * @param machine replaces the sources of the facts about the computer, for tests
 */
export function systemProbes(settingsFolder: string, machine: Partial<MachineSources> = {}): Probes {
	const { platform } = process;
	// The holders are searched before the port is opened, otherwise we would find ourselves.
	const facts = async (search: Promise<HolderSearch>, open: () => Promise<string | null>): Promise<PortFacts> => {
		const found = await search;
		return { ...found, refused: await open() };
	};
	return {
		system: () => ({ platform, release: os.release(), node: process.versions.node }),
		machine: (name) => machineFacts(name, machine),
		udpPort: (port, address) => facts(portHolders('udp', port, platform, runProgram), () => tryUdp(port, address)),
		tcpPort: (port, address) => facts(portHolders('tcp', port, platform, runProgram), () => tryTcp(port, address)),
		multicast: tryHearing,
		firewalls: (where) => askFirewalls(where, platform, runProgram),
		defaultRoute: () => defaultRoute(),
		settings: () => settingsFacts(settingsFolder),
	};
}

/** Resolves to the programs other than this process that have a port open, as far as the system shows them. */
export async function otherHolders(protocol: 'udp' | 'tcp', port: number): Promise<Holder[]> {
	return (await portHolders(protocol, port, process.platform, runProgram)).holders.filter(({ pid }) => pid !== process.pid);
}

/** Resolves to the interface of the default route (on Windows to its address), or to `undefined` if there is none. */
export async function defaultRoute(platform: string = process.platform, run: RunProgram = runProgram): Promise<string | undefined> {
	if (platform === 'win32') return readRoutePrint((await run('route', ['print', '-4'])).stdout);
	if (platform === 'darwin') return readRouteGet((await run('route', ['-n', 'get', IN_THE_WORLD])).stdout);
	const said = await run('ip', ['-4', 'route', 'get', IN_THE_WORLD]);
	if (!said.missing && platform === 'linux') return said.code === 0 ? readIpRouteGet(said.stdout) : undefined; // fails without a route
	try {
		return readProcRoute(fs.readFileSync('/proc/net/route', 'utf8'));
	} catch {
		return undefined;
	}
}
