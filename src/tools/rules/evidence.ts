/** What connections tell of a gphoto2 that does not say itself whether the camera has opened a session. */

/** Connections of a tool to the camera, as the system shows them. */
export interface Sockets {
	/** For how long both connections of PTP/IP have been there, in milliseconds. */
	readonly bothForMs: number;
	/** The most bytes that were received on one of them; nothing where the system does not say. */
	readonly received?: number | undefined;
}

/**
 * Until the camera has opened the session, its command connection brings no more than the Ack, with a name of 39 characters
 * at most (112 bytes), and answers to three OpenSessions (14 bytes each). Then comes the DeviceInfo: a camera's lists of
 * operations and properties alone have more than 100 bytes.
 */
const SESSION_BYTES = 200;
/**
 * libgphoto2 2.5.30 gives up a camera that does not answer its OpenSession after 7.5 s (measured), and says so after the first
 * 2.5 s. So connections that stand for longer, without such a word, belong to a session.
 */
const SESSION_MS = 9000;

/** What the connections show: `session`, by what came in; `open`, by the time that they have stood; nothing yet. */
export function evidenceOf({ bothForMs, received }: Sockets): 'session' | 'open' | undefined {
	if (bothForMs > 0 && received !== undefined && received >= SESSION_BYTES) return 'session';
	return bothForMs >= SESSION_MS ? 'open' : undefined;
}

/** Bytes received on each connection, by its inode, from what `ss -tine` prints (iproute2). */
export function receivedInSs(text: string): Map<string, number> {
	const received = new Map<string, number>();
	// Details of a connection follow in a line of their own, which begins with white space.
	for (const line of text.replace(/\n[ \t]+/g, ' ').split('\n')) {
		const inode = /\bino:(\d+)/.exec(line)?.[1];
		if (inode !== undefined) received.set(inode, Number(/\bbytes_received:(\d+)/.exec(line)?.[1] ?? 0));
	}
	return received;
}
