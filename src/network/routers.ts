/** Finds the routers in use, with their MACs from the neighbour table. Never sends a packet. */

import { windowsProgram } from '#system/rules/windows-programs.ts';
import type { TableSource } from './neighbours.ts';
import type { RouterSeen } from './ports.ts';
import { gatewayInRouteGet, gatewaysInProc, gatewaysInRoutePrint } from './rules/gateways.ts';

/** Shortest time between two readings of the routes, in milliseconds. Routes change rarely, and on some systems reading them takes a process. */
const EVERY_MS = 60_000;

/** Returns a function that resolves to the routers whose MACs are known. */
export function routerLookup(
	source: TableSource,
	macOf: (address: string) => Promise<string | undefined>,
	now: () => number = () => performance.now(),
): () => Promise<readonly RouterSeen[]> {
	let read: Promise<readonly RouterSeen[]> | undefined;
	let readAt = 0;
	const look = async (): Promise<readonly RouterSeen[]> => {
		const found = await Promise.all((await gateways(source)).map(async (address) => ({ address, mac: await macOf(address) })));
		return found.flatMap(({ address, mac }) => (mac === undefined ? [] : [{ address, mac }]));
	};
	return () => {
		if (read === undefined || now() - readAt >= EVERY_MS) {
			read = look();
			readAt = now();
		}
		return read;
	};
}

async function gateways({ platform, read, run }: TableSource): Promise<string[]> {
	if (platform === 'linux') return gatewaysInProc(await read('/proc/net/route'));
	if (platform === 'win32') return gatewaysInRoutePrint(await run(windowsProgram('route', process.env), ['print', '-4', '0.0.0.0']));
	return gatewayInRouteGet(await run('/sbin/route', ['-n', 'get', 'default']));
}
