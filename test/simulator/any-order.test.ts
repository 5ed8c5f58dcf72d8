/** Whatever happens in whatever order, each flow keeps its word: what runs out, what the port does, how it ends. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulatorEvent } from '#simulator/events.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import { computerFirmware } from '#simulator/modes/computer/reduce.ts';
import { computerPortState, computerScreen } from '#simulator/modes/computer/state.ts';
import { eosFirmware } from '#simulator/modes/eos/reduce.ts';
import { eosPortState, eosScreen } from '#simulator/modes/eos/state.ts';
import { type Effect, TIMERS, type TimerName } from '#simulator/modes/machine.ts';
import { phoneFirmware } from '#simulator/modes/smartphone/reduce.ts';
import { phonePortState, phoneScreen } from '#simulator/modes/smartphone/state.ts';
import { eosRulesOf, phoneRulesOf, rulesOf } from '#simulator/options.ts';

const uuids = ['00000000-0000-0000-0000-0000000000aa', '00000000-0000-0000-0000-0000000000bb'] as const;
const paired = [{ uuid: uuids[0], name: 'A' }];
const initiators = uuids.map((uuid, n) => ({
	from: `10.0.0.${n}`,
	name: 'PC',
	guid: Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
}));
const phones = uuids.map((uuid, n) => ({ uuid, name: `P${n}`, address: '10.0.0.9', actions: new URL('http://10.0.0.9/') }));

/** Everything that may happen to any of them. `expired` comes only for a limit that runs. */
const happening = fc.oneof(
	...['pair', 'reconnect'].map((scenario) => fc.constant({ type: 'powerOn', scenario, paired })),
	...uuids.map((uuid, n) => fc.constant({ type: 'computerFound', computer: { uuid, name: `C${n}`, address: '10.0.0.1' } })),
	...phones.map((phone) => fc.constant({ type: 'phoneFound', phone })),
	...initiators.map((initiator) => fc.constant({ type: 'initiatorAsks', initiator })),
	fc.constantFrom('up', 'down', 'set', 'set', 'set', 'cancel', 'power').map((key) => ({ type: 'pressed', key })),
	fc.constantFrom('C0', 'P1', 'nobody').map((name) => ({ type: 'chosen', name })),
	fc
		.constantFrom(
			'eventConnected',
			'sessionOpened',
			'ptpModeAsked',
			'operationBegun',
			'descriptionRead',
			'greeted',
			'phoneAsked',
			'powerOffAsked',
		)
		.map((type) => ({ type })),
	fc.constant({ type: 'operationDone', code: 0x1001 }),
	fc.constantFrom(4481, 4482, 4484, 4418, 1).map((number) => ({ type: 'levent', number })),
	fc.constantFrom('ObjectPull', 'RemoteCapture', 'Disconnect').map((name) => ({ type: 'usecase', name, run: true })),
	fc.constant({ type: 'greetingFailed', why: 'x' }),
	fc.constantFrom('connectionClosed', 'probed').map((why) => ({ type: 'ended', why })),
	fc.constantFrom(...TIMERS).map((timer) => ({ type: 'expired', timer })),
	fc.constantFrom(...TIMERS).map((timer) => ({ type: 'expired', timer })),
);
/** Every second time what leads on, so that the far ends are reached too. */
const happenings = fc.array(fc.oneof(fc.constant({ type: 'onwards' }), happening), { minLength: 15, maxLength: 40, size: 'max' });

type AnyState = { at: string };
interface FlowUnderTest {
	step(state: AnyState, input: never): [AnyState, ...Effect[]];
	port(state: AnyState): string;
	screen(state: AnyState): unknown;
	/** The limits that must run in a state; those that may are in `may`. */
	runs: Readonly<Record<string, readonly TimerName[]>>;
	may: Readonly<Record<string, readonly TimerName[]>>;
	/** What leads on from a state. */
	onwards: Readonly<Record<string, object>>;
}

const on = { type: 'powerOn', scenario: 'pair', paired };
const asks = { type: 'initiatorAsks', initiator: initiators[0] };
const ending = {
	handshake: { type: 'eventConnected' },
	session: { type: 'ptpModeAsked' },
	ptpMode: { type: 'expired', timer: 'blackout' },
};

