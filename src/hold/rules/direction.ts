/**
 * The direction of an operation's data phase. A responder must know it before it can forward a request. The request's own field
 * cannot be trusted: chdkptp always sends 0 there, and older libgphoto2 always 1.
 */
import { CHDK, CHDK_DATA_OUT } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { DATA_PHASE } from '#protocol/ptpip/packet.ts';

/**
 * `out`: from the initiator to the camera. `notOut`: to the initiator, or no data. `unknown`: an unknown operation whose request
 * does not say; data may follow or not.
 */
export type Direction = 'out' | 'notOut' | 'unknown';

/** Operations with data from the initiator, by ISO 15740, MTP 1.1 and libgphoto2's ptp.c. */
const OUT: ReadonlySet<number> = new Set([
	OPERATION.sendObjectInfo,
	OPERATION.sendObject,
	OPERATION.setDevicePropValue,
	OPERATION.eosSetDevicePropValueEx,
	OPERATION.mtpSetObjectPropValue,
	OPERATION.mtpSetObjectPropList,
]);

/** Operations of ISO 15740 and of Canon's that never have data from the initiator, as far as they are named here. */
const NOT_OUT: ReadonlySet<number> = new Set(
	Object.values(OPERATION).filter(
		(code) => !OUT.has(code) && code !== OPERATION.chdk && code !== OPERATION.canonSetPairingInfo && !maybeOut(code),
	),
);

/** Canon's operations above 0x9100 and MTP's lists: not everything that firmwares do with them is known. */
function maybeOut(code: number): boolean {
	return (code >= 0x9110 && code < 0x9116) || code === OPERATION.eosRequestDevicePropValue;
}

/** CHDK's sub-commands are one operation. TempData has data out only when it stores (flags 0). */
function chdkDirection(params: readonly number[]): Direction {
	const [command = -1, flags = 0] = params;
	if (command === CHDK.tempData) return flags === 0 ? 'out' : 'notOut';
	if (CHDK_DATA_OUT.has(command)) return 'out';
	return command <= CHDK.remoteCaptureGetData && command >= 0 ? 'notOut' : 'unknown';
}

/** Finds the direction of a request. @param dataPhase the Operation Request's field, as received */
export function directionOf(code: number, params: readonly number[], dataPhase: number): Direction {
	if (code === OPERATION.chdk) return chdkDirection(params);
	if (OUT.has(code)) return 'out';
	if (NOT_OUT.has(code)) return 'notOut';
	return dataPhase === DATA_PHASE.out ? 'out' : 'unknown';
}
