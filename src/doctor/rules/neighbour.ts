/** Rules of firewalls are asked about a packet from a neighbour: here is one. */
import { dotted, ipv4, type NetworkInterface } from '#network/rules/networks.ts';

/** An address in the subnet of an interface that is not its own, away from the ends where routers sit. */
export function aNeighbour(network: Pick<NetworkInterface, 'address' | 'prefix' | 'onLink'>): string {
	const [linked] = network.prefix === 32 ? (network.onLink ?? []) : [];
	const { address, prefix } = linked ?? network;
	const own = ipv4(address) ?? 0;
	const size = 2 ** (32 - prefix);
	const base = Math.floor(own / size) * size;
	const offset = own - base;
	// Two addresses have no ends (RFC 3021). Of more, one in the other half: it is neither the subnet's name nor its broadcast.
	const other = size <= 2 ? size - 1 - offset : 1 + Math.floor(((size - 2) * (offset < size / 2 ? 3 : 1)) / 4);
	return dotted(base + other);
}
