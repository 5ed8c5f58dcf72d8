/** What to do with a client's request: answer it here, block it, or forward it to the camera. */
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';

/** Operations that end the camera's session for all clients, by their names for `--pass-through`. */
export const SESSION_ENDING_OPERATIONS = {
	PowerDown: OPERATION.powerDown,
	ResetDevice: OPERATION.resetDevice,
	CloseSession: OPERATION.closeSession,
} as const;
/** Name of a session-ending operation. */
export type SessionEndingOperation = keyof typeof SESSION_ENDING_OPERATIONS;

/** The response to a blocked operation. */
export const BLOCKED_RESPONSE = RESPONSE.accessDenied;

/** What to do with a request. */
export type RequestDecision =
	/** Answer it here. `session` is the client's session id afterwards, 0 for none. */
	| { do: 'answer'; code: number; params: readonly number[]; session: number }
	/** Answer it here, because it would end the session for everyone. */
	| { do: 'block'; name: SessionEndingOperation; code: number }
	| { do: 'forward' };

const answer = (code: number, session: number, params: readonly number[] = []): RequestDecision => ({
	do: 'answer',
	code,
	params,
	session,
});

/**
 * Decides about a request by ISO 15740's rules for sessions. Each client has a session of its own, independent of the camera's.
 * Any transaction id is accepted.
 * @param session the client's session id; 0 when it has none
 * @param passThrough operations that are forwarded although they end the session for everyone
 */
export function decideRequest(code: number, params: readonly number[], session: number, passThrough: ReadonlySet<number>): RequestDecision {
	if (code === OPERATION.openSession) {
		const [id = 0] = params;
		if (session !== 0) return answer(RESPONSE.sessionAlreadyOpened, session, [session]);
		return id === 0 ? answer(RESPONSE.invalidParameter, 0) : answer(RESPONSE.ok, id);
	}
	if (session === 0) return code === OPERATION.getDeviceInfo ? { do: 'forward' } : answer(RESPONSE.sessionNotOpen, 0);
	if (passThrough.has(code)) return { do: 'forward' };
	if (code === OPERATION.closeSession) return answer(RESPONSE.ok, 0);
	for (const [name, blocked] of Object.entries(SESSION_ENDING_OPERATIONS))
		if (code === blocked) return { do: 'block', name: name as SessionEndingOperation, code: BLOCKED_RESPONSE };
	return { do: 'forward' };
}

/** Parses `--pass-through`, for example `PowerDown,ResetDevice`, to operation codes. An unknown name is returned as `unknown`. */
export function passThroughOf(names: string): { codes: ReadonlySet<number> } | { unknown: string } {
	const codes = new Set<number>();
	for (const given of names.split(',').map((name) => name.trim())) {
		const known = Object.entries(SESSION_ENDING_OPERATIONS).find(([name]) => name.toLowerCase() === given.toLowerCase());
		if (known === undefined) return { unknown: given };
		codes.add(known[1]);
	}
	return { codes };
}
