/** `doctor`: what is wrong on this computer, and what to do about it. Changes nothing. */

import { CanonWifiError } from '#contract/errors.ts';
import { TOOLS, type ToolId } from '#contract/names.ts';
import type { Probes } from '#doctor/rules/facts.ts';
import { aNeighbour } from '#doctor/rules/neighbour.ts';
import {
	firewallRows,
	httpRow,
	multicastRow,
	natRow,
	networkRows,
	privacyRow,
	ROUTER_ROW,
	routeRow,
	ssdpRow,
} from '#doctor/rules/network-rows.ts';
import { settingsRows, systemRows, toolRow } from '#doctor/rules/program-rows.ts';
import { exitCodeOf, type Row } from '#doctor/rules/rows.ts';
import { chooseNetwork, type NetworkChoice } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { DESC_PORT } from '../shared/flags.ts';
import type { DoctorCall } from './flags.ts';
import { findings } from './text.ts';

export interface DoctorPorts {
	probes: Probes;
	/** Puts colour to a word by what it says; nothing without colours. */
	paint(state: Row['state'], text: string): string;
}

export const needs = ['emit', 'out', 'columns', 'json', 'networks', 'tools', 'probes', 'paint'] as const;

export type DoctorContext = Pick<Context & DoctorPorts, (typeof needs)[number]>;

/** SSDP port of cameras; another one only in tests. */
const SSDP_PORT = 1900;
type Asked = DoctorCall['flags'] & { ssdpPort?: number | undefined };

/** Examines this computer and prints what it found. The exit code comes from errors alone. Throws `usage` and `notIpv4` for a wrong asked. */
export async function run({ flags }: { flags: Asked }, context: DoctorContext): Promise<Outcome> {
	const rows = await examine(flags, context);
	const exitCode = exitCodeOf(rows);
	for (const { topic, state, text, next } of rows) if (context.json) context.emit({ type: 'check', topic, state, text, next });
	if (!context.json) context.out(findings(rows, context));
	const count = (state: Row['state']): number => rows.filter((row) => row.state === state).length;
	return { exitCode, found: { errors: count('error'), warnings: count('warn') } };
}

async function examine(asked: Asked, { networks, probes, tools }: DoctorContext): Promise<Row[]> {
	const system = probes.system();
	const all = networks.list();
	const choice = choose(all, asked);
	const network = choice instanceof CanonWifiError ? undefined : 'chosen' in choice ? choice.chosen : choice.likely[0];
	const [onNetwork, found] = await Promise.all([
		network === undefined ? [] : examineNetwork(network, all, asked, probes),
		Promise.all(TOOLS.map((tool) => tools.find(tool, pathFor(tool, asked.toolPath)))),
	]);
	return [...systemRows(system), ...networkRows(all, choice), ...onNetwork, ...settingsRows(probes.settings()), ...found.map(toolRow)];
}

/** A network that cannot be used is a finding; a call that makes no sense is not. */
function choose(all: readonly NetworkInterface[], asked: Asked): NetworkChoice | CanonWifiError {
	try {
		return chooseNetwork(all, { interface: asked.interface, address: asked.address });
	} catch (error) {
		if (error instanceof CanonWifiError && ['noNetwork', 'noInterface', 'notOurAddress'].includes(error.code)) return error;
		throw error;
	}
}

async function examineNetwork(network: NetworkInterface, all: readonly NetworkInterface[], asked: Asked, probes: Probes): Promise<Row[]> {
	const ssdpPort = asked.ssdpPort ?? SSDP_PORT;
	const descPort = asked.descPort ?? DESC_PORT;
	const where = {
		interface: network.name,
		address: network.address,
		neighbour: aNeighbour(network),
		ports: [
			{ protocol: 'udp', port: ssdpPort },
			{ protocol: 'tcp', port: descPort },
		] as const,
	};
	const system = probes.system();
	// One after the other: the multicast test opens the port that is looked at before it.
	const udp = await probes.udpPort(ssdpPort, network.address);
	const multicast = udp.refused === null ? [multicastRow(await probes.multicast(network.address, ssdpPort), network, system)] : [];
	const [machine, tcp, firewalls, route] = await Promise.all([
		probes.machine(network.name),
		probes.tcpPort(descPort, network.address),
		probes.firewalls(where),
		probes.defaultRoute(),
	]);
	return [
		...natRow(network, machine),
		...routeRow(route, all, network),
		ssdpRow(udp, ssdpPort, network.address, system.platform),
		...multicast,
		...privacyRow(system),
		httpRow(tcp, descPort, asked.descPort !== undefined, system.platform),
		...firewallRows(firewalls, system.platform),
		ROUTER_ROW,
	];
}

function pathFor(tool: ToolId, path: string | undefined): string | undefined {
	if (path === undefined || tool === 'builtin') return undefined;
	return (/gphoto2/i.test(path) ? 'gphoto2' : 'chdkptp') === tool ? path : undefined;
}
