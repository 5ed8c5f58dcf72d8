/** The two sockets that hear and answer searches on one interface. */
import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { SSDP_GROUP } from './message.ts';

/** UPnP 1.0's time to live for multicast. */
const TTL = 4;
/** Room for the bursts of a noisy network; the system may grant less. */
const RECEIVE_BUFFER = 1 << 20;

export interface SsdpSockets {
	/** Hears multicasts. Bound to every address, since no other socket gets them on all systems. */
	readonly ear: Socket;
	/** Answers, so that answers come from the announced address; hears what is sent to that address alone. */
	readonly voice: Socket;
	readonly port: number;
	close(): Promise<void>;
}

/** Opens both, shared with other programs as SSDP needs it; the group is not joined yet. Rejects with the system's error. */
export async function openSsdpSockets(address: string, port: number): Promise<SsdpSockets> {
	const [ear, voice] = [socket(), socket()];
	const closed = Promise.all([ear, voice].map((one) => new Promise<void>((resolve) => one.once('close', resolve))));
	let closing = false;
	const close = async () => {
		if (!closing) for (const one of [ear, voice]) one.close();
		closing = true;
		await closed;
	};
	try {
		await bind(ear, port);
		await bind(voice, ear.address().port, address);
		ear.setMulticastTTL(TTL);
		ear.setMulticastInterface(address);
	} catch (error) {
		await close();
		throw error;
	}
	for (const one of [ear, voice]) {
		try {
			one.setRecvBufferSize(RECEIVE_BUFFER);
		} catch {} // the system's own size will do
	}
	return { ear, voice, port: ear.address().port, close };
}

/** Joins the group on the interface of this address. Throws the system's error, also when it is joined already. */
export function joinGroup({ ear }: SsdpSockets, address: string): void {
	ear.addMembership(SSDP_GROUP, address);
}

/**
 * Leaves the group with the old sockets and joins it with the new ones, with nothing in between: only a membership that ends
 * and begins again is told to the switches and routers of the network, which may have forgotten it.
 */
export function moveMembership(from: SsdpSockets, to: SsdpSockets, address: string): void {
	try {
		from.ear.dropMembership(SSDP_GROUP, address);
	} catch {} // it was lost
	joinGroup(to, address);
}

/** Every address here is a literal; Node would look it up all the same, a turn of the event loop later. */
const literally: SocketOptions['lookup'] = (hostname, _options, done) => done(null, hostname, 4);

const socket = (): Socket => createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });

function bind(one: Socket, port: number, address?: string): Promise<void> {
	return new Promise((resolve, reject) => {
		one.once('error', reject);
		one.bind({ port, ...(address !== undefined && { address }), exclusive: true }, () => {
			one.off('error', reject);
			resolve();
		});
	});
}