const options = { address: '', model: elph340hs, autoSet: { afterMs: 1 }, confirmAfterMs: 1, portDelayMs: 5 };
const rules = rulesOf(options);
const flows: Record<string, FlowUnderTest> = {
	computer: {
		step: (state, input) => computerFirmware(state as never, input, rules),
		port: (state) => computerPortState(state as never, rules),
		screen: (state) => computerScreen(state as never, null),
		runs: { connecting: ['connecting'], handshake: ['handshake'], session: ['idle'] },
		may: { listing: ['autoSet'], connected: ['portDelay', 'idle'], ptpMode: ['blackout'] },
		onwards: {
			off: on,
			listing: { type: 'chosen', name: 'C0' },
			connecting: { type: 'computerFound', computer: { uuid: uuids[0], name: 'C0', address: '' } },
			connected: asks,
			...ending,
		},
	},
	eos: {
		step: (state, input) => eosFirmware(state as never, input, eosRulesOf(options)),
		port: (state) => eosPortState(state as never),
		screen: (state) => eosScreen(state as never),
		runs: { awaited: ['idle'], confirming: ['idle', 'confirm'], handshake: ['handshake'] },
		may: { announcing: ['connecting'], session: ['idle'] },
		onwards: { off: on, announcing: { type: 'descriptionRead' }, awaited: asks, confirming: { type: 'pressed', key: 'set' }, ...ending },
	},
	smartphone: {
		step: (state, input) => phoneFirmware(state as never, input, phoneRulesOf(options)),
		port: (state) => phonePortState(state as never),
		screen: (state) => phoneScreen(state as never),
		runs: { greeting: ['connecting'], serving: ['idle'], waiting: ['idle'], handshake: ['handshake'] },
		may: { searching: ['connecting', 'autoSet'], session: ['idle'] },
		onwards: {
			off: on,
			searching: { type: 'pressed', key: 'set' },
			greeting: { type: 'greeted' },
			serving: { type: 'usecase', name: 'RemoteCapture', run: true },
			waiting: asks,
			...ending,
		},
	},
};

test.each(Object.keys(flows))('the %s flow', (name) => {
	const flow = flows[name];
	if (flow === undefined) throw new Error(name);
	const reached = new Set<string>();
	fc.assert(
		fc.property(happenings, (list) => {
			let state: AnyState = { at: 'off' };
			const running = new Set<TimerName>();
			for (const one of list) {
				const input = one.type === 'onwards' ? ((flow.onwards[state.at] ?? one) as typeof one) : one;
				if (input.type === 'expired' && !running.delete((input as unknown as { timer: TimerName }).timer)) continue;
				const before = state;
				const [next, ...effects] = flow.step(before, input as never);
				state = next;
				reached.add(state.at);
				for (const effect of effects) {
					if (effect.do === 'start') running.add(effect.timer);
					if (effect.do === 'stop') running.delete(effect.timer);
				}
				const told = effects.flatMap((effect): SimulatorEvent[] => (effect.do === 'emit' ? [effect.event] : []));

				// Nothing runs that does not belong to the state, and what belongs to it runs.
				const must = flow.runs[state.at] ?? [];
				expect([...running].filter((timer) => ![...must, ...(flow.may[state.at] ?? [])].includes(timer))).toEqual([]);
				expect(must.filter((timer) => !running.has(timer))).toEqual([]);
				// Whoever asks is answered, and let in only where the port was open.
				const admissions = effects.filter((effect) => effect.do === 'admit').map(({ admission }) => admission);
				if (flow.port(before) !== 'accepting') expect(admissions).toEqual(input.type === 'initiatorAsks' ? ['drop'] : admissions);
				if (admissions.includes('accept')) expect(state.at).toBe('handshake');
				// It goes off once, with a reason, and only switching on leads out of that.
				const offs = told.filter(({ type }) => type === 'wifiOff');
				expect(offs).toHaveLength(before.at !== 'off' && state.at === 'off' ? 1 : 0);
				if (before.at === 'off' && state.at !== 'off') expect(input.type).toBe('powerOn');
				if (input.type === 'ended' || (input as { key?: string }).key === 'power') expect(state.at).toBe('off');
				// Nobody is remembered before he was chosen and found again, or confirmed.
				if (effects.some((effect) => effect.do === 'remember')) expect(['connected', 'handshake', 'serving']).toContain(state.at);
				expect(flow.port(state) === 'accepting').toBe(['connected', 'awaited', 'waiting'].includes(state.at) && !running.has('portDelay'));
				expect(flow.screen(state)).toBeDefined();
			}
		}),
		{ numRuns: 250 },
	);
	// The test is worth something only if it got everywhere.
	const everywhere = new Set(['off', 'handshake', 'session', ...Object.keys(flow.runs), ...Object.keys(flow.may)]);
	expect([...everywhere].filter((at) => !reached.has(at))).toEqual([]);
});
