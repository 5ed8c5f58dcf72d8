/** Neighbour tables (IPv4 address to MAC) as Linux, macOS and Windows print them. */

const MAC = /\b[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}\b/i;
/** What tables hold for a neighbour that was asked for and did not answer. */
const NOBODY = '00:00:00:00:00:00';

/** A MAC as we write it: lower case, colons, two digits each. macOS leaves out leading zeros, Windows uses dashes. */
function normalised(mac: string): string {
	return mac
		.toLowerCase()
		.split(/[:-]/)
		.map((pair) => pair.padStart(2, '0'))
		.join(':');
}

/**
 * The MAC of one address, from the text of `/proc/net/arp`, `ip neigh`, `arp -an` or `arp -a`: in all of them each neighbour has
 * a line of its own that holds its address and, if it is known, its MAC. Nothing for entries that are incomplete or failed.
 */
export function macInTable(table: string, address: string): string | undefined {
	for (const line of table.split(/\r?\n/)) {
		if (!line.split(/[\s()]+/).includes(address)) continue;
		const mac = MAC.exec(line)?.[0];
		if (mac !== undefined && normalised(mac) !== NOBODY) return normalised(mac);
	}
	return undefined;
}

/** The hardware ports that are radios, from the text of macOS's `networksetup -listallhardwareports`: device name to yes or no. */
export function radiosOf(hardwarePorts: string): Map<string, boolean> {
	const radios = new Map<string, boolean>();
	for (const [, port = '', device = ''] of hardwarePorts.matchAll(/^Hardware Port: (.*)\r?\nDevice: (\S+)/gm))
		radios.set(device, /wi-?fi|airport/i.test(port));
	return radios;
}
