/** Reads the operating system's list of addresses. */
import { ipv4, type NetworkInterface } from './networks.ts';

/** One address of one interface, as the operating system lists it (Node's `os.networkInterfaces`). */
export interface SystemAddress {
	address: string;
	netmask: string;
	family: string;
	mac: string;
	internal: boolean;
}

/** Returns the IPv4 addresses of the system's list, with the mask as a number of bits. */
export function ipv4Addresses(
	list: Readonly<Record<string, readonly SystemAddress[] | undefined>>,
): (Omit<NetworkInterface, 'kind'> & { internal: boolean })[] {
	return Object.entries(list).flatMap(([name, addresses = []]) =>
		addresses
			.filter(({ family, address }) => family === 'IPv4' && ipv4(address) !== undefined)
			.map(({ address, netmask, mac, internal }) => ({ name, address, prefix: prefixOf(netmask), mac: mac.toLowerCase(), internal })),
	);
}

function prefixOf(netmask: string): number {
	const bits = (ipv4(netmask) ?? 0xffff_ffff).toString(2);
	return bits.replaceAll('0', '').length;
}
