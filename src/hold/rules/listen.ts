/** Where clients connect: the address that is listened on, and the lines to give to clients. */
import { isLoopback } from '#base/ipv4-literal.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { requireIpv4 } from '#network/rules/networks.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';

export interface ListenAddress {
	address: string;
	/** 0: any free one. */
	port: number;
	/** Not asked for by hand: the next free port will do. */
	mayMove: boolean;
}

export const DEFAULT_LISTEN: ListenAddress = { address: '127.0.0.1', port: PTPIP_PORT, mayMove: true };

/**
 * `--listen` as it was given: `ADDR:PORT`, `ADDR` or `:PORT`. Throws `notIpv4`, and `usage` for a port that is none or an
 * address that others reach without `--allow-remote`: PTP/IP knows no password.
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

/** Where clients on this computer reach a listener. */
export function reachedAt(address: string): string {
	return address === '0.0.0.0' ? '127.0.0.1' : address;
}

/** gphoto2's name of the port. Both numbers when they are not the usual one: libgphoto2 asks for each connection's. */
export function gphoto2Port(address: string, port: number): string {
	const at = `ptpip:${reachedAt(address)}`;
	return port === PTPIP_PORT ? at : `${at}:${port}:${port}`;
}

/** Command lines to copy. */
export function readyLines(address: string, port: number): readonly string[] {
	return [`gphoto2 --port ${gphoto2Port(address, port)}`, `chdkptp -c"-h=${reachedAt(address)} -p=${port}"`];
}
