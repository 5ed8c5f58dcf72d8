/** Reads neighbour tables (IPv4 address to MAC) as Linux, macOS and Windows print them. */

const MAC = /\b[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}\b/i;
/** The MAC in the table for a neighbour that did not answer ARP. */
const UNANSWERED = '00:00:00:00:00:00';

/** Returns a MAC in our form: lower case, colons, two digits each. macOS omits leading zeros, Windows uses dashes. */
function normalised(mac: string): string {
	return mac
		.toLowerCase()
		.split(/[:-]/)
		.map((pair) => pair.padStart(2, '0'))
		.join(':');
}

/**
 * Returns the MAC of an address from the text of `/proc/net/arp`, `ip neigh`, `arp -an` or `arp -a`. In all of them each
 * neighbour has a line with its address and, if known, its MAC. Returns `undefined` for incomplete and failed entries.
 */
export function macInTable(table: string, address: string): string | undefined {
	for (const line of table.split(/\r?\n/)) {
		if (!line.split(/[\s()]+/).includes(address)) continue;
		const mac = MAC.exec(line)?.[0];
		if (mac !== undefined && normalised(mac) !== UNANSWERED) return normalised(mac);
	}
	return undefined;
}

/** Reads the output of macOS' `networksetup -listallhardwareports`. Maps each device name to whether it is a radio. */
export function radiosOf(hardwarePorts: string): Map<string, boolean> {
	const radios = new Map<string, boolean>();
	for (const [, port = '', device = ''] of hardwarePorts.matchAll(/^Hardware Port: (.*)\r?\nDevice: (\S+)/gm))
		radios.set(device, /wi-?fi|airport/i.test(port));
	return radios;
}
