/** The firmware's state machine for "connect to a computer": a pure function of state and input. */
import { LEVENT } from '#protocol/chdk/protocol.ts';
import type { OffReason } from '../../events.ts';
import { type Computer, type Effect, type Input, type ModeRules, type Paired, sharedStep, switchOff, undecided } from '../machine.ts';
import { type ComputerRules, type ComputerState, computerPortState } from './state.ts';

/** The next state and the effects to perform. */
export type Step = [ComputerState, ...Effect[]];

const MODE: Omit<ModeRules<ComputerState>, 'portState'> = {
	idle: ({ at }) => (at === 'session' ? 'noPtpMode' : 'idle'),
	hadSession: (state) => state.at === 'ptpMode' || (state.at === 'session' && state.opened),
};

/** Returns the next state and the effects to perform. */
export function computerFirmware(state: ComputerState, input: Input, rules: ComputerRules): Step {
	const shared = sharedStep<ComputerState>(state, input, { ...MODE, portState: (at) => computerPortState(at, rules) });
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
					{ do: 'stop', timer: 'handshake' },
					{ do: 'start', timer: 'idle', ms: rules.idleMs },
				];
			return cancellable(state, input);
		case 'session':
		case 'ptpMode':
			return session(state, input, rules);
	}
}

function powerOn({ scenario, paired }: Extract<Input, { type: 'powerOn' }>, rules: ComputerRules): Step {
	if (scenario === 'reconnect' && paired.length > 0) return lookFor(paired, false, rules);
	return [{ at: 'listing', computers: [], cursor: 0 }];
}

/** Starts the second search, after SET and whenever a paired camera comes back. */
function lookFor(wanted: readonly Paired[], add: boolean, rules: ComputerRules): Step {
	return [
		{ at: 'connecting', wanted, add },
		{ do: 'stop', timer: 'autoSet' },
		{ do: 'start', timer: 'connecting', ms: rules.connectingMs },
	];
}

function listing(state: Extract<ComputerState, { at: 'listing' }>, input: Input, rules: ComputerRules): Step {
	const { computers, cursor } = state;
	const set = (computer: Computer | undefined): Step => {
		if (computer === undefined) return [state];
		const { uuid, name } = computer;
		const [next, ...effects] = lookFor([{ uuid, name }], true, rules);
		return [next, { do: 'emit', event: { type: 'selected', name, uuid } }, ...effects];
	};
	switch (input.type) {
		case 'computerFound': {
			const known = computers.findIndex(({ uuid }) => uuid === input.computer.uuid);
			if (known >= 0 && computers[known]?.name === input.computer.name) return [state];
			const list = known >= 0 ? computers.with(known, input.computer) : [...computers, input.computer];
			const auto: Effect[] = rules.autoSet === undefined ? [] : [{ do: 'start', timer: 'autoSet', ms: rules.autoSet.afterMs }];
			return [
				{ ...state, computers: list },
				{ do: 'emit', event: { type: 'listed', names: list.map(({ name }) => name) } },
				...(rules.autoSet?.pick === undefined || rules.autoSet.pick === input.computer.name ? auto : []),
			];
		}
		case 'expired': {
			if (input.timer !== 'autoSet') return [state];
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

function connecting(state: Extract<ComputerState, { at: 'connecting' }>, input: Input, rules: ComputerRules): Step {
	if (input.type === 'expired' && input.timer === 'connecting') return off(state, 'targetNotFound');
	if (input.type !== 'computerFound') return cancellable(state, input);
	const { computer } = input;
	if (!state.wanted.some(({ uuid }) => uuid === computer.uuid)) return [state];
	const { uuid, name } = computer;
	return [
		{ at: 'connected', computer, portOpen: rules.portDelayMs === 0 },
		{ do: 'stop', timer: 'connecting' },
		...(state.add
			? ([
					{ do: 'remember', computer: { uuid, name } },
					{ do: 'emit', event: { type: 'paired', uuid, name } },
				] as const)
			: []),
		rules.portDelayMs > 0 ? { do: 'start', timer: 'portDelay', ms: rules.portDelayMs } : { do: 'start', timer: 'idle', ms: rules.idleMs },
	];
}

function connected(state: Extract<ComputerState, { at: 'connected' }>, input: Input, rules: ComputerRules): Step {
	const { computer } = state;
	// The idle time starts when the computer can connect.
	if (input.type === 'expired' && input.timer === 'portDelay')
		return [
			{ ...state, portOpen: true },
			{ do: 'start', timer: 'idle', ms: rules.idleMs },
		];
	// In this mode the camera knows the computer from its description, so GUID and name of the initiator do not matter.
	if (input.type === 'initiatorAsks')
		return [
			{ at: 'handshake', computer },
			{ do: 'stop', timer: 'idle' },
			{ do: 'start', timer: 'handshake', ms: rules.handshakeMs },
			{ do: 'admit', admission: 'accept' },
		];
	return cancellable(state, input);
}

function session(state: Extract<ComputerState, { at: 'session' | 'ptpMode' }>, input: Input, rules: ComputerRules): Step {
	const { computer } = state;
	if (input.type === 'sessionOpened') return state.at === 'session' ? [{ ...state, opened: true }] : [state];
	if (input.type === 'ptpModeAsked') {
		if (state.at === 'ptpMode' && state.display !== 'on') return [{ ...state, keys: 'locked' }];
		return [
			{ at: 'ptpMode', computer, display: 'turning', wasOn: state.at === 'ptpMode', keys: 'locked' },
			{ do: 'stop', timer: 'idle' },
			{ do: 'start', timer: 'blackout', ms: rules.blackoutMs },
		];
	}
	if (input.type === 'expired' && input.timer === 'blackout' && state.at === 'ptpMode' && state.display === 'turning')
		return [{ ...state, display: 'black' }];
	if (input.type === 'levent') return levent(state, input.number, rules);
	// PTP mode locks the keys until an unlock.
	return state.at === 'session' || state.keys === 'free' ? cancellable(state, input) : [state];
}

function levent(state: Extract<ComputerState, { at: 'session' | 'ptpMode' }>, number: number, rules: ComputerRules): Step {
	const ignored = (why: 'unknown' | 'tooSoon' | 'notInPtpMode'): Step => [
		state,
		{ do: 'emit', event: { type: 'leventIgnored', levent: number, why } },
	];
	const { blackScreen, unlock, keysOnly } = LEVENT[rules.os];
	if (number !== blackScreen && number !== unlock && number !== keysOnly) return ignored('unknown');
	if (state.at !== 'ptpMode') return ignored('notInPtpMode');
	if (state.display === 'turning') return ignored('tooSoon');
	if (number === blackScreen) return [{ ...state, display: 'black', keys: 'locked' }];
	const screen = number === unlock;
	return [
		{ ...state, display: screen ? 'on' : state.display, keys: 'free' },
		{ do: 'emit', event: { type: 'unlocked', levent: number, screen } },
	];
}

function cancellable(state: ComputerState, input: Input): Step {
	return input.type === 'pressed' && input.key === 'cancel' ? off(state, 'cancelled') : [state];
}

const off = (state: ComputerState, why: OffReason): Step => switchOff(state, why, MODE);
