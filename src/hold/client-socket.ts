/** The connections of hold's clients: the responder's socket with the limits of a hold. */
import type { Socket } from 'node:net';
import { GatheringWriter } from '#protocol/ptpip/responder/gathering-writer.ts';
import { PeerSocket } from '#protocol/ptpip/responder/peer-socket.ts';

/** Unread packets of one client above which its socket is paused. */
const UNREAD_FRAMES = 256;
/** How long a client may stay after we have ended the connection, in milliseconds. */
const LINGER_MS = 1000;

export type ClientSocket = PeerSocket<GatheringWriter>;

/** @param unreadBytes unread payload of one client above which its socket is paused */
export function openClientSocket(socket: Socket, unreadBytes: number): ClientSocket {
	return new PeerSocket(socket, new GatheringWriter(socket), { unreadBytes, unreadFrames: UNREAD_FRAMES, lingerMs: LINGER_MS });
}
