/** Opens ports the way canon-wifi would, to see whether it could, and closes them again. */
import { randomUUID } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import type { MulticastFacts } from '../../core/doctor/facts.ts';
import { SSDP_GROUP } from '../../core/ssdp/message.ts';

/** How long our own datagram may take through the group. */
const HEAR_MS = 1000;

/** The error code of opening a UDP port that is shared as SSDP needs it, or nothing. */
export async function tryUdp(port: number): Promise<string | null> {
	const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
	return outcome(socket, () => socket.bind({ port, exclusive: true })).finally(() => closeUdp(socket));
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

/**
 * Joins the group on the interface of `address`, sends one datagram to it there and listens for it. The datagram is a
 * search for something that nobody is, so that nobody answers, and does not leave the subnet (TTL 1).
 */
export async function tryMulticast(address: string, port: number): Promise<MulticastFacts> {
	const listener = dgram.createSocket({ type: 'udp4', reuseAddr: true });
	const sender = dgram.createSocket({ type: 'udp4', reuseAddr: true });
	const facts: MulticastFacts = { joinRefused: null, sendRefused: null, heard: false };
	try {
		facts.joinRefused = await outcome(listener, () => listener.bind({ port, exclusive: true }));
		facts.joinRefused ??= attempt(() => listener.addMembership(SSDP_GROUP, address));
		facts.sendRefused = await outcome(sender, () => sender.bind({ port: 0, address, exclusive: true }));
		if (facts.joinRefused !== null || facts.sendRefused !== null) return facts;
		facts.sendRefused = attempt(() => {
			sender.setMulticastInterface(address);
			sender.setMulticastTTL(1);
			sender.setMulticastLoopback(true);
		});
		const token = randomUUID();
		const heard = hears(listener, token);
		const search = `M-SEARCH * HTTP/1.1\r\nHOST: ${SSDP_GROUP}:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: urn:canon-wifi:self-test:${token}\r\n\r\n`;
		facts.sendRefused ??= await new Promise<string | null>((resolve) =>
			sender.send(search, port, SSDP_GROUP, (error) => resolve(error === null ? null : codeOf(error))),
		);
		if (facts.sendRefused === null) facts.heard = await heard.promise;
		heard.stop();
		return facts;
	} finally {
		await Promise.all([closeUdp(listener), closeUdp(sender)]);
	}
}

function hears(socket: dgram.Socket, token: string): { promise: Promise<boolean>; stop(): void } {
	let stop = (): void => {};
	const promise = new Promise<boolean>((resolve) => {
		const timer = setTimeout(() => resolve(false), HEAR_MS);
		stop = () => {
			clearTimeout(timer);
			resolve(false);
		};
		socket.on('message', (datagram) => {
			if (!datagram.includes(token)) return;
			clearTimeout(timer);
			resolve(true);
		});
	});
	return { promise, stop };
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

function attempt(work: () => void): string | null {
	try {
		work();
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
