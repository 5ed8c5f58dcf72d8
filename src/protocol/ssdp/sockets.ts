/** UDP sockets for SSDP: to listen to the group, to send to it, and the pair that a responder uses. */
import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { SSDP_GROUP } from './message.ts';

/** UPnP 1.0's time to live for multicast. */
const TTL = 4;
/** Receive buffer in bytes, for bursts on a noisy network; the system may grant less. */
const RECEIVE_BUFFER = 1 << 20;

/** Every address here is a literal. Without this Node would look it up anyway, a turn of the event loop later. */
const literally: SocketOptions['lookup'] = (hostname, _options, done) => done(null, hostname, 4);

const shared = (): Socket => createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });

/** The two sockets that receive and answer searches on one interface. */
export interface SsdpSockets {
	/** Receives multicasts. It is bound to every address, because only such a socket receives them on all systems. */
	readonly multicast: Socket;
	/** Sends answers from the announced address, and receives datagrams sent to that address. */
	readonly unicast: Socket;
	readonly port: number;
	close(): Promise<void>;
}

/** Opens both sockets, shared with other programs as SSDP requires, without joining the group. Rejects with the system's error. */
export async function openSsdpSockets(address: string, port: number): Promise<SsdpSockets> {
	const [multicast, unicast] = [shared(), shared()];
	const both = [multicast, unicast];
	const close = async () => {
		await Promise.all(both.map(closeUdp));
	};
	try {
		await bindUdp(multicast, { port });
		await bindUdp(unicast, { port: multicast.address().port, address });
		multicast.setMulticastTTL(TTL);
		multicast.setMulticastInterface(address);
	} catch (error) {
		await close();
		throw error;
	}
	for (const socket of both) {
		try {
			socket.setRecvBufferSize(RECEIVE_BUFFER);
		} catch {} // the system's own size will do
	}
	return { multicast, unicast, port: multicast.address().port, close };
}

/** Joins the group on the interface of this address. Throws the system's error, also if the socket is a member already. */
export function joinMulticastGroup({ multicast }: Pick<SsdpSockets, 'multicast'>, address: string): void {
	multicast.addMembership(SSDP_GROUP, address);
}

/**
 * Leaves the group with the old sockets and joins it at once with the new ones. Only a membership that ends and begins
 * again is reported to the switches and routers of the network, which may have forgotten it.
 */
export function moveMembership(from: SsdpSockets, to: SsdpSockets, address: string): void {
	try {
		from.multicast.dropMembership(SSDP_GROUP, address);
	} catch {} // it was lost
	joinMulticastGroup(to, address);
}

/** Opens a socket that listens to the group on the interface of `address` and shares the port. Rejects with the system's error. */
export async function groupListener(address: string, port: number): Promise<Socket> {
	const multicast = shared();
	return opened(multicast, async () => {
		await bindUdp(multicast, { port });
		joinMulticastGroup({ multicast }, address);
	});
}

/**
 * Opens a socket that multicasts to the group from `address` and receives the replies. Rejects with the system's error.
 * @param ttl IP time to live; with 1 the datagrams stay in this network
 */
export async function groupSender(address: string, ttl = TTL): Promise<Socket> {
	const socket = createSocket({ type: 'udp4' });
	return opened(socket, async () => {
		await bindUdp(socket, { port: 0, address });
		socket.setMulticastInterface(address);
		socket.setMulticastTTL(ttl);
		socket.setMulticastLoopback(true);
	});
}

/** Binds a socket. Rejects with the system's error. Later errors (ICMP for single datagrams) are ignored. */
async function bindUdp(socket: Socket, at: { port: number; address?: string | undefined }): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		socket.once('error', reject);
		socket.bind({ port: at.port, address: at.address ?? '0.0.0.0', exclusive: true }, () => {
			socket.off('error', reject);
			resolve();
		});
	});
	socket.on('error', () => {});
}

async function opened(socket: Socket, open: () => Promise<void>): Promise<Socket> {
	try {
		await open();
		return socket;
	} catch (error) {
		await closeUdp(socket);
		throw error;
	}
}

/** Closes a socket. Resolves when it is closed, also if it was closed already. */
export function closeUdp(socket: Socket): Promise<void> {
	return new Promise((resolve) => {
		try {
			socket.close(resolve);
		} catch {
			resolve();
		}
	});
}
