/** A neighbour that searches, and hears what comes back. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

export const search = (target = 'upnp:rootdevice') =>
	`M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 3\r\nST: ${target}\r\n\r\n`;

export interface Answer {
	text: string;
	from: string;
	port: number;
}

/** A UDP port of 127.0.0.1 that is free now. */
export async function freeUdpPort(): Promise<number> {
	const socket = createSocket('udp4').bind(0, '127.0.0.1');
	await once(socket, 'listening');
	const { port } = socket.address();
	await new Promise<void>((resolve) => socket.close(resolve));
	return port;
}

/** Someone at `address` who asks the group on `port` by multicast. */
export async function neighbour(address: string, port: number) {
	const socket = createSocket('udp4').bind(0, address);
	await once(socket, 'listening');
	socket.setMulticastInterface(address);
	const answers: Answer[] = [];
	const waiting = new Set<() => void>();
	socket.on('message', (text: Buffer, from: RemoteInfo) => {
		answers.push({ text: text.toString('latin1'), from: from.address, port: from.port });
		for (const wake of waiting) wake();
	});
	const send = (text: string | Uint8Array, to: string) =>
		new Promise<void>((resolve, reject) => socket.send(text, port, to, (error) => (error ? reject(error) : resolve())));
	return {
		answers,
		port: socket.address().port,
		ask: (text: string | Uint8Array = search(), to = '239.255.255.250') => send(text, to),
		/** The next answer that is not there yet, or nothing when the time is up. */
		async next(withinMs = 5000): Promise<Answer | undefined> {
			const had = answers.length;
			await new Promise<void>((resolve) => {
				const done = () => {
					clearTimeout(limit);
					waiting.delete(done);
					resolve();
				};
				const limit = setTimeout(done, withinMs);
				waiting.add(done);
			});
			return answers[had];
		},
		[Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(resolve)),
	};
}
