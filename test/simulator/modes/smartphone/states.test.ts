import { expect, test } from 'vitest';
import type { Effect, Input } from '#simulator/modes/machine.ts';
import { phoneFirmware } from '#simulator/modes/smartphone/reduce.ts';
import type { Phone, PhoneInput, PhoneRules, PhoneState } from '#simulator/modes/smartphone/state.ts';

const rules: PhoneRules = { autoSet: undefined, connectingMs: 120_000, idleMs: 20_000, handshakeMs: 5000, silenceMs: 90_000 };
const phone = (uuid: string): Phone => ({ uuid, name: `phone ${uuid}`, address: '10.0.0.9', actions: new URL('http://10.0.0.9:8615/') });
const heard = (uuid: string): PhoneInput => ({ type: 'phoneFound', phone: phone(uuid) });

/** Feeds inputs from the start on: where it ends, and what the last one asked for. */
function play(...inputs: readonly (Input | PhoneInput)[]): { state: PhoneState; last: readonly Effect[] } {
	let state: PhoneState = { at: 'off' };
	let last: readonly Effect[] = [];
	for (const input of inputs) [state, ...last] = phoneFirmware(state, input, rules);
	return { state, last };
}

const back: Input = { type: 'powerOn', scenario: 'reconnect', paired: [{ uuid: 'a', name: 'phone a' }] };

test('a paired camera that comes back ignores phones that it does not know, and takes its own', () => {
	const stranger = play(back, heard('b'));
	expect(stranger.state.at).toBe('searching');
	expect(stranger.last).toEqual([{ do: 'emit', event: { type: 'answerIgnored', from: '10.0.0.9', uuid: 'b', why: 'notPaired' } }]);
	expect(play(back, heard('b'), heard('a')).state).toMatchObject({ at: 'greeting', phone: { uuid: 'a' } });
});

test('the event connection must follow here, too; a connection without OpenSession was no session', () => {
	const initiator = { from: '10.0.0.9', name: 'phone', guid: new Uint8Array(16) };
	const taken: (Input | PhoneInput)[] = [
		back,
		heard('a'),
		{ type: 'greeted' },
		{ type: 'usecase', name: 'RemoteCapture', run: true },
		{ type: 'initiatorAsks', initiator },
	];
	expect(play(...taken).last).toContainEqual({ do: 'start', timer: 'handshake', ms: 5000 });
	expect(play(...taken, { type: 'expired', timer: 'handshake' }).last.at(-1)).toEqual({
		do: 'emit',
		event: { type: 'wifiOff', why: 'eventConnectionMissing', session: false },
	});
	const lost: Input = { type: 'ended', why: 'connectionClosed' };
	expect(play(...taken, { type: 'eventConnected' }, lost).last.at(-1)).toMatchObject({ event: { session: false } });
	expect(play(...taken, { type: 'eventConnected' }, { type: 'sessionOpened' }, lost).last.at(-1)).toMatchObject({
		event: { session: true },
	});
});
