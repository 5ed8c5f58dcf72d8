/** IPv4 interfaces, and which addresses are neighbours on them. */

import { whyNotIpv4 } from '#base/ipv4-literal.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** What an interface leads to. */
export type NetworkKind = 'wifi' | 'cable' | 'vpn' | 'virtual' | 'linkLocal' | 'loopback' | 'unknown';

/** An interface with one of its IPv4 addresses. */
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
	 * Networks whose hosts are neighbours although they are outside the address's own subnet: routes without a router, beside
	 * an address with /32 or with a peer. Absent where there are none, and on systems other than Linux.
	 */
	onLink?: readonly Subnet[] | undefined;
}

/** An address and the subnet around it. */
export interface Subnet {
	address: string;
	/** Bits of the subnet mask. */
	prefix: number;
}

/** Parses an IPv4 literal strictly, as four decimal numbers without leading zeros; `undefined` for anything else. */
export function ipv4(text: string): number | undefined {
	if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/.test(text) || text.endsWith('.')) return undefined;
	const parts = text.split('.').map(Number);
	if (parts.some((part) => part > 255)) return undefined;
	return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Formats a number as an IPv4 literal. */
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
 * Whether an address can belong to another host on the interface's own network. It must lie in the interface's subnet or in
 * one of `onLink`, and be neither the subnet's network address nor its broadcast address.
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

/** Whether both are the same interface with the same address and the same neighbours. */
export function sameNetwork(one: NetworkInterface, other: NetworkInterface): boolean {
	const words = ({ name, address, prefix, onLink = [] }: NetworkInterface) =>
		[name, `${address}/${prefix}`, ...onLink.map((subnet) => `${subnet.address}/${subnet.prefix}`)].join(' ');
	return words(one) === words(other);
}

/** Returns an address that a person gave with `flag`, or throws `notIpv4` with the reason. */
export function requireIpv4(given: string, flag: string): string {
	if (ipv4(given) !== undefined) return given;
	throw new CanonWifiError('notIpv4', { given, flag, why: whyNotIpv4(given) });
}
