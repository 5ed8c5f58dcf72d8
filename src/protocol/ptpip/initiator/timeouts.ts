/** Time limits of a PTP-IP connection, in milliseconds. */
export interface Timeouts {
	/** TCP connect. A camera on the same network answers within a round trip, or later because of Wi-Fi power saving. */
	connectMs: number;
	/** Init Command Ack. An EOS delays it until its user confirms, for up to about 90 s (reported of a 1D X Mark II); a PowerShot does not. */
	ackMs: number;
	/** Init Event Ack. */
	eventMs: number;
	/** Longest time without progress in a transaction: neither data nor a response. */
	silenceMs: number;
	/** For the response to a cancelled transaction; after that the connection is lost. */
	cancelMs: number;
	/** For both connections to close in good order. */
	closeMs: number;
	/** How long an operation is repeated while the camera answers Device Busy. */
	busyMs: number;
	/** Pause between two of these repetitions. */
	busyPauseMs: number;
}

/** Time limits for a camera on the same network. */
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
