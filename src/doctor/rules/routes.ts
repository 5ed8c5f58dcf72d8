/**
 * Reads through which interface traffic to the internet leaves. A VPN often takes the internet in two halves (0.0.0.0/1 and
 * 128.0.0.0/1), which win over any default route, or (wg-quick) with a routing table of its own.
 */

/** An address on the internet, one of those reserved for documentation (RFC 5737). It is only used to ask for a route. */
export const IN_THE_WORLD = '198.51.100.1';

/** Reads `ip -4 route get 198.51.100.1` on Linux, which considers every table and rule. */
export function readIpRouteGet(text: string): string | undefined {
	return /^[\d.]+ .*\bdev (\S+)/m.exec(text)?.[1];
}

/** Reads `/proc/net/route`, for systems without `ip`. A default route has destination and mask zero; the smallest metric wins. */
export function readProcRoute(text: string): string | undefined {
	const defaults = text.split('\n').flatMap((line) => {
		const [name = '', destination, , , , , metric = '0', mask] = line.trim().split(/\s+/);
		return destination === '00000000' && mask === '00000000' ? [{ name, metric: Number(metric) }] : [];
	});
	const half = /^(\S+)\s+00000000\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+00000080\b/m.exec(text)?.[1];
	return half ?? defaults.sort((a, b) => a.metric - b.metric)[0]?.name;
}

/** Reads `route -n get 198.51.100.1` on macOS, which considers the whole table. */
export function readRouteGet(text: string): string | undefined {
	return /^\s*interface: (\S+)/m.exec(text)?.[1];
}

/** Reads `route print -4` on Windows and returns the address of the interface, as Windows prints it. The word for "On-link" is translated and may contain spaces. */
export function readRoutePrint(text: string): string | undefined {
	const routes = [...text.matchAll(/^\s*(\d+\.0\.0\.0)\s+(0|128)\.0\.0\.0\s+\S.*?\s+(\d+\.\d+\.\d+\.\d+)\s+(\d+)\s*$/gm)].map(
		([, destination, mask, by, metric]) => ({ destination, half: mask === '128', by, metric: Number(metric) }),
	);
	const world = routes.filter(({ destination, half }) => destination === '0.0.0.0' || (half && destination === '128.0.0.0'));
	return world.sort((a, b) => Number(b.half) - Number(a.half) || a.metric - b.metric)[0]?.by;
}
