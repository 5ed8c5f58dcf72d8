/** What becomes of a client's request: answered here, withheld from the camera, or passed on to it. */
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';

/** Operations that end the camera's session for all clients, by the names that `--pass-through` knows. */
export const WITHHELD = {
	PowerDown: OPERATION.powerDown,
	ResetDevice: OPERATION.resetDevice,
	CloseSession: OPERATION.closeSession,
} as const;
export type WithheldName = keyof typeof WITHHELD;

/** The answer to an operation that is withheld. */
export const WITHHELD_ANSWER = RESPONSE.accessDenied;

export type Judgement =
	/** Answered here. `session` is the client's session afterwards, 0 for none. */
	| { do: 'answer'; code: number; params: readonly number[]; session: number }
	/** Answered here because it would end the session for all. */
	| { do: 'withhold'; name: WithheldName; code: number }
	| { do: 'pass' };

const answer = (code: number, session: number, params: readonly number[] = []): Judgement => ({ do: 'answer', code, params, session });

/**
 * Judges a request by the rules of ISO 15740 for sessions: each client has its own, whatever the camera's is.
 * Transaction ids are taken as they come.
 * @param session the client's session; 0 when it has none
 * @param passThrough operations that are passed on although they end it for all
 */
export function judgeRequest(code: number, params: readonly number[], session: number, passThrough: ReadonlySet<number>): Judgement {
	if (code === OPERATION.openSession) {
		const [id = 0] = params;
		if (session !== 0) return answer(RESPONSE.sessionAlreadyOpened, session, [session]);
		return id === 0 ? answer(RESPONSE.invalidParameter, 0) : answer(RESPONSE.ok, id);
	}
	if (session === 0) return code === OPERATION.getDeviceInfo ? { do: 'pass' } : answer(RESPONSE.sessionNotOpen, 0);
	if (passThrough.has(code)) return { do: 'pass' };
	if (code === OPERATION.closeSession) return answer(RESPONSE.ok, 0);
	for (const [name, withheld] of Object.entries(WITHHELD))
		if (code === withheld) return { do: 'withhold', name: name as WithheldName, code: WITHHELD_ANSWER };
	return { do: 'pass' };
}

/** `PowerDown,ResetDevice` as codes; a name that is not known comes back as `unknown`. */
export function passThroughOf(names: string): { codes: ReadonlySet<number> } | { unknown: string } {
	const codes = new Set<number>();
	for (const given of names.split(',').map((name) => name.trim())) {
		const known = Object.entries(WITHHELD).find(([name]) => name.toLowerCase() === given.toLowerCase());
		if (known === undefined) return { unknown: given };
		codes.add(known[1]);
	}
	return { codes };
}
