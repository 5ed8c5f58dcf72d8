import { expect, test } from 'vitest';
import type { SimulatorEvent } from '#simulator/events.ts';
import { computerFirmware } from '#simulator/modes/computer/reduce.ts';
import { type ComputerRules, type ComputerState, computerPortState, computerScreen, searches } from '#simulator/modes/computer/state.ts';
import type { Effect, Input } from '#simulator/modes/machine.ts';

const rules: ComputerRules = {
	os: 'dryos',
	beforeSet: 'refuse',
	idleMs: 20_000,
	handshakeMs: 5000,
	connectingMs: 120_000,
	portDelayMs: 0,
	blackoutMs: 200,
	autoSet: undefined,
};
const living = { uuid: 'a', name: 'LIVINGROOM', address: '10.0.0.1' };
const study = { uuid: 'b', name: 'STUDY', address: '10.0.0.2' };
const found = (computer: typeof living): Input => ({ type: 'computerFound', computer });
const key = (name: 'set' | 'up' | 'down' | 'cancel' | 'power'): Input => ({ type: 'pressed', key: name });

/** Feeds inputs from the start on: where it ends, and all that was to be done. */
function play(
	inputs: readonly Input[],
	with_: Partial<ComputerRules> = {},
): { state: ComputerState; effects: Effect[]; told: SimulatorEvent[] } {
	let state: ComputerState = { at: 'off' };
	const effects: Effect[] = [];
	for (const input of inputs) {
		const [next, ...more] = computerFirmware(state, input, { ...rules, ...with_ });
		state = next;
		effects.push(...more);
	}
	return { state, effects, told: effects.flatMap((effect) => (effect.do === 'emit' ? [effect.event] : [])) };
}

const asks: Input = { type: 'initiatorAsks', initiator: { from: '10.0.0.1', name: 'whee', guid: new Uint8Array(16) } };

const pairing: Input[] = [{ type: 'powerOn', scenario: 'pair', paired: [] }, found(living), key('set')];
const connected: Input[] = [...pairing, found(living)];
const session: Input[] = [...connected, asks, { type: 'eventConnected' }, { type: 'sessionOpened' }];
const black: Input[] = [...session, { type: 'ptpModeAsked' }, { type: 'expired', timer: 'blackout' }];

test('SET chooses the line under the cursor, and the camera searches again for that computer', () => {
	const { state, told } = play([
		{ type: 'powerOn', scenario: 'pair', paired: [] },
		found(living),
		found(study),
		key('down'),
		key('down'),
		key('set'),
	]);
	expect(state).toEqual({ at: 'connecting', wanted: [{ uuid: 'b', name: 'STUDY' }], add: true });
	expect(told).toContainEqual({ type: 'selected', name: 'STUDY', uuid: 'b' });
	expect(searches(state)).toBe(true);
});

test('SET on an empty list does nothing', () => {
	expect(play([{ type: 'powerOn', scenario: 'pair', paired: [] }, key('set')]).state.at).toBe('listing');
});

test('after SET another computer than the chosen one is not taken', () => {
	expect(play([...pairing, found(study)]).state.at).toBe('connecting');
});

test('the chosen computer is remembered only when it was found again', () => {
	expect(play(pairing).effects).not.toContainEqual(expect.objectContaining({ do: 'remember' }));
	expect(play(connected).effects).toContainEqual({ do: 'remember', computer: { uuid: 'a', name: 'LIVINGROOM' } });
});

test('a paired camera that comes back shows no list and ignores computers it does not know', () => {
	const back: Input = { type: 'powerOn', scenario: 'reconnect', paired: [{ uuid: 'a', name: 'LIVINGROOM' }] };
	expect(play([back, found(study)]).state.at).toBe('connecting');
	const { state, effects } = play([back, found(study), found(living)]);
	expect(state.at).toBe('connected');
	expect(effects).not.toContainEqual(expect.objectContaining({ do: 'remember' }));
});

test('a computer that is not found in time is "connection target not found"', () => {
	expect(play([...pairing, { type: 'expired', timer: 'connecting' }]).told).toContainEqual({
		type: 'wifiOff',
		why: 'targetNotFound',
		session: false,
	});
});

