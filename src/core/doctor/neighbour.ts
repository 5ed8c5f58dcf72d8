/** Rules of firewalls are asked about a packet from a neighbour: here is one. */
import { ipv4, type NetworkInterface } from '../networks.ts';

/** An address in the subnet of an interface that is not its own, away from the ends where routers sit. */
export function aNeighbour({ address, prefix }: Pick<NetworkInterface, 'address' | 'prefix'>): string {
	const own = ipv4(address) ?? 0;
	const size = 2 ** (32 - prefix);
	const base = Math.floor(own / size) * size;
	const offset = own - base;
	const other = Math.floor((size * (offset > size / 2 ? 1 : 3)) / 4);
	return dotted(base + (other === offset ? (offset + 1) % size : other));
}

function dotted(value: number): string {
	return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
}
