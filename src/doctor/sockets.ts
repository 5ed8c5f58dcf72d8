/** Opens ports the way canon-wifi would, to see whether it could, and closes them again. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

/**
 * The error code of opening a UDP port as the responder does, or nothing: shared, on every address and then on this one
 * beside it. macOS may refuse the second where another user has it.
 */
export async function tryUdp(port: number, address: string): Promise<string | null> {
	const sockets = [undefined, address].map((at) => ({ at, socket: dgram.createSocket({ type: 'udp4', reuseAddr: true }) }));
	let refused: string | null = null;
	for (const { at, socket } of sockets)
		refused ??= await outcome(socket, () => socket.bind({ port, ...(at !== undefined && { address: at }), exclusive: true }));
	await Promise.all(sockets.map(({ socket }) => closeUdp(socket)));
	return refused;
}

/** The error code of listening on a TCP port of an address, or nothing. */
export async function tryTcp(port: number, address: string): Promise<string | null> {
	const server = net.createServer();
	try {
		return await outcome(server, () => server.listen({ port, host: address, exclusive: true }));
	} finally {
		server.close();
	}
}

/** The code of the error with which opening ended, or nothing when it listens. */
async function outcome(socket: dgram.Socket | net.Server, open: () => void): Promise<string | null> {
	const listening = once(socket, 'listening');
	socket.on('error', () => {}); // a later one is no news
	try {
		open();
		await listening;
		return null;
	} catch (error) {
		return codeOf(error);
	}
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function closeUdp(socket: dgram.Socket): Promise<void> {
	return new Promise((resolve) => {
		try {
			socket.close(resolve);
		} catch {
			resolve();
		}
	});
}
