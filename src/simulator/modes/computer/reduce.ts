/** The firmware's state machine: a pure function from state and input to the next state and what is to be done. */
import { LEVENT } from '#protocol/chdk/protocol.ts';
import type { OffReason } from '../../events.ts';
import { type Computer, type Effect, type Input, type ModeRules, type Paired, sharedStep, switchOff, undecided } from '../machine.ts';
import { portMood, type Rules, type State } from './state.ts';

export type Step = [State, ...Effect[]];

const MODE: Omit<ModeRules<State>, 'mood'> = {
	idle: ({ at }) => (at === 'session' ? 'noPtpMode' : 'idle'),
	hadSession: (state) => state.at === 'ptpMode' || (state.at === 'session' && state.opened),
};

export function firmware(state: State, input: Input, rules: Rules): Step {
	const shared = sharedStep<State>(state, input, { ...MODE, mood: (at) => portMood(at, rules) });
	if (shared !== undefined) return shared;
	switch (state.at) {
		case 'off':
			return input.type === 'powerOn' ? powerOn(input, rules) : [state];
		case 'listing':
			return listing(state, input, rules);
		case 'connecting':
			return connecting(state, input, rules);
		case 'connected':
			return connected(state, input, rules);
		case 'handshake':
			if (input.type === 'eventConnected')
				return [
					{ at: 'session', computer: state.computer, opened: false },
					{ do: 'stop', limit: 'handshake' },
					{ do: 'start', limit: 'idle', ms: rules.idleMs },
				];
			return cancellable(state, input);
		case 'session':
		case 'ptpMode':
			return session(state, input, rules);
	}
}

function powerOn({ scenario, paired }: Extract<Input, { type: 'powerOn' }>, rules: Rules): Step {
	if (scenario === 'reconnect' && paired.length > 0) return lookFor(paired, false, rules);
	return [{ at: 'listing', computers: [], cursor: 0 }];
}

/** The second search: after SET, and whenever a paired camera comes back. */
function lookFor(wanted: readonly Paired[], add: boolean, rules: Rules): Step {
	return [
		{ at: 'connecting', wanted, add },
		{ do: 'stop', limit: 'autoSet' },
		{ do: 'start', limit: 'connecting', ms: rules.connectingMs },
	];
}

function listing(state: Extract<State, { at: 'listing' }>, input: Input, rules: Rules): Step {
	const { computers, cursor } = state;
	const set = (computer: Computer | undefined): Step => {
		if (computer === undefined) return [state];
		const { uuid, name } = computer;
		const [next, ...effects] = lookFor([{ uuid, name }], true, rules);
		return [next, { do: 'tell', event: { type: 'selected', name, uuid } }, ...effects];
	};
	switch (input.type) {
		case 'computerFound': {
			const known = computers.findIndex(({ uuid }) => uuid === input.computer.uuid);
			if (known >= 0 && computers[known]?.name === input.computer.name) return [state];
			const list = known >= 0 ? computers.with(known, input.computer) : [...computers, input.computer];
			const auto: Effect[] = rules.autoSet === undefined ? [] : [{ do: 'start', limit: 'autoSet', ms: rules.autoSet.afterMs }];
			return [
				{ ...state, computers: list },
				{ do: 'tell', event: { type: 'listed', names: list.map(({ name }) => name) } },
				...(rules.autoSet?.pick === undefined || rules.autoSet.pick === input.computer.name ? auto : []),
			];
		}
		case 'expired': {
			if (input.limit !== 'autoSet') return [state];
			const pick = rules.autoSet?.pick;
			if (pick !== undefined) return set(computers.find(({ name }) => name === pick));
			return computers.length === 1 ? set(computers[0]) : [state, undecided(computers)];
		}
		case 'chosen':
			return set(computers.find(({ name }) => name === input.name));
		case 'pressed':
			if (input.key === 'up') return [{ ...state, cursor: Math.max(0, cursor - 1) }];
			if (input.key === 'down') return [{ ...state, cursor: Math.max(0, Math.min(computers.length - 1, cursor + 1)) }];
			if (input.key === 'set') return set(computers[cursor]);
			return off(state, 'cancelled');
		default:
			return [state];
	}
}