test.each([
	['refuse', 'closed'],
	['initFail', 'refusing'],
] as const)('before SET the port is, with %s, %s; then it takes one initiator and refuses others', (beforeSet, port) => {
	const all = { ...rules, beforeSet };
	expect(computerPortState(play(pairing.slice(0, 2)).state, all)).toBe(port);
	expect(computerPortState(play(pairing).state, all)).toBe(port);
	expect(computerPortState(play(connected).state, all)).toBe('accepting');
	expect(computerPortState(play([...connected, asks]).state, all)).toBe('refusing');
	expect(computerPortState(play(black).state, all)).toBe('refusing');
});

test('a port that starts slowly stays as it was before SET', () => {
	const slow = { portDelayMs: 500 };
	expect(computerPortState(play(connected, slow).state, rules)).toBe('closed');
	expect(computerPortState(play([...connected, { type: 'expired', timer: 'portDelay' }], slow).state, rules)).toBe('accepting');
});

test('without PTP mode the Wi-Fi goes off; in PTP mode nothing runs any more', () => {
	expect(play(session).effects.filter((effect) => effect.do === 'start' && effect.timer === 'idle')).toHaveLength(2);
	expect(play([...session, { type: 'expired', timer: 'idle' }]).told).toContainEqual({ type: 'wifiOff', why: 'noPtpMode', session: true });
	expect(play(black).effects).toContainEqual({ do: 'start', timer: 'blackout', ms: 200 });
	expect(play(black).effects).toContainEqual({ do: 'stop', timer: 'idle' });
});

test('time runs against nobody while the port is not open, and against the handshake there is its own limit', () => {
	const slow = { portDelayMs: 30_000 };
	expect(play(connected, slow).effects).not.toContainEqual(expect.objectContaining({ do: 'start', timer: 'idle' }));
	expect(play([...connected, { type: 'expired', timer: 'portDelay' }], slow).effects).toContainEqual({
		do: 'start',
		timer: 'idle',
		ms: 20_000,
	});
	const [, ...taken] = computerFirmware(play(connected).state, asks, rules);
	expect(taken).toEqual([
		{ do: 'stop', timer: 'idle' },
		{ do: 'start', timer: 'handshake', ms: 5000 },
		{ do: 'admit', admission: 'accept' },
	]);
});

test.each([
	['in the list', pairing.slice(0, 2)],
	['before it was found again', pairing],
	['in a session', session],
	['off', []],
] as const)('an initiator that comes %s, though the port is closed by now, is dropped', (_when, inputs) => {
	const { state } = play(inputs);
	expect(computerFirmware(state, asks, rules)).toEqual([state, { do: 'admit', admission: 'drop' }]);
});

test('cancel works until PTP mode locks the keys', () => {
	expect(play([...session, key('cancel')]).told.at(-1)).toEqual({ type: 'wifiOff', why: 'cancelled', session: true });
	expect(play([...session, { type: 'ptpModeAsked' }, key('cancel')]).state.at).toBe('ptpMode');
});

test('the event connection must follow', () => {
	const { told } = play([...connected, asks, { type: 'expired', timer: 'handshake' }]);
	expect(told).toContainEqual({ type: 'wifiOff', why: 'eventConnectionMissing', session: false });
});

test.each([
	['dryos', 4482, { display: 'on', keys: 'free' }],
	['dryos', 4484, { display: 'black', keys: 'free' }],
	['dryos', 4418, { display: 'black', keys: 'locked' }],
	['vxworks', 4418, { display: 'on', keys: 'free' }],
	['vxworks', 4482, { display: 'black', keys: 'locked' }],
] as const)('on %s levent %i leaves %j', (os, number, left) => {
	expect(play([...black, { type: 'levent', number }], { os }).state).toMatchObject({ at: 'ptpMode', ...left });
});

test('an unlock before the change to PTP mode is finished is lost', () => {
	const { state, told } = play([
		...session,
		{ type: 'ptpModeAsked' },
		{ type: 'levent', number: 4482 },
		{ type: 'expired', timer: 'blackout' },
	]);
	expect(state).toMatchObject({ display: 'black', keys: 'locked' });
	expect(told).toContainEqual({ type: 'leventIgnored', levent: 4482, why: 'tooSoon' });
});

test('GetObjectHandles after an unlock blackens the screen again', () => {
	const again = play([...black, { type: 'levent', number: 4482 }, { type: 'ptpModeAsked' }]).state;
	expect(computerScreen(again, null).shows).toBe('playback'); // until the change is finished
	const { state } = play([...black, { type: 'levent', number: 4482 }, { type: 'ptpModeAsked' }, { type: 'expired', timer: 'blackout' }]);
	expect(state).toMatchObject({ display: 'black', keys: 'locked' });
});

