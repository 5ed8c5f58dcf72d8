/** The sockets of hold's clients: the responder's socket with the limits of a hold. */
import type { Socket } from 'node:net';
import { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';
import { PeerSocket } from '#protocol/ptpip/responder/peer-socket.ts';

/** A client's socket is paused when it has more unread packets than this. */
const UNREAD_FRAMES = 256;
/** How long a client may keep the connection open after we have ended it, in milliseconds. */
const LINGER_MS = 1000;

/** One TCP connection of a client. */
export type ClientSocket = PeerSocket<GatheringWriter>;

/** Wraps a client's TCP connection. @param unreadBytes pause the socket when more payload than this is unread */
export function openClientSocket(socket: Socket, unreadBytes: number): ClientSocket {
	return new PeerSocket(socket, new GatheringWriter(socket), { unreadBytes, unreadFrames: UNREAD_FRAMES, lingerMs: LINGER_MS });
}
