/** Reads words that rules of nftables and iptables have in common: addresses, ports and interface names. */
import { ipv4, sameSubnet } from '#network/rules/networks.ts';

/** Whether an IPv4 address lies in `10.0.0.0/8`, `10.0.0.1`, or `10.0.0.1-10.0.0.9`; `undefined` if the text is not understood. */
export function inAddresses(address: string, written: string): boolean | undefined {
	const range = /^([\d.]+)-([\d.]+)$/.exec(written);
	const value = ipv4(address);
	if (range) {
		const [low, high] = [ipv4(range[1] ?? ''), ipv4(range[2] ?? '')];
		return value === undefined || low === undefined || high === undefined ? undefined : value >= low && value <= high;
	}
	const [network = '', prefix = '32'] = written.split('/');
	const bits = prefix.includes('.') ? bitsOf(prefix) : Number(prefix);
	if (ipv4(network) === undefined || bits === undefined || !(bits >= 0 && bits <= 32)) return undefined;
	return sameSubnet({ address: network, prefix: bits }, address);
}

function bitsOf(mask: string): number | undefined {
	const value = ipv4(mask);
	return value === undefined ? undefined : value.toString(2).replaceAll('0', '').length;
}

/** Whether a port lies in `8043`, `8000-9000` or `8000:9000`; `undefined` if the text is not understood. */
export function inPorts(port: number, written: string): boolean | undefined {
	const [low, high] = written.split(/[-:]/);
	const [from, to] = [Number(low || 0), Number(high === undefined ? low : high || 65_535)];
	return Number.isInteger(from) && Number.isInteger(to) ? port >= from && port <= to : undefined;
}

/** Whether a rule names this interface. A name that ends in `*` (nftables) or `+` (iptables) matches by its beginning. */
export function isInterface(name: string, written: string): boolean {
	return /[*+]$/.test(written) ? name.startsWith(written.slice(0, -1)) : name === written;
}

/** Combines tests of which one must hold. One that holds decides, even if another is uncertain. */
export function anyOf(tests: readonly (boolean | undefined)[]): boolean | undefined {
	if (tests.includes(true)) return true;
	return tests.includes(undefined) ? undefined : false;
}
