import { expect, test } from 'vitest';
import {
	EVENT_RETRIES,
	EVENT_RETRY_MS,
	type HandshakeEffect,
	type HandshakeInput,
	type HandshakeState,
	handshake,
} from '#protocol/ptpip/handshake.ts';
import type { Packet } from '#protocol/ptpip/packet.ts';

const me = { guid: new Uint8Array(16).fill(7), friendlyName: 'studio' };
const ack: Packet = {
	kind: 'initCommandAck',
	connectionNumber: 42,
	guid: new Uint8Array(16).fill(1),
	friendlyName: 'CAM',
	version: 0x10000,
};

/** Feeds inputs one after the other: the last state and all effects. */
function run(...inputs: HandshakeInput[]): { state: HandshakeState; effects: HandshakeEffect[] } {
	let state: HandshakeState = { at: 'idle' };
	const effects: HandshakeEffect[] = [];
	for (const input of inputs) {
		const [next, ...more] = handshake(state, input, me);
		state = next;
		effects.push(...more);
	}
	return { state, effects };
}

const start: HandshakeInput = { type: 'start' };
const commandOpened: HandshakeInput = { type: 'opened', channel: 'command' };
const eventOpened: HandshakeInput = { type: 'opened', channel: 'event' };
const commandSaid = (packet: Packet): HandshakeInput => ({ type: 'packet', channel: 'command', packet });
const eventSaid = (packet: Packet): HandshakeInput => ({ type: 'packet', channel: 'event', packet });

test('two connections and four packets open it', () => {
	const { state, effects } = run(start, commandOpened, commandSaid(ack), eventOpened, eventSaid({ kind: 'initEventAck' }));
	expect(state).toMatchObject({ at: 'open', camera: { connectionNumber: 42, friendlyName: 'CAM' } });
	expect(effects).toEqual([
		{ do: 'open', channel: 'command', afterMs: 0 },
		{ do: 'send', channel: 'command', packet: { kind: 'initCommandRequest', ...me, version: 0x10000 } },
		{ do: 'open', channel: 'event', afterMs: 0 },
		{ do: 'send', channel: 'event', packet: { kind: 'initEventRequest', connectionNumber: 42 } },
	]);
});

test.each([
	['on the command connection', [start, commandOpened, commandSaid({ kind: 'initFail', reason: 2 })]],
	['on the event connection', [start, commandOpened, commandSaid(ack), eventOpened, eventSaid({ kind: 'initFail', reason: 2 })]],
])('Init Fail %s is a rejection with its reason', (_, inputs) => {
	const { state, effects } = run(...inputs);
	expect(state).toMatchObject({ at: 'failed', failure: { outcome: 'rejected', reason: 2 } });
	expect(effects.at(-1)).toEqual({ do: 'close' });
});

test('a refused event connection is tried twice more, a tenth of a second apart', () => {
	const refused: HandshakeInput = { type: 'refused', channel: 'event', why: 'refused' };
	const before = [start, commandOpened, commandSaid(ack)];
	const patient = run(...before, ...Array(EVENT_RETRIES).fill(refused));
	expect(patient.state.at).toBe('eventOpening');
	expect(patient.effects.filter((effect) => effect.do === 'open' && effect.afterMs === EVENT_RETRY_MS)).toHaveLength(EVENT_RETRIES);
	expect(run(...before, ...Array(EVENT_RETRIES + 1).fill(refused)).state).toMatchObject({ at: 'failed', failure: { outcome: 'refused' } });
});

const stages: [string, HandshakeInput[]][] = [
	['opening', [start]],
	['waiting for the Ack', [start, commandOpened]],
	['opening the event connection', [start, commandOpened, commandSaid(ack)]],
	['waiting for the Event Ack', [start, commandOpened, commandSaid(ack), eventOpened]],
];

test.each(stages)('silence while %s is no answer', (_, inputs) => {
	expect(run(...inputs, { type: 'timeout' }).state).toMatchObject({ at: 'failed', failure: { outcome: 'noAnswer' } });
});

test.each(stages)('hanging up while %s is a refusal', (_, inputs) => {
	expect(run(...inputs, { type: 'closed', channel: 'command', why: 'closed' }).state).toMatchObject({
		at: 'failed',
		failure: { outcome: 'refused' },
	});
});

test.each(stages.slice(1))('something that is no handshake while %s is a refusal', (_, inputs) => {
	for (const channel of ['command', 'event'] as const) {
		const input: HandshakeInput = { type: 'packet', channel, packet: { kind: 'startData', transactionId: 1, total: 1n } };
		expect(run(...inputs, input).state).toMatchObject({
			at: 'failed',
			failure: { outcome: 'refused', said: expect.stringContaining('startData') },
		});
	}
});

test('an Ack on the wrong connection is not believed', () => {
	expect(run(start, commandOpened, commandSaid(ack), eventOpened, commandSaid({ kind: 'initEventAck' })).state.at).toBe('failed');
});

test('a Probe in the middle is answered where it came', () => {
	const { state, effects } = run(start, commandOpened, commandSaid({ kind: 'probeRequest' }));
	expect(state.at).toBe('commandInit');
	expect(effects.at(-1)).toEqual({ do: 'send', channel: 'command', packet: { kind: 'probeResponse' } });
});

test('once it is over nothing changes it', () => {
	const failed = run(start, { type: 'timeout' }).state;
	expect(handshake(failed, commandOpened, me)).toEqual([failed]);
});
