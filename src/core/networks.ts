/** IPv4 interfaces: what they are, and who is a neighbour on them. */
import { CanonWifiError } from './errors.ts';
import { whyNotIpv4 } from './ipv4-literal.ts';

export type NetworkKind = 'wifi' | 'cable' | 'vpn' | 'virtual' | 'linkLocal' | 'loopback' | 'unknown';

export interface NetworkInterface {
	/** The system's name: `wlan0`, `en0`, `Wi-Fi`. */
	name: string;
	address: string;
	/** Bits of the subnet mask, 0 to 32. */
	prefix: number;
	/** Lower case with colons. */
	mac: string;
	kind: NetworkKind;
}

/** An address and the subnet around it. */
export type Subnet = Pick<NetworkInterface, 'address' | 'prefix'>;

/** An IPv4 literal as a number, or nothing. Strict: four decimal numbers without leading zeros. */
export function ipv4(text: string): number | undefined {
	if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/.test(text) || text.endsWith('.')) return undefined;
	const parts = text.split('.').map(Number);
	if (parts.some((part) => part > 255)) return undefined;
	return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Whether an address lies in the subnet of an interface. */
export function sameSubnet(network: Subnet, address: string): boolean {
	const ours = ipv4(network.address);
	const theirs = ipv4(address);
	if (ours === undefined || theirs === undefined) return false;
	const size = 2 ** (32 - network.prefix);
	return Math.floor(ours / size) === Math.floor(theirs / size);
}

/** Whether an address can be that of another host in the subnet: not the subnet's own name, not its broadcast address. */
export function mayBeNeighbour(network: Subnet, address: string): boolean {
	if (!sameSubnet(network, address)) return false;
	const size = 2 ** (32 - network.prefix);
	const host = (ipv4(address) ?? 0) % size;
	return size <= 2 || (host !== 0 && host !== size - 1);
}

/** Checks an address that a person gave with `flag`; throws `notIpv4` with the reason. */
export function requireIpv4(given: string, flag: string): string {
	if (ipv4(given) !== undefined) return given;
	throw new CanonWifiError('notIpv4', { given, flag, why: whyNotIpv4(given) });
}
