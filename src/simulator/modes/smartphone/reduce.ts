/** The firmware's state machine for smartphones: a pure function of state and input. */

import { uuidOf } from '#protocol/ptpip/guid.ts';
import type { OffReason } from '../../events.ts';
import { type Effect, type Input, type ModeRules, sharedStep, silence, switchOff, undecided } from '../machine.ts';
import { type Phone, type PhoneInput, type PhoneRules, type PhoneState, phonePortState } from './state.ts';

type Step = [PhoneState, ...Effect[]];
type Given = Input | PhoneInput;

const MODE: ModeRules<PhoneState> = {
	idle: ({ at }) => (at === 'waiting' ? 'idle' : 'silence'),
	hadSession: (state) => state.at === 'session' && state.opened,
	portState: phonePortState,
};

const off = (state: PhoneState, why: OffReason): Step => switchOff(state, why, MODE);

/** Returns the next state and the effects to perform. */
export function phoneFirmware(state: PhoneState, input: Given, rules: PhoneRules): Step {
	const shared = sharedStep<PhoneState>(state, input, MODE);
	if (shared !== undefined) return shared;
	if (input.type === 'pressed' && input.key === 'cancel') return off(state, 'cancelled');
	if (input.type === 'expired' && input.timer === 'connecting') return off(state, 'targetNotFound');
	switch (state.at) {
		case 'off': {
			if (input.type !== 'powerOn') return [state];
			const wanted = input.scenario === 'reconnect' ? input.paired : [];
			const timer: Effect[] = wanted.length === 0 ? [] : [{ do: 'start', timer: 'connecting', ms: rules.connectingMs }];
			return [{ at: 'searching', phones: [], cursor: 0, wanted }, ...timer];
		}
		case 'searching':
			return searching(state, input, rules);
		case 'greeting':
			return greeting(state, input, rules);
		case 'serving':
			return serving(state, input, rules);
		case 'waiting':
			if (input.type !== 'initiatorAsks') return [state];
			return [
				{
					at: 'handshake',
					phone: state.phone,
					computer: { uuid: uuidOf(input.initiator.guid), name: input.initiator.name, address: input.initiator.from },
				},
				{ do: 'start', timer: 'handshake', ms: rules.handshakeMs },
				{ do: 'stop', timer: 'idle' },
				// Once a phone is connected, any host is accepted.
				{ do: 'admit', admission: 'accept' },
			];
		case 'handshake':
			if (input.type !== 'eventConnected') return [state];
			return [{ ...state, at: 'session', opened: false }, { do: 'stop', timer: 'handshake' }, listen(rules)];
		case 'session':
			if (input.type === 'sessionOpened') return [{ ...state, opened: true }];
			return [state, ...silence(input, rules)];
	}
}

/** Restarts the time within which the phone must send something again. */
const listen = (rules: PhoneRules): Effect => ({ do: 'start', timer: 'idle', ms: rules.silenceMs });

function searching(state: Extract<PhoneState, { at: 'searching' }>, input: Given, rules: PhoneRules): Step {
	const { phones, cursor, wanted } = state;
	const set = (phone: Phone | undefined): Step => {
		if (phone === undefined) return [state];
		const { uuid, name } = phone;
		return [
			{ at: 'greeting', phone },
			{ do: 'stop', timer: 'autoSet' },
			{ do: 'start', timer: 'connecting', ms: rules.connectingMs },
			{ do: 'emit', event: { type: 'selected', name, uuid } },
		];
	};
	switch (input.type) {
		case 'phoneFound': {
			const { phone } = input;
			if (wanted.length > 0) {
				if (wanted.some(({ uuid }) => uuid === phone.uuid)) return set(phone);
				return [state, { do: 'emit', event: { type: 'answerIgnored', from: phone.address, uuid: phone.uuid, why: 'notPaired' } }];
			}
			if (phones.some(({ uuid, name }) => uuid === phone.uuid && name === phone.name)) return [state];
			const known = phones.findIndex(({ uuid }) => uuid === phone.uuid);
			const list = known >= 0 ? phones.with(known, phone) : [...phones, phone];
			const { autoSet } = rules;
			const press = autoSet !== undefined && (autoSet.pick === undefined || autoSet.pick === phone.name);
			return [
				{ ...state, phones: list },
				{ do: 'emit', event: { type: 'listed', names: list.map(({ name }) => name) } },
				...(press ? [{ do: 'start', timer: 'autoSet', ms: autoSet.afterMs } as const] : []),
			];
		}
		case 'expired': {
			const pick = rules.autoSet?.pick;
			if (pick !== undefined) return set(phones.find(({ name }) => name === pick));
			return phones.length === 1 ? set(phones[0]) : [state, undecided(phones)];
		}
		case 'chosen':
			return set(phones.find(({ name }) => name === input.name));
		case 'pressed':
			if (input.key === 'set') return set(phones[cursor]);
			return [{ ...state, cursor: Math.max(0, Math.min(phones.length - 1, cursor + (input.key === 'up' ? -1 : 1))) }];
		default:
			return [state];
	}
}

function greeting({ phone }: Extract<PhoneState, { at: 'greeting' }>, input: Given, rules: PhoneRules): Step {
	if (input.type === 'greetingFailed') {
		const [state, ...effects] = off({ at: 'greeting', phone }, 'targetNotFound');
		return [state, { do: 'emit', event: { type: 'greetingFailed', from: phone.address, why: input.why } }, ...effects];
	}
	if (input.type !== 'greeted') return [{ at: 'greeting', phone }];
	const { uuid, name } = phone;
	return [
		{ at: 'serving', phone, usecase: 'none', leaving: false },
		{ do: 'stop', timer: 'connecting' },
		{ do: 'remember', computer: { uuid, name } },
		{ do: 'emit', event: { type: 'paired', uuid, name } },
		listen(rules),
	];
}

function serving(state: Extract<PhoneState, { at: 'serving' }>, input: Given, rules: PhoneRules): Step {
	if (input.type === 'powerOffAsked') return state.leaving ? off(state, 'poweredDown') : [state];
	if (input.type === 'phoneAsked') return [state, listen(rules)];
	if (input.type !== 'usecase') return [state];
	const { phone } = state;
	switch (input.name) {
		case 'ObjectPull':
			return [{ ...state, usecase: input.run ? 'objectPull' : 'none' }];
		case 'Disconnect':
			return [{ ...state, leaving: input.run }];
		case 'RemoteCapture':
			if (!input.run || state.usecase !== 'none') return [state];
			return [
				{ at: 'waiting', phone },
				{ do: 'start', timer: 'idle', ms: rules.idleMs },
			];
	}
}
