/**
 * Finds neighbours outside the subnet of an interface's address. Beside an address with /32 or with a peer (point-to-point)
 * the kernel has routes to the neighbours, which Linux lists in /proc/net/route.
 */
import { dotted, ipv4, type NetworkInterface, type Subnet, sameSubnet } from './networks.ts';

/** Flags of a route (Linux' route.h). */
const UP = 0x1;
const GATEWAY = 0x2;
const REJECT = 0x200;

/** Shortest prefix that counts. A tunnel's route to half of the internet must not make everyone a neighbour. */
const LARGEST = 16;

/** /proc/net/route prints addresses in the processor's byte order. */
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

type Route = Subnet & { name: string };

/** Returns the routes that lead to neighbours without a router. */
function onLinkRoutes(table: string): Route[] {
	return table.split('\n').flatMap((line) => {
		const [name = '', destination = '', , flags = '', , , , mask = ''] = line.trim().split(/\s+/);
		const set = Number.parseInt(flags, 16);
		if (![destination, mask].every((word) => /^[0-9A-F]{8}$/i.test(word)) || (set & (UP | GATEWAY | REJECT)) !== UP) return [];
		return [{ name, address: dotted(number(destination)), prefix: number(mask).toString(2).replaceAll('0', '').length }];
	});
}

function number(hex: string): number {
	const bytes = hex.match(/../g) ?? [];
	return Number.parseInt((LITTLE_ENDIAN ? bytes.reverse() : bytes).join(''), 16);
}

/**
 * Adds `onLink` to interfaces whose routes do not include the address's own subnet: all their routes without a router,
 * except those that belong to another address of the interface.
 * @param table text of /proc/net/route
 */
export function withOnLink(networks: readonly NetworkInterface[], table: string): NetworkInterface[] {
	const routes = onLinkRoutes(table);
	return networks.map((network) => {
		const own = routes.filter(({ name, prefix }) => name === network.name.replace(/:.*$/, '') && prefix >= LARGEST);
		if (network.kind === 'loopback' || own.some((route) => isSubnetOf(route, network))) return network;
		const onLink = own.filter((route) => !networks.some((other) => other.name === network.name && isSubnetOf(route, other)));
		if (onLink.length === 0 && network.prefix < 31) return network;
		return { ...network, onLink: onLink.map(({ address, prefix }) => ({ address, prefix })) };
	});
}

function isSubnetOf(route: Subnet, network: Subnet): boolean {
	return route.prefix === network.prefix && sameSubnet(network, route.address) && ipv4(route.address) !== undefined;
}
