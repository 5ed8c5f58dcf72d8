/** Picks an address on the same network, because firewall rules are judged by a packet from a neighbour. */
import { dotted, ipv4, type NetworkInterface } from '#network/rules/networks.ts';

/** Returns another address in the subnet of an interface, away from the ends, where routers usually are. */
export function aNeighbour(network: Pick<NetworkInterface, 'address' | 'prefix' | 'onLink'>): string {
	const [linked] = network.prefix === 32 ? (network.onLink ?? []) : [];
	const { address, prefix } = linked ?? network;
	const own = ipv4(address) ?? 0;
	const size = 2 ** (32 - prefix);
	const base = Math.floor(own / size) * size;
	const offset = own - base;
	// A subnet of two addresses has no ends (RFC 3021). In a larger one take an address in the other half: it is neither the network address nor the broadcast address.
	const other = size <= 2 ? size - 1 - offset : 1 + Math.floor(((size - 2) * (offset < size / 2 ? 3 : 1)) / 4);
	return dotted(base + other);
}
