/**
 * Reads which interface traffic to the world leaves by. A VPN often takes the world in two halves (0.0.0.0/1 and 128.0.0.0/1),
 * which win over any default, or (wg-quick) by a routing table of its own.
 */

/** An address in the world, of those that are kept for documentation (RFC 5737): only routes are asked about it. */
export const IN_THE_WORLD = '198.51.100.1';

/** Linux: `ip -4 route get 198.51.100.1`, which knows every table and rule. */
export function readIpRouteGet(text: string): string | undefined {
	return /^[\d.]+ .*\bdev (\S+)/m.exec(text)?.[1];
}

/** `/proc/net/route`, where there is no `ip`: destination and mask zero; the smallest metric wins. */
export function readProcRoute(text: string): string | undefined {
	const defaults = text.split('\n').flatMap((line) => {
		const [name = '', destination, , , , , metric = '0', mask] = line.trim().split(/\s+/);
		return destination === '00000000' && mask === '00000000' ? [{ name, metric: Number(metric) }] : [];
	});
	const half = /^(\S+)\s+00000000\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+00000080\b/m.exec(text)?.[1];
	return half ?? defaults.sort((a, b) => a.metric - b.metric)[0]?.name;
}

/** macOS: `route -n get 198.51.100.1`, which says what the whole table comes to. */
export function readRouteGet(text: string): string | undefined {
	return /^\s*interface: (\S+)/m.exec(text)?.[1];
}

/** Windows: `route print -4`; gives the address of the interface, as Windows does. The word for "On-link" is translated, and may have spaces. */
export function readRoutePrint(text: string): string | undefined {
	const routes = [...text.matchAll(/^\s*(\d+\.0\.0\.0)\s+(0|128)\.0\.0\.0\s+\S.*?\s+(\d+\.\d+\.\d+\.\d+)\s+(\d+)\s*$/gm)].map(
		([, destination, mask, by, metric]) => ({ destination, half: mask === '128', by, metric: Number(metric) }),
	);
	const world = routes.filter(({ destination, half }) => destination === '0.0.0.0' || (half && destination === '128.0.0.0'));
	return world.sort((a, b) => Number(b.half) - Number(a.half) || a.metric - b.metric)[0]?.by;
}
