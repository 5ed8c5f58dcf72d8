/** How a session ends when it is ended from outside: within a limit, whatever the camera goes on sending. */
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';

/** Once connected, what is under way may end in order for so long, in milliseconds. */
const CANCEL_MS = 1500;

export interface Shutdown {
	/** From now on the camera is ours: an abort gives it the time to end in order. Before, it does not. */
	connected(): void;
	readonly isConnected: boolean;
	/** Whether the connection was closed because of the abort. */
	readonly dropped: boolean;
	/** Stops following the signal. To be called when nothing is under way any more. */
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
