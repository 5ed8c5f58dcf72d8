/** IPv4 interfaces: what they are, and who is a neighbour on them. */

import { whyNotIpv4 } from '#base/ipv4-literal.ts';
import { CanonWifiError } from '#contract/errors.ts';

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
	/**
	 * Networks whose hosts are neighbours although the address's own subnet does not say so: routes without a router, beside
	 * an address with /32 or with a peer. Absent where it does say so, and on systems other than Linux.
	 */
	onLink?: readonly Subnet[];
}

/** An address and the subnet around it. */
export interface Subnet {
	address: string;
	/** Bits of the subnet mask. */
	prefix: number;
}

/** An IPv4 literal as a number, or nothing. Strict: four decimal numbers without leading zeros. */
export function ipv4(text: string): number | undefined {
	if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/.test(text) || text.endsWith('.')) return undefined;
	const parts = text.split('.').map(Number);
	if (parts.some((part) => part > 255)) return undefined;
	return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** A number as an IPv4 literal. */
export function dotted(value: number): string {
	return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
}

/** Whether an address lies in the subnet of an interface. */
export function sameSubnet(network: Subnet, address: string): boolean {
	const ours = ipv4(network.address);
	const theirs = ipv4(address);
	if (ours === undefined || theirs === undefined) return false;
	const size = 2 ** (32 - network.prefix);
	return Math.floor(ours / size) === Math.floor(theirs / size);
}

/**
 * Whether an address can be that of another host on the interface's own network: in its subnet, but neither the subnet's own
 * name nor its broadcast address, or where a route without a router leads (`onLink`).
 */
export function mayBeNeighbour({ onLink = [], ...network }: Subnet & Pick<NetworkInterface, 'onLink'>, address: string): boolean {
	return [network, ...onLink].some((subnet) => mayBeHostIn(subnet, address));
}

function mayBeHostIn(network: Subnet, address: string): boolean {
	if (!sameSubnet(network, address)) return false;
	const size = 2 ** (32 - network.prefix);
	const host = (ipv4(address) ?? 0) % size;
	return size <= 2 || (host !== 0 && host !== size - 1);
}

/** Whether they are the same interface with the same address and the same neighbours. */
export function sameNetwork(one: NetworkInterface, other: NetworkInterface): boolean {
	const words = ({ name, address, prefix, onLink = [] }: NetworkInterface) =>
		[name, `${address}/${prefix}`, ...onLink.map((subnet) => `${subnet.address}/${subnet.prefix}`)].join(' ');
	return words(one) === words(other);
}

/** Checks an address that a person gave with `flag`; throws `notIpv4` with the reason. */
export function requireIpv4(given: string, flag: string): string {
	if (ipv4(given) !== undefined) return given;
	throw new CanonWifiError('notIpv4', { given, flag, why: whyNotIpv4(given) });
}
