/** Ends a session when a signal is aborted: within a time limit, whatever the camera keeps sending. */
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';

/** How long a transaction may take to end in order once we are connected, in milliseconds. */
const CANCEL_MS = 1500;

/** The state of a session that follows a signal. */
export interface Shutdown {
	/** From now on an abort gives the transaction under way time to end. Before, an abort drops the connection at once. */
	connected(): void;
	readonly isConnected: boolean;
	/** Whether the connection was closed because of the abort. */
	readonly dropped: boolean;
	/** Stops following the signal. Call it when nothing is under way any more. */
	release(): void;
}

/** Closes the connection when the signal is aborted. */
export function closeOnAbort(connection: PtpipConnection, signal: AbortSignal): Shutdown {
	let connected = false;
	let dropped = false;
	let timer: NodeJS.Timeout | undefined;
	const drop = () => {
		dropped = true;
		connection.drop();
	};
	const onAbort = () => {
		if (connected) timer = setTimeout(drop, CANCEL_MS);
		else drop();
	};
	if (signal.aborted) onAbort();
	else signal.addEventListener('abort', onAbort, { once: true });
	return {
		connected() {
			connected = true;
		},
		get isConnected() {
			return connected;
		},
		get dropped() {
			return dropped;
		},
		release() {
			clearTimeout(timer);
			signal.removeEventListener('abort', onAbort);
		},
	};
}
