/** The SSDP group on one interface: a socket that hears it, and one that speaks to it and answers from the camera's address. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { latin1 } from '#base/bytes.ts';
import { bindError } from '../bind-error.ts';
import { SSDP_GROUP } from './search.ts';

export interface Group {
	/** Multicasts a message. One that cannot be sent (no route at the moment) is a lost one. */
	tell(text: string): Promise<void>;
	answer(text: string, to: RemoteInfo): void;
	close(): Promise<void>;
}

/**
 * Joins the group on the interface of `address`. `heard` gets each datagram of the group, and each answer, as text with
 * one character a byte; not what this group itself has sent. Rejects when the port cannot be had.
 */
export async function joinGroup(address: string, port: number, heard: (text: string, from: RemoteInfo) => void): Promise<Group> {
	const ears = createSocket({ type: 'udp4', reuseAddr: true });
	const mouth = createSocket({ type: 'udp4' });
	const close = async (): Promise<void> => {
		await Promise.all([ears, mouth].map(closed));
	};
	try {
		await bind(mouth, 0, address);
		mouth.setMulticastInterface(address);
		mouth.setMulticastTTL(4);
		mouth.setMulticastLoopback(true);
		await bind(ears, port);
		ears.addMembership(SSDP_GROUP, address);
	} catch (error) {
		await close();
		throw bindError(error, { address, what: `UDP port ${port}`, protocol: 'UDP', port });
	}
	const own = mouth.address().port;
	const hear = (bytes: Uint8Array, from: RemoteInfo): void => {
		if (from.address !== address || from.port !== own) heard(latin1(bytes), from);
	};
	ears.on('message', hear);
	mouth.on('message', hear);
	return {
		tell: (text) => new Promise((resolve) => mouth.send(text, port, SSDP_GROUP, () => resolve())),
		answer: (text, to) => mouth.send(text, to.port, to.address, () => {}),
		close,
	};
}

async function bind(socket: Socket, port: number, address?: string): Promise<void> {
	const bound = once(socket, 'listening');
	socket.bind({ port, ...(address === undefined ? {} : { address }) });
	await bound;
	socket.on('error', () => {}); // ICMP errors of single datagrams
}

async function closed(socket: Socket): Promise<void> {
	const gone = once(socket, 'close');
	socket.close();
	await gone;
}
