/** Reads the interface of the default route. */

/** `/proc/net/route`: destination and mask zero; the smallest metric wins. */
export function readProcRoute(text: string): string | undefined {
	const defaults = text.split('\n').flatMap((line) => {
		const [name = '', destination, , , , , metric = '0', mask] = line.trim().split(/\s+/);
		return destination === '00000000' && mask === '00000000' ? [{ name, metric: Number(metric) }] : [];
	});
	// A VPN often takes the whole world in two halves (0.0.0.0/1 and 128.0.0.0/1), which win over any default.
	const half = /^(\S+)\s+00000000\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+00000080\b/m.exec(text)?.[1];
	return half ?? defaults.sort((a, b) => a.metric - b.metric)[0]?.name;
}

/** macOS: `route -n get default`. */
export function readRouteGet(text: string): string | undefined {
	return /^\s*interface: (\S+)/m.exec(text)?.[1];
}

/** Windows: `route print -4 0.0.0.0`; gives the address of the interface, as Windows does. */
export function readRoutePrint(text: string): string | undefined {
	const routes = [...text.matchAll(/^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+\S+\s+(\d+\.\d+\.\d+\.\d+)\s+(\d+)/gm)];
	return routes.sort((a, b) => Number(a[2]) - Number(b[2]))[0]?.[1];
}
