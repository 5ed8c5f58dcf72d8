/** Limits for the clients of a hold, in milliseconds, bytes and counts. */
export interface HoldLimits {
	/** Clients of one camera at a time. */
	clients: number;
	/** Connections that have not sent their first packet; the oldest makes room for a new one. */
	unidentified: number;
	/** From the TCP connection to Init Event Request. */
	handshakeMs: number;
	/** How long a client in a transaction may transfer no byte, while no other client waits. */
	stallMs: number;
	/** The same while others wait: below the 2.5 s in which libgphoto2 expects each answer. */
	stallWhenWaitedForMs: number;
	/** Data for the camera up to this many bytes is received completely before it is forwarded. */
	wholeBytes: number;
	/** A client with more unread bytes than this is not read. */
	unreadBytes: number;
	/** With more unsent bytes than this on an event connection, events are dropped: chdkptp never reads them. */
	unsentEventBytes: number;
}

/** The limits of `canon-wifi hold`. */
export const HOLD_LIMITS: HoldLimits = {
	clients: 64,
	unidentified: 64,
	handshakeMs: 5000,
	stallMs: 10_000,
	stallWhenWaitedForMs: 2000,
	wholeBytes: 64 * 1024,
	unreadBytes: 256 * 1024,
	unsentEventBytes: 64 * 1024,
};
