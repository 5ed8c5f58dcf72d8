/** Opens ports the way canon-wifi would, to see whether that works, and closes them again. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { closeUdp } from '#protocol/ssdp/sockets.ts';

/**
 * Opens a UDP port as the responder does: shared, on every address and then also on this one. Resolves to the error code,
 * or to `null`. macOS may refuse the second socket if another user has the port.
 */
export async function tryUdp(port: number, address: string): Promise<string | null> {
	const sockets = [undefined, address].map((at) => ({ at, socket: dgram.createSocket({ type: 'udp4', reuseAddr: true }) }));
	let refused: string | null = null;
	for (const { at, socket } of sockets)
		refused ??= await outcome(socket, () => socket.bind({ port, address: at ?? '0.0.0.0', exclusive: true }));
	await Promise.all(sockets.map(({ socket }) => closeUdp(socket)));
	return refused;
}

/** Listens on a TCP port of an address. Resolves to the error code, or to `null`. */
export async function tryTcp(port: number, address: string): Promise<string | null> {
	const server = net.createServer();
	try {
		return await outcome(server, () => server.listen({ port, host: address, exclusive: true }));
	} finally {
		server.close();
	}
}

/** Resolves to the error code of opening a socket, or to `null` when it listens. */
async function outcome(socket: dgram.Socket | net.Server, open: () => void): Promise<string | null> {
	const listening = once(socket, 'listening');
	socket.on('error', () => {}); // a later error does not matter
	try {
		open();
		await listening;
		return null;
	} catch (error) {
		return codeOf(error);
	}
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