function connecting(state: Extract<State, { at: 'connecting' }>, input: Input, rules: Rules): Step {
	if (input.type === 'expired' && input.limit === 'connecting') return off(state, 'targetNotFound');
	if (input.type !== 'computerFound') return cancellable(state, input);
	const { computer } = input;
	if (!state.wanted.some(({ uuid }) => uuid === computer.uuid)) return [state];
	const { uuid, name } = computer;
	return [
		{ at: 'connected', computer, portOpen: rules.portDelayMs === 0 },
		{ do: 'stop', limit: 'connecting' },
		...(state.add
			? ([
					{ do: 'remember', computer: { uuid, name } },
					{ do: 'tell', event: { type: 'paired', uuid, name } },
				] as const)
			: []),
		rules.portDelayMs > 0 ? { do: 'start', limit: 'portDelay', ms: rules.portDelayMs } : { do: 'start', limit: 'idle', ms: rules.idleMs },
	];
}

function connected(state: Extract<State, { at: 'connected' }>, input: Input, rules: Rules): Step {
	const { computer } = state;
	// Time runs against the computer from when it can connect.
	if (input.type === 'expired' && input.limit === 'portDelay')
		return [
			{ ...state, portOpen: true },
			{ do: 'start', limit: 'idle', ms: rules.idleMs },
		];
	// This flow knows its computer from the description: GUID and name of the initiator are not looked at.
	if (input.type === 'initiatorAsks')
		return [
			{ at: 'handshake', computer },
			{ do: 'stop', limit: 'idle' },
			{ do: 'start', limit: 'handshake', ms: rules.handshakeMs },
			{ do: 'admit', admission: 'accept' },
		];
	return cancellable(state, input);
}

function session(state: Extract<State, { at: 'session' | 'ptpMode' }>, input: Input, rules: Rules): Step {
	const { computer } = state;
	if (input.type === 'sessionOpened') return state.at === 'session' ? [{ ...state, opened: true }] : [state];
	if (input.type === 'ptpModeAsked') {
		if (state.at === 'ptpMode' && state.display !== 'on') return [{ ...state, keys: 'locked' }];
		return [
			{ at: 'ptpMode', computer, display: 'turning', wasOn: state.at === 'ptpMode', keys: 'locked' },
			{ do: 'stop', limit: 'idle' },
			{ do: 'start', limit: 'blackout', ms: rules.blackoutMs },
		];
	}
	if (input.type === 'expired' && input.limit === 'blackout' && state.at === 'ptpMode' && state.display === 'turning')
		return [{ ...state, display: 'black' }];
	if (input.type === 'levent') return levent(state, input.number, rules);
	// PTP mode locks the keys, until an unlock.
	return state.at === 'session' || state.keys === 'free' ? cancellable(state, input) : [state];
}

function levent(state: Extract<State, { at: 'session' | 'ptpMode' }>, number: number, rules: Rules): Step {
	const ignored = (why: 'unknown' | 'tooSoon' | 'notInPtpMode'): Step => [
		state,
		{ do: 'tell', event: { type: 'leventIgnored', levent: number, why } },
	];
	const { blackScreen, unlock, keysOnly } = LEVENT[rules.os];
	if (number !== blackScreen && number !== unlock && number !== keysOnly) return ignored('unknown');
	if (state.at !== 'ptpMode') return ignored('notInPtpMode');
	if (state.display === 'turning') return ignored('tooSoon');
	if (number === blackScreen) return [{ ...state, display: 'black', keys: 'locked' }];
	const screen = number === unlock;
	return [
		{ ...state, display: screen ? 'on' : state.display, keys: 'free' },
		{ do: 'tell', event: { type: 'unlocked', levent: number, screen } },
	];
}

function cancellable(state: State, input: Input): Step {
	return input.type === 'pressed' && input.key === 'cancel' ? off(state, 'cancelled') : [state];
}

const off = (state: State, why: OffReason): Step => switchOff(state, why, MODE);
