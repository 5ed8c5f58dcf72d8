/** Connections without any HTTP in between. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Everything that comes back until the other side closes or resets. */
export function all(socket: Socket): Promise<string> {
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	socket.on('error', () => {}); // a reset ends it like a close
	return new Promise((resolve) => socket.once('close', () => resolve(chunks.join(''))));
}

export async function connected(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
	const socket = connect({ port, host: '127.0.0.1', localAddress });
	await once(socket, 'connect');
	return socket;
}

/** Sends raw bytes on a connection of their own, and gives back what was answered. */
export async function say(port: number, bytes: string | Uint8Array, localAddress?: string): Promise<string> {
	const socket = await connected(port, localAddress);
	const answer = all(socket);
	socket.write(bytes);
	return answer;
}
