/** What one client, or many, may ask of a hold. Milliseconds, bytes, counts. */
export interface HoldLimits {
	/** Clients of one camera at a time. */
	clients: number;
	/** Connections that have not said yet what they are; the oldest makes room. */
	unidentified: number;
	/** From the TCP connection to Init Event Request. */
	handshakeMs: number;
	/** A client in the middle of a transaction that neither takes nor gives a byte, with nobody waiting behind it. */
	stallMs: number;
	/** The same while others wait: under the 2.5 s that libgphoto2 gives to each answer. */
	stallWhenWaitedForMs: number;
	/** Data for the camera up to this many bytes is taken in whole before the camera hears of it. */
	wholeBytes: number;
	/** Unread bytes of one client, after which it is not read on. */
	unreadBytes: number;
	/** Unsent bytes on an event connection, after which events are left out: chdkptp never reads them. */
	unsentEventBytes: number;
}

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
