/** Sends searches of our own from a socket apart, and waits until they are heard where cameras' searches would be. */
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MulticastFacts } from '#doctor/rules/facts.ts';
import { SSDP_GROUP, searchTarget } from '#protocol/ssdp/message.ts';
import { joinGroup, openSsdpSockets, type SsdpSockets } from '#protocol/ssdp/sockets.ts';
import { type Heard, type ProbeWay, probeOf, probeSearch } from './rules/hearing.ts';

/** Times at which the searches are sent, in milliseconds: a noisy network may cost one. */
const SENT_AT_MS = [0, 300, 600] as const;
/** How long they may take. */
const HEAR_MS = 1000;

/** Hands on the targets of searches until the function that it returns is called. */
export type Listen = (heard: (target: string) => void) => () => void;

/**
 * Sends to the group and to `address` alone, from the interface of that address and not beyond its network (TTL 1).
 * Resolves when both were heard, or after a second, or when the signal is aborted; never rejects.
 */
export async function probeHearing(address: string, port: number, listen: Listen, signal?: AbortSignal): Promise<Heard> {
	const token = randomUUID();
	const heard = new Set<ProbeWay>();
	const over = new AbortController();
	const stop = () => over.abort();
	signal?.addEventListener('abort', stop, { once: true });
	if (signal?.aborted === true) stop();
	const unlisten = listen((target) => {
		const probe = probeOf(target);
		if (probe?.token !== token) return;
		heard.add(probe.way);
		if (heard.size === 2) stop();
	});
	const sender = createSocket({ type: 'udp4', reuseAddr: true });
	sender.on('error', () => {}); // a later one is no news
	const send = (way: ProbeWay): Promise<string | null> =>
		new Promise((resolve) =>
			sender.send(probeSearch(token, way), port, way === 'group' ? SSDP_GROUP : address, (error) => resolve(error ? codeOf(error) : null)),
		);
	try {
		let sendRefused = await opened(sender, address);
		if (sendRefused === null)
			for (const [index, at] of SENT_AT_MS.entries()) {
				sendRefused = await send('group');
				await send('alone');
				if (sendRefused !== null || over.signal.aborted) break;
				await sleep((SENT_AT_MS[index + 1] ?? HEAR_MS) - at, undefined, { signal: over.signal }).catch(() => {});
			}
		return { sendRefused, group: heard.has('group'), alone: heard.has('alone') };
	} finally {
		unlisten();
		signal?.removeEventListener('abort', stop);
		sender.close();
	}
}

/** Opens sockets the way canon-wifi would, and probes whether they hear. */
export async function tryHearing(address: string, port: number): Promise<MulticastFacts> {
	let sockets: SsdpSockets;
	try {
		sockets = await openSsdpSockets(address, port);
	} catch (error) {
		return { joinRefused: codeOf(error), sendRefused: null, heard: false };
	}
	try {
		joinGroup(sockets, address);
		const { sendRefused, group, alone } = await probeHearing(address, port, (heard) => listenOn(sockets, heard));
		return { joinRefused: null, sendRefused, heard: group, ...(group && { heardAlone: alone }) };
	} catch (error) {
		return { joinRefused: codeOf(error), sendRefused: null, heard: false };
	} finally {
		await sockets.close();
	}
}

function listenOn({ ear, voice }: SsdpSockets, heard: (target: string) => void): () => void {
	const hear = (datagram: Buffer) => {
		const target = searchTarget(datagram);
		if (target !== undefined) heard(target);
	};
	for (const socket of [ear, voice]) socket.on('message', hear).on('error', () => {}); // a later one is no news
	return () => {
		for (const socket of [ear, voice]) socket.off('message', hear);
	};
}

/** Binds the socket to the interface; gives the error code if that did not work. */
async function opened(socket: Socket, address: string): Promise<string | null> {
	try {
		const listening = once(socket, 'listening');
		socket.bind({ port: 0, address, exclusive: true });
		await listening;
		socket.setMulticastInterface(address);
		socket.setMulticastTTL(1);
		socket.setMulticastLoopback(true);
		return null;
	} catch (error) {
		return codeOf(error);
	}
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
