import { expect, test } from 'vitest';
import { uuidOf } from '#protocol/ptpip/guid.ts';
import { eosFirmware } from '#simulator/modes/eos/reduce.ts';
import type { EosInput, EosRules, EosState } from '#simulator/modes/eos/state.ts';
import type { Effect, Input } from '#simulator/modes/machine.ts';

const rules: EosRules = { connectingMs: 120_000, idleMs: 20_000, okMs: 90_000, confirmMs: undefined, handshakeMs: 5000, silenceMs: 90_000 };
const GUID = Uint8Array.from({ length: 16 }, (_, n) => n);
const initiator = { from: '10.0.0.1', name: 'PC', guid: GUID };

/** Feeds inputs from the start on: where it ends, and what the last one asked for. */
function play(...inputs: readonly (Input | EosInput)[]): { state: EosState; last: readonly Effect[] } {
	let state: EosState = { at: 'off' };
	let last: readonly Effect[] = [];
	for (const input of inputs) [state, ...last] = eosFirmware(state, input, rules);
	return { state, last };
}

const me = { uuid: uuidOf(GUID), name: 'PC' };
const other = { uuid: '00000000-0000-0000-0000-000000000001', name: 'OLD' };
const asked: (Input | EosInput)[] = [
	{ type: 'powerOn', scenario: 'reconnect', paired: [other, me] },
	{ type: 'descriptionRead', from: '10.0.0.1' },
	{ type: 'initiatorAsks', initiator },
];

test('of several computers it expects the latest: there is room for one in X_targetId', () => {
	expect(play(...asked.slice(0, 1)).state).toEqual({ at: 'announcing', target: me });
	expect(play(...asked).state.at).toBe('handshake');
});

test('the event connection must follow here, too; a connection without OpenSession was no session', () => {
	expect(play(...asked).last).toContainEqual({ do: 'start', timer: 'handshake', ms: 5000 });
	expect(play(...asked, { type: 'expired', timer: 'handshake' }).last.at(-1)).toEqual({
		do: 'emit',
		event: { type: 'wifiOff', why: 'eventConnectionMissing', session: false },
	});
	const lost: Input = { type: 'ended', why: 'connectionClosed' };
	expect(play(...asked, { type: 'eventConnected' }, lost).last.at(-1)).toMatchObject({ event: { session: false } });
	expect(play(...asked, { type: 'eventConnected' }, { type: 'sessionOpened' }, lost).last.at(-1)).toMatchObject({
		event: { session: true },
	});
});
