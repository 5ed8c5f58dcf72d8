/** A computer that answers searches and serves a description, and may do any of it wrongly. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST, UUID } from '../world.ts';

export interface Ways {
	uuid?: string;
	name?: string;
	/** Fields of the answer that are other than they should be; nothing: left out. */
	fields?: Record<string, string | undefined>;
	firstLine?: string;
	lineEnd?: string;
	/** Answers the description's GET instead. */
	serve?(response: ServerResponse): void;
	contentType?: string;
	body?: string;
	/** Answers on this port of SSDP instead of one of its own. */
	ssdpPort?: number;
}

export interface Answerer {
	ssdpPort: number;
	/** Searches as they came. */
	searches: string[];
	fetches: number;
	/** From now on. */
	ways: Ways;
	/** Closes every connection to its web server. */
	hangUp(): void;
	[Symbol.asyncDispose](): Promise<void>;
}

export const document = (uuid: string, name: string): string =>
	`<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>${name}: x:</friendlyName><UDN>uuid:${uuid}</UDN></device></root>`;

export async function startAnswerer(ways: Ways = {}): Promise<Answerer> {
	const web = createServer((_request, response) => {
		answerer.fetches++;
		const { uuid = UUID, name = 'LIVINGROOM', contentType = 'text/xml; charset="utf-8"', body, serve } = answerer.ways;
		if (serve !== undefined) return serve(response);
		response.setHeader('Content-Type', contentType);
		response.end(body ?? document(uuid, name));
	});
	web.listen(0, HOST);
	await once(web, 'listening');
	const udp = createSocket({ type: 'udp4', reuseAddr: true });
	udp.bind(ways.ssdpPort ?? 0);
	await once(udp, 'listening');
	udp.addMembership('239.255.255.250', HOST);
	udp.on('message', (bytes: Uint8Array, from: RemoteInfo) => {
		answerer.searches.push(new TextDecoder().decode(bytes));
		const { uuid = UUID, fields = {}, firstLine = 'HTTP/1.1 200 OK', lineEnd = '\r\n' } = answerer.ways;
		const all: Record<string, string | undefined> = {
			ST: 'upnp:rootdevice',
			USN: `uuid:${uuid}::upnp:rootdevice`,
			LOCATION: `http://${HOST}:${(web.address() as AddressInfo).port}/desc.xml`,
			Server: 'Microsoft-Windows/10.0 UPnP/1.0',
			...fields,
		};
		const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
		udp.send([firstLine, ...lines, '', ''].join(lineEnd), from.port, from.address);
	});
	const answerer: Answerer = {
		ssdpPort: udp.address().port,
		searches: [],
		fetches: 0,
		ways,
		hangUp: () => web.closeAllConnections(),
		async [Symbol.asyncDispose]() {
			const closed = [once(udp, 'close'), once(web, 'close')];
			udp.close();
			web.close();
			web.closeAllConnections();
			await Promise.all(closed);
		},
	};
	return answerer;
}
