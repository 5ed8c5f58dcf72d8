/** The SSDP multicast group on one interface: one socket listens to it, another sends and replies. */
import type { RemoteInfo } from 'node:dgram';
import { latin1 } from '#base/bytes.ts';
import { SSDP_GROUP } from './message.ts';
import { closeUdp, groupListener, groupSender } from './sockets.ts';

/** Membership in the SSDP group on one interface. */
export interface Group {
	/** Multicasts a message. A message that cannot be sent (no route at the moment) is lost. */
	multicast(text: string): Promise<void>;
	/** Sends a message to one host. */
	reply(text: string, to: RemoteInfo): void;
	close(): Promise<void>;
}

/**
 * Joins the group on the interface of `address`. `heard` gets each datagram sent to the group or to us, as text with one
 * character per byte, except our own messages. Rejects with the system's error if the port cannot be opened.
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
