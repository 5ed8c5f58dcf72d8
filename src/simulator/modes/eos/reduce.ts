/** The firmware's state machine for EOS Utility: a pure function of state and input. */

import { uuidOf } from '#protocol/ptpip/guid.ts';
import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { OffReason } from '../../events.ts';
import { type Effect, type Input, type ModeRules, sharedStep, silence, switchOff } from '../machine.ts';
import { type EosInput, type EosRules, type EosState, eosPortState } from './state.ts';

type Step = [EosState, ...Effect[]];

/** Returns the next state and the effects to perform. */
export function eosFirmware(state: EosState, input: Input | EosInput, rules: EosRules): Step {
	const shared = sharedStep<EosState>(state, input, MODE);
	if (shared !== undefined) return shared;
	if (input.type === 'pressed' && input.key === 'cancel') return off(state, 'cancelled');
	if (input.type === 'expired' && input.timer === 'connecting') return off(state, 'targetNotFound');
	switch (state.at) {
		case 'off':
			return input.type === 'powerOn' ? powerOn(input, rules) : [state];
		case 'announcing':
			if (input.type !== 'descriptionRead') return [state];
			return [
				{ at: 'awaited', target: state.target },
				{ do: 'stop', timer: 'connecting' },
				{ do: 'start', timer: 'idle', ms: rules.idleMs },
			];
		case 'awaited':
			return input.type === 'initiatorAsks' ? asked(state, input.initiator, rules) : [state];
		case 'confirming':
			return confirming(state, input, rules);
		case 'handshake':
			if (input.type !== 'eventConnected') return [state];
			return [
				{ at: 'session', computer: state.computer, opened: false },
				{ do: 'stop', timer: 'handshake' },
				{ do: 'start', timer: 'idle', ms: rules.silenceMs },
			];
		case 'session':
			if (input.type === 'sessionOpened') return [{ ...state, opened: true }];
			return [state, ...silence(input, rules)];
	}
}

/** Why the Wi-Fi goes off when the idle timer expires, in states where it is not simply `idle`. */
const IDLE: Readonly<Partial<Record<EosState['at'], OffReason>>> = { confirming: 'notConfirmed', session: 'silence' };

const MODE: ModeRules<EosState> = {
	idle: ({ at }) => IDLE[at] ?? 'idle',
	hadSession: (state) => state.at === 'session' && state.opened,
	portState: eosPortState,
};

const off = (state: EosState, why: OffReason): Step => switchOff(state, why, MODE);

function powerOn({ scenario, paired }: Extract<Input, { type: 'powerOn' }>, rules: EosRules): Step {
	// X_targetId has room for one computer, the latest one.
	const target = scenario === 'reconnect' ? paired.at(-1) : undefined;
	if (target === undefined) return [{ at: 'announcing', target }];
	return [
		{ at: 'announcing', target },
		{ do: 'start', timer: 'connecting', ms: rules.connectingMs },
	];
}

/** A paired camera accepts its computer's GUID and drops every other; an unpaired camera asks its user. */
function asked(state: Extract<EosState, { at: 'awaited' }>, initiator: InitiatorFacts, rules: EosRules): Step {
	const uuid = uuidOf(initiator.guid);
	if (state.target === undefined)
		return [
			{ at: 'confirming', initiator },
			{ do: 'start', timer: 'idle', ms: rules.okMs },
			...(rules.confirmMs === undefined ? [] : [{ do: 'start', timer: 'confirm', ms: rules.confirmMs } as const]),
		];
	if (state.target.uuid === uuid) return take(initiator, rules);
	return [
		state,
		{ do: 'admit', admission: 'drop' },
		{ do: 'emit', event: { type: 'initiatorDropped', from: initiator.from, guid: uuid, expected: state.target.uuid } },
	];
}

function confirming({ initiator }: Extract<EosState, { at: 'confirming' }>, input: Input | EosInput, rules: EosRules): Step {
	const ok = (input.type === 'pressed' && input.key === 'set') || (input.type === 'expired' && input.timer === 'confirm');
	if (!ok) return [{ at: 'confirming', initiator }];
	const computer = { uuid: uuidOf(initiator.guid), name: initiator.name };
	const [state, ...effects] = take(initiator, rules);
	return [
		state,
		{ do: 'stop', timer: 'confirm' },
		{ do: 'emit', event: { type: 'confirmed', name: computer.name } },
		{ do: 'remember', computer },
		{ do: 'emit', event: { type: 'paired', ...computer } },
		...effects,
	];
}

function take({ guid, name, from }: InitiatorFacts, rules: EosRules): Step {
	return [
		{ at: 'handshake', computer: { uuid: uuidOf(guid), name, address: from } },
		{ do: 'stop', timer: 'idle' },
		{ do: 'start', timer: 'handshake', ms: rules.handshakeMs },
		{ do: 'admit', admission: 'accept' },
	];
}
