/** Events of the camera carry its transaction ids; every client must see its own. */

import { EVENT } from '#protocol/ptp/events.ts';
import { NO_TRANSACTION } from '#protocol/ptpip/packet.ts';

/** The transaction that the camera is at, as both sides number it. */
export interface Translation {
	client: number;
	/** Its number with the camera. */
	camera: number;
	/** Its number with the client. */
	own: number;
}

/**
 * The transaction id of an event for one client; nothing when the event is not for it.
 * @param now the transaction under way, if there is one
 */
export function eventIdFor(
	client: number,
	event: { code: number; transactionId: number },
	now: Translation | undefined,
): number | undefined {
	const { code, transactionId } = event;
	const mine = now !== undefined && now.camera === transactionId && now.client === client;
	if (mine) return now.own;
	// The one event that belongs to a transaction and to nobody else.
	if (code === EVENT.cancelTransaction) return undefined;
	return transactionId === 0 ? 0 : NO_TRANSACTION;
}
