/** The SSDP group on one interface: a socket that hears it, and one that speaks to it and answers from its address. */
import type { RemoteInfo } from 'node:dgram';
import { latin1 } from '#base/bytes.ts';
import { SSDP_GROUP } from './message.ts';
import { closeUdp, groupListener, groupSender } from './sockets.ts';

export interface Group {
	/** Multicasts a message. One that cannot be sent (no route at the moment) is a lost one. */
	multicast(text: string): Promise<void>;
	reply(text: string, to: RemoteInfo): void;
	close(): Promise<void>;
}

/**
 * Joins the group on the interface of `address`. `heard` gets each datagram of the group, and each answer, as text with
 * one character a byte; not what this group itself has sent. Rejects with the system's error when the port cannot be had.
 */
export async function openGroup(address: string, port: number, heard: (text: string, from: RemoteInfo) => void): Promise<Group> {
	const sender = await groupSender(address);
	const listener = await groupListener(address, port).catch(async (error) => {
		await closeUdp(sender);
		throw error;
	});
	const own = sender.address().port;
	const hear = (bytes: Uint8Array, from: RemoteInfo): void => {
		if (from.address !== address || from.port !== own) heard(latin1(bytes), from);
	};
	listener.on('message', hear);
	sender.on('message', hear);
	return {
		multicast: (text) => new Promise((resolve) => sender.send(text, port, SSDP_GROUP, () => resolve())),
		reply: (text, to) => sender.send(text, to.port, to.address, () => {}),
		close: async () => {
			await Promise.all([listener, sender].map(closeUdp));
		},
	};
}
