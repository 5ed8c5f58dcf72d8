/** Translates the transaction ids of the camera's events to each client's own. */

import { EVENT } from '#protocol/ptp/events.ts';
import { NO_TRANSACTION } from '#protocol/ptpip/packet.ts';

/** The current transaction with its id on both sides. */
export interface Translation {
	client: number;
	/** Its id in the camera's session. */
	camera: number;
	/** Its id in the client's session. */
	own: number;
}

/**
 * Finds the transaction id of an event for one client. Returns undefined when the event is not for this client.
 * @param now the current transaction, if there is one
 */
export function eventIdFor(
	client: number,
	event: { code: number; transactionId: number },
	now: Translation | undefined,
): number | undefined {
	const { code, transactionId } = event;
	const mine = now !== undefined && now.camera === transactionId && now.client === client;
	if (mine) return now.own;
	// The only event that concerns just one client's transaction.
	if (code === EVENT.cancelTransaction) return undefined;
	return transactionId === 0 ? 0 : NO_TRANSACTION;
}
