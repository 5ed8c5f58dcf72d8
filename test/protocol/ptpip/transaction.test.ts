import { expect, test } from 'vitest';
import type { Packet } from '#protocol/ptpip/packet.ts';
import {
	asked,
	nextTransactionId,
	STALE_LIMIT,
	type TransactionEffect,
	type TransactionState,
	transaction,
} from '#protocol/ptpip/transaction.ts';

type Sent = Packet | [Packet & { kind: 'data' | 'endData' }, number];

/** What a transaction makes of these packets: the last state, all effects. */
function run(id: number, ...packets: Sent[]): { state: TransactionState; effects: TransactionEffect[] } {
	let state = asked(id);
	const effects: TransactionEffect[] = [];
	for (const sent of packets) {
		const [packet, payloadBytes] = Array.isArray(sent) ? sent : [sent, 0];
		const [next, effect] = transaction(state, { packet, payloadBytes });
		state = next;
		if (effect !== undefined) effects.push(effect);
	}
	return { state, effects };
}

const startData = (transactionId: number, total: number | bigint): Packet => ({ kind: 'startData', transactionId, total: BigInt(total) });
const data = (transactionId: number, size: number): Sent => [{ kind: 'data', transactionId }, size];
const endData = (transactionId: number, size = 0): Sent => [{ kind: 'endData', transactionId }, size];
const response = (transactionId: number, code = 0x2001): Packet => ({ kind: 'operationResponse', code, transactionId, params: [] });
const does = (effects: readonly TransactionEffect[]) => effects.map((effect) => effect.do);

test('a transaction without data is a request and a response', () => {
	expect(run(3, response(3))).toMatchObject({ state: { at: 'done' }, effects: [{ do: 'complete', response: { code: 0x2001 } }] });
});

test.each([
	['Canon: all but the last piece in Data, the last in End Data', [startData(3, 10), data(3, 6), endData(3, 4), response(3)]],
	['Nikon: all in End Data', [startData(3, 10), endData(3, 10), response(3)]],
	['chdkptp as a model for id 0 in Data packets', [startData(3, 10), data(0, 10), endData(3), response(3)]],
	['a response right after the last Data', [startData(3, 10), data(3, 10), response(3)]],
	['an empty End Data too many', [startData(3, 10), endData(3, 10), endData(3), response(3)]],
])('%s', (_, packets) => {
	const { state, effects } = run(3, ...packets);
	expect(state).toMatchObject({ at: 'done', total: 10, received: 10 });
	expect(does(effects)[0]).toBe('begin');
	expect(does(effects).at(-1)).toBe('complete');
});

test('a response in place of Start Data refuses the operation', () => {
	expect(run(3, response(3, 0x2009)).effects).toMatchObject([{ do: 'complete', response: { code: 0x2009 } }]);
});

test('an unknown total stays undefined', () => {
	const { state, effects } = run(3, startData(3, 0xffff_ffff_ffff_ffffn), data(3, 5), endData(3, 5), response(3));
	expect(effects[0]).toEqual({ do: 'begin', total: undefined });
	expect(state).toMatchObject({ at: 'done', total: undefined, received: 10 });
});

test('too little data shows at the end', () => {
	expect(run(3, startData(3, 10), endData(3, 4), response(3)).state).toMatchObject({ at: 'done', total: 10, received: 4 });
});

test.each([
	['more data than announced', [startData(3, 10), data(3, 11)]],
	['data without Start Data', [data(3, 1)]],
	['data after End Data', [startData(3, 10), endData(3, 5), data(3, 5)]],
	['a second Start Data', [startData(3, 10), startData(3, 10)]],
	['a total beyond all disks', [startData(3, 2n ** 60n)]],
	['an answer to a transaction that was not asked', [response(4)]],
	['data of a transaction that was not asked', [startData(4, 10)]],
	['a handshake packet', [{ kind: 'initEventAck' } as Packet]],
	['a request of its own', [{ kind: 'operationRequest', dataPhase: 1, code: 0x1001, transactionId: 3, params: [] } as Packet]],
])('%s breaks the connection', (_, packets) => {
	const { state, effects } = run(3, ...packets);
	expect(state.at).toBe('broken');
	expect(does(effects).at(-1)).toBe('break');
});

test('packets of an older transaction are skipped', () => {
	const { state, effects } = run(
		9,
		data(7, 0),
		response(7),
		startData(8, 5),
		data(8, 5),
		endData(8),
		response(8),
		startData(9, 2),
		endData(9, 2),
		response(9),
	);
	expect(state).toMatchObject({ at: 'done', received: 2 });
	expect(does(effects)).toEqual(['begin', 'take', 'complete']);
});

test('packets of older transactions without end break the connection', () => {
	expect(run(9, ...Array.from({ length: STALE_LIMIT + 1 }, () => response(8))).state.at).toBe('broken');
});

test('Cancel from the camera ends its data, and the response follows', () => {
	const { state } = run(3, startData(3, 10), data(3, 4), { kind: 'cancel', transactionId: 3 }, response(3, 0x201f));
	expect(state).toMatchObject({ at: 'done', received: 4 });
});

test('Probes and events may come at any time', () => {
	const { state, effects } = run(
		3,
		{ kind: 'probeRequest' },
		startData(3, 1),
		{ kind: 'event', code: 0x4002, transactionId: 0, params: [1] },
		endData(3, 1),
		{ kind: 'probeResponse' },
		response(3),
	);
	expect(state.at).toBe('done');
	expect(does(effects)).toEqual(['answerProbe', 'begin', 'event', 'take', 'complete']);
});

test('ids wrap around without the two reserved ones, and older ids are still recognised', () => {
	expect(nextTransactionId(0)).toBe(1);
	expect(nextTransactionId(0xffff_fffe)).toBe(1);
	expect(run(1, response(0xffff_fffe), response(1)).state.at).toBe('done');
});
