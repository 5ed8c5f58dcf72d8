/** What becomes of a client's request: answered here, withheld from the camera, or passed on to it. */
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';

/** Operations that end the camera's session for all clients, by the names that `--pass-through` knows. */
export const SESSION_ENDING_OPERATIONS = {
	PowerDown: OPERATION.powerDown,
	ResetDevice: OPERATION.resetDevice,
	CloseSession: OPERATION.closeSession,
} as const;
export type SessionEndingOperation = keyof typeof SESSION_ENDING_OPERATIONS;

/** The answer to an operation that is withheld. */
export const BLOCKED_RESPONSE = RESPONSE.accessDenied;

export type RequestDecision =
	/** Answered here. `session` is the client's session afterwards, 0 for none. */
	| { do: 'answer'; code: number; params: readonly number[]; session: number }
	/** Answered here because it would end the session for all. */
	| { do: 'withhold'; name: SessionEndingOperation; code: number }
	| { do: 'pass' };

const answer = (code: number, session: number, params: readonly number[] = []): RequestDecision => ({
	do: 'answer',
	code,
	params,
	session,
});

/**
 * Judges a request by the rules of ISO 15740 for sessions: each client has its own, whatever the camera's is.
 * Transaction ids are taken as they come.
 * @param session the client's session; 0 when it has none
 * @param passThrough operations that are passed on although they end it for all
 */
export function decideRequest(code: number, params: readonly number[], session: number, passThrough: ReadonlySet<number>): RequestDecision {
	if (code === OPERATION.openSession) {
		const [id = 0] = params;
		if (session !== 0) return answer(RESPONSE.sessionAlreadyOpened, session, [session]);
		return id === 0 ? answer(RESPONSE.invalidParameter, 0) : answer(RESPONSE.ok, id);
	}
	if (session === 0) return code === OPERATION.getDeviceInfo ? { do: 'pass' } : answer(RESPONSE.sessionNotOpen, 0);
	if (passThrough.has(code)) return { do: 'pass' };
	if (code === OPERATION.closeSession) return answer(RESPONSE.ok, 0);
	for (const [name, withheld] of Object.entries(SESSION_ENDING_OPERATIONS))
		if (code === withheld) return { do: 'withhold', name: name as SessionEndingOperation, code: BLOCKED_RESPONSE };
	return { do: 'pass' };
}

/** `PowerDown,ResetDevice` as codes; a name that is not known comes back as `unknown`. */
export function passThroughOf(names: string): { codes: ReadonlySet<number> } | { unknown: string } {
	const codes = new Set<number>();
	for (const given of names.split(',').map((name) => name.trim())) {
		const known = Object.entries(SESSION_ENDING_OPERATIONS).find(([name]) => name.toLowerCase() === given.toLowerCase());
		if (known === undefined) return { unknown: given };
		codes.add(known[1]);
	}
	return { codes };
}
