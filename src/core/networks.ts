/** IPv4 interfaces: what they are, and which of them a camera can be on. */

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

/** An IPv4 literal as a number, or nothing. Strict: four decimal numbers without leading zeros. */
export function ipv4(text: string): number | undefined {
	if (!/^(?:(?:0|[1-9]\d{0,2})(?:\.|$)){4}$/.test(text) || text.endsWith('.')) return undefined;
	const parts = text.split('.').map(Number);
	if (parts.some((part) => part > 255)) return undefined;
	return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Whether an address lies in the subnet of an interface. */
export function sameSubnet(network: Pick<NetworkInterface, 'address' | 'prefix'>, address: string): boolean {
	const ours = ipv4(network.address);
	const theirs = ipv4(address);
	if (ours === undefined || theirs === undefined) return false;
	const size = 2 ** (32 - network.prefix);
	return Math.floor(ours / size) === Math.floor(theirs / size);
}
