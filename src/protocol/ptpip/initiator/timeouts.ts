/** How long each wait of a PTP-IP connection may last, in milliseconds. */
export interface Timeouts {
	/** TCP connect. A camera on the same network answers within a round trip; Wi-Fi power saving may hold it up. */
	connectMs: number;
	/** Init Command Ack. An EOS holds it back until its user confirms, for up to about 90 s (reported of a 1D X Mark II); a PowerShot does not. */
	ackMs: number;
	/** Init Event Ack. */
	eventMs: number;
	/** Without any progress in a transaction: no data of it, no answer. */
	silenceMs: number;
	/** For the answer to a cancelled transaction; after that the connection is given up. */
	cancelMs: number;
	/** For both connections to close in good order. */
	closeMs: number;
	/** How long an operation that the camera answers with Device Busy is repeated, and the pause between two. */
	busyMs: number;
	busyPauseMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
	connectMs: 10_000,
	ackMs: 30_000,
	eventMs: 10_000,
	silenceMs: 30_000,
	cancelMs: 10_000,
	closeMs: 1_000,
	busyMs: 20_000,
	busyPauseMs: 200,
};
