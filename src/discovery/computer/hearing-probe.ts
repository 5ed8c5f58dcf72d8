/** Sends test searches from a separate socket, and waits until they are heard where cameras' searches would be. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { SSDP_GROUP, searchTarget } from '#protocol/ssdp/message.ts';
import { closeUdp, groupSender, joinMulticastGroup, openSsdpSockets, type SsdpSockets } from '#protocol/ssdp/sockets.ts';
import type { MulticastFacts } from './rules/hearing.ts';
import { type Heard, type ProbeWay, probeOf, probeSearch } from './rules/hearing.ts';

/** When the searches are sent, in milliseconds. Several, because a noisy network may lose one. */
const SENT_AT_MS = [0, 300, 600] as const;
/** How long they may take, in milliseconds. */
const HEAR_MS = 1000;

/** Calls `heard` with the target of each search, until the returned function is called. */
export type Listen = (heard: (target: string) => void) => () => void;

/**
 * Sends test searches to the group and to `address` alone, from the interface of that address and not beyond its network
 * (TTL 1). Resolves when both were heard, after a second, or when the signal is aborted. Never rejects.
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
	const sender = await groupSender(address, 1).catch((error) => codeOf(error));
	try {
		const sendRefused = typeof sender === 'string' ? sender : await sendRepeatedly(sender, { address, port, token, over: over.signal });
		return { sendRefused, group: heard.has('group'), alone: heard.has('alone') };
	} finally {
		unlisten();
		signal?.removeEventListener('abort', stop);
		if (typeof sender !== 'string') await closeUdp(sender);
	}
}

/** How test searches are sent. */
interface Sending {
	address: string;
	port: number;
	token: string;
	/** Aborted when both were heard or the caller has given up. */
	over: AbortSignal;
}

/** Sends both searches a few times. Resolves to the error code when one to the group could not be sent, else `null`. */
async function sendRepeatedly(sender: Socket, { address, port, token, over }: Sending): Promise<string | null> {
	const send = (way: ProbeWay): Promise<string | null> =>
		new Promise((resolve) =>
			sender.send(probeSearch(token, way), port, way === 'group' ? SSDP_GROUP : address, (error) => resolve(error ? codeOf(error) : null)),
		);
	for (const [index, at] of SENT_AT_MS.entries()) {
		const refused = await send('group');
		await send('alone');
		if (refused !== null || over.aborted) return refused;
		await sleep((SENT_AT_MS[index + 1] ?? HEAR_MS) - at, undefined, { signal: over }).catch(() => {});
	}
	return null;
}

/** Opens sockets as the responder would, and tests whether they hear searches. */
export async function tryHearing(address: string, port: number): Promise<MulticastFacts> {
	let sockets: SsdpSockets;
	try {
		sockets = await openSsdpSockets(address, port);
	} catch (error) {
		return { joinRefused: codeOf(error), sendRefused: null, heard: false };
	}
	try {
		joinMulticastGroup(sockets, address);
		const { sendRefused, group, alone } = await probeHearing(address, port, (heard) => listenOn(sockets, heard));
		return { joinRefused: null, sendRefused, heard: group, heardAlone: group ? alone : undefined };
	} catch (error) {
		return { joinRefused: codeOf(error), sendRefused: null, heard: false };
	} finally {
		await sockets.close();
	}
}

function listenOn({ multicast, unicast }: SsdpSockets, heard: (target: string) => void): () => void {
	const hear = (datagram: Buffer) => {
		const target = searchTarget(datagram);
		if (target !== undefined) heard(target);
	};
	for (const socket of [multicast, unicast]) socket.on('message', hear);
	return () => {
		for (const socket of [multicast, unicast]) socket.off('message', hear);
	};
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
