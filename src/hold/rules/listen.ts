/** Where clients connect: the address to listen on, and the command lines to show. */
import { isLoopback } from '#base/ipv4-literal.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { requireIpv4 } from '#network/rules/networks.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';

/** Where to listen. */
export interface ListenAddress {
	address: string;
	/** TCP port; 0 for any free one. */
	port: number;
	/** The port was not given by the user, so the next free one will do. */
	mayMove: boolean;
}

/** Where a hold listens without `--listen`. */
export const DEFAULT_LISTEN: ListenAddress = { address: '127.0.0.1', port: PTPIP_PORT, mayMove: true };

/**
 * Parses `--listen`: `ADDR:PORT`, `ADDR` or `:PORT`. Throws `notIpv4`; throws `usage` for an invalid port, and for an address
 * that other computers can reach without `--allow-remote`, because PTP/IP has no password.
 */
export function listenAddress(given: string | undefined, allowRemote: boolean): ListenAddress {
	if (given === undefined) return DEFAULT_LISTEN;
	const colon = /^[^:]*:[^:]*$/.test(given) ? given.indexOf(':') : -1;
	const host = colon < 0 ? given : given.slice(0, colon);
	const portText = colon < 0 ? '' : given.slice(colon + 1);
	const address = host === '' ? DEFAULT_LISTEN.address : host === 'localhost' ? '127.0.0.1' : requireIpv4(host, '--listen');
	const port = portText === '' ? PTPIP_PORT : Number(portText);
	if (!/^\d*$/.test(portText) || !(port <= 65_535) || (colon >= 0 && portText === ''))
		throw new CanonWifiError('usage', {
			problem: `--listen needs a port from 0 to 65535 after the address, and "${portText}" is none.`,
			next: 'Give it like --listen 127.0.0.1:15740.',
		});
	if (!isLoopback(address) && !allowRemote)
		throw new CanonWifiError('usage', {
			problem: `At ${address} everybody on the network could use the camera: PTP/IP knows no password.`,
			next: 'Listen on 127.0.0.1, or add --allow-remote if that is what you want.',
		});
	return { address, port, mayMove: portText === '' };
}

/** The address at which clients on this computer reach a listener. */
export function reachedAt(address: string): string {
	return address === '0.0.0.0' ? '127.0.0.1' : address;
}

/** gphoto2's name for the port. An unusual port is given twice, because libgphoto2 wants one for each connection. */
export function gphoto2Port(address: string, port: number): string {
	const at = `ptpip:${reachedAt(address)}`;
	return port === PTPIP_PORT ? at : `${at}:${port}:${port}`;
}

/** Builds command lines to copy. */
export function readyLines(address: string, port: number): readonly string[] {
	return [`gphoto2 --port ${gphoto2Port(address, port)}`, `chdkptp -c"-h=${reachedAt(address)} -p=${port}"`];
}