test('PTP mode asked for again locks keys that were free on a dark screen', () => {
	const { state } = play([...black, { type: 'levent', number: 4484 }, { type: 'ptpModeAsked' }]);
	expect(state).toMatchObject({ display: 'black', keys: 'locked' });
});

test.each([
	['dryos', 4482, 4481],
	['vxworks', 4418, 4417],
] as const)('on %s, after %i, levent %i darkens and locks again', (os, unlock, blackScreen) => {
	const { state } = play([...black, { type: 'levent', number: unlock }, { type: 'levent', number: blackScreen }], { os });
	expect(state).toMatchObject({ at: 'ptpMode', display: 'black', keys: 'locked' });
});

test.each([4481, 4482, 4484])('levent %i before PTP mode does nothing, and that is told', (number) => {
	const { state, told } = play([...session, { type: 'levent', number }]);
	expect(state).toEqual(play(session).state);
	expect(told.at(-1)).toEqual({ type: 'leventIgnored', levent: number, why: 'notInPtpMode' });
});

test('a computer that answers with another name is listed by that, in its place', () => {
	const on: Input = { type: 'powerOn', scenario: 'pair', paired: [] };
	const { state, told } = play([on, found(living), found(study), found({ ...living, name: 'ATTIC' })]);
	expect(computerScreen(state, null)).toEqual({ shows: 'computers', names: ['ATTIC', 'STUDY'], cursor: 0 });
	expect(told.at(-1)).toEqual({ type: 'listed', names: ['ATTIC', 'STUDY'] });
});

test('a connection without OpenSession was no session', () => {
	const lost: Input = { type: 'ended', why: 'connectionClosed' };
	expect(play([...connected, asks, { type: 'eventConnected' }, lost]).told.at(-1)).toMatchObject({ type: 'wifiOff', session: false });
	expect(play([...session, lost]).told.at(-1)).toMatchObject({ type: 'wifiOff', session: true });
});

test('SET by hand is not pressed again by itself, and who was found is not looked for any longer', () => {
	const [, ...chosen] = computerFirmware(play(pairing.slice(0, 2)).state, key('set'), rules);
	expect(chosen).toContainEqual({ do: 'stop', timer: 'autoSet' });
	const [, ...arrived] = computerFirmware(play(pairing).state, found(living), rules);
	expect(arrived).toContainEqual({ do: 'stop', timer: 'connecting' });
});

test('keys are dead in PTP mode until they are given back; power always works', () => {
	expect(play([...black, key('cancel')]).state.at).toBe('ptpMode');
	expect(play([...black, { type: 'levent', number: 4482 }, key('cancel')]).state.at).toBe('off');
	expect(play([...black, key('power')]).state.at).toBe('off');
});

test('when it is off, nothing happens but switching on', () => {
	const [state, ...effects] = computerFirmware({ at: 'off' }, { type: 'ended', why: 'connectionClosed' }, rules);
	expect([state, effects]).toEqual([{ at: 'off' }, []]);
});

test('with nobody at the keys, only a single computer is chosen by itself, or the picked one', () => {
	const on: Input = { type: 'powerOn', scenario: 'pair', paired: [] };
	const due: Input = { type: 'expired', timer: 'autoSet' };
	const alone = { autoSet: { afterMs: 1000 } };
	expect(play([on, found(living), due], alone).state.at).toBe('connecting');
	expect(play([on, found(living), found(study), due], alone).state.at).toBe('listing');
	const picked = play([on, found(living), found(study), due], { autoSet: { afterMs: 0, pick: 'STUDY' } });
	expect(picked.state).toMatchObject({ at: 'connecting', wanted: [{ uuid: 'b' }] });
	expect(play([on, found(living)], { autoSet: { afterMs: 0, pick: 'STUDY' } }).effects).not.toContainEqual(
		expect.objectContaining({ timer: 'autoSet', do: 'start' }),
	);
});

test('the screen follows the state', () => {
	expect(computerScreen(play(connected).state, null)).toEqual({ shows: 'connected', name: 'LIVINGROOM' });
	expect(computerScreen(play(black).state, 'IMG_0003.JPG')).toEqual({ shows: 'black', keys: 'locked' });
	expect(computerScreen(play([...black, { type: 'levent', number: 4482 }]).state, 'IMG_0003.JPG')).toEqual({
		shows: 'playback',
		picture: 'IMG_0003.JPG',
	});
});
