/** A small EOS Utility, by hand: hears the camera, searches for it, reads its description. PTP-IP is `Line` in world.ts. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import { HOST } from '../../world.ts';

const GROUP = '239.255.255.250';
export const WFT = 'urn:schemas-canon-com:service:ICPO-WFTEOSSystemService:1';

export interface Upnp {
	/** Port of SSDP: one of our own. */
	ssdpPort: number;
	/** The first datagram, heard or to come, that has all these pieces. */
	heard(...pieces: readonly string[]): Promise<string>;
	/** Datagrams so far that have all these pieces. */
	count(...pieces: readonly string[]): number;
	/** Multicasts to the group; answers come to a socket of our own. */
	say(text: string): void;
	[Symbol.asyncDispose](): Promise<void>;
}

/** Joins the group on a port of its own. `address`: where it speaks from. */
export async function listenUpnp(address: string = HOST): Promise<Upnp> {
	const ears = createSocket({ type: 'udp4', reuseAddr: true });
	const mouth = createSocket({ type: 'udp4' });
	const datagrams: string[] = [];
	const waiting = new Set<() => void>();
	const hear = (bytes: Uint8Array, _from: RemoteInfo): void => {
		datagrams.push(new TextDecoder().decode(bytes));
		for (const wake of waiting) wake();
	};
	for (const [socket, where] of [
		[ears, undefined],
		[mouth, address],
	] as [Socket, string | undefined][]) {
		socket.on('message', hear);
		socket.bind({ port: 0, ...(where === undefined ? {} : { address: where }) });
		await once(socket, 'listening');
	}
	ears.addMembership(GROUP, HOST);
	mouth.setMulticastInterface(HOST);
	const ssdpPort = ears.address().port;
	return {
		ssdpPort,
		heard: (...pieces) =>
			new Promise((resolve) => {
				const look = (): void => {
					const found = datagrams.find((text) => pieces.every((piece) => text.includes(piece)));
					if (found === undefined) return;
					waiting.delete(look);
					resolve(found);
				};
				waiting.add(look);
				look();
			}),
		count: (...pieces) => datagrams.filter((text) => pieces.every((piece) => text.includes(piece))).length,
		say: (text) => mouth.send(text, ssdpPort, GROUP),
		async [Symbol.asyncDispose]() {
			const closed = [once(ears, 'close'), once(mouth, 'close')];
			ears.close();
			mouth.close();
			await Promise.all(closed);
		},
	};
}

export const search = (target: string): string =>
	`M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nMan: "ssdp:discover"\r\nMX: 3\r\nST: ${target}\r\n\r\n`;

export interface Got {
	status: number;
	headers: Record<string, unknown>;
	body: string;
}

/** One HTTP request. */
export async function http(url: string, { method = 'GET', body, ...headers }: Record<string, string> = {}): Promise<Got> {
	const asked = request(url, { method, agent: false, headers });
	asked.end(body);
	const [response] = await once(asked, 'response');
	let text = '';
	for await (const piece of response.setEncoding('latin1')) text += piece;
	return { status: response.statusCode, headers: response.headers, body: text };
}

/** What stands in an element of this name. */
export const element = (xml: string, name: string): string | undefined =>
	new RegExp(`<(?:\\w+:)?${name}(?: [^>]*)?>([^<]*)<`).exec(xml)?.[1];

/** The value of a header field in a datagram. */
export const field = (datagram: string, name: string): string | undefined => new RegExp(`^${name}: ?(.*)\r$`, 'im').exec(datagram)?.[1];
