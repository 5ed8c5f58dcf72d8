import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseHeld, type HeldStatus, holderOf, readStatus } from '#contract/hold-status.ts';
import { directionOf } from '#hold/rules/direction.ts';
import { eventIdFor } from '#hold/rules/event-ids.ts';
import { keepAlivePlan, keepAliveSetting, nextKeepAlive } from '#hold/rules/keep-alive.ts';
import { gphoto2Port, listenAddress, readyLines } from '#hold/rules/listen.ts';
import { decideRequest, passThroughOf } from '#hold/rules/requests.ts';
import { ownerOf } from '#hold/rules/route-sighting.ts';
import { afterOperation, type UnlockTimer, unlockAt } from '#hold/rules/unlock-timer.ts';
import { statusLines } from '#hold/text/table.ts';
import { marksOf, viewLines } from '#hold/text/view.ts';
import { NO_TRANSACTION } from '#protocol/ptpip/packet.ts';

const code = (run: () => unknown): string | undefined => {
	try {
		run();
	} catch (error) {
		return (error as { code: string }).code;
	}
	return undefined;
};

describe('the direction of data', () => {
	test.each([
		['GetObject', 0x1009, [1], 'notOut'],
		['SendObjectInfo', 0x100c, [], 'out'],
		['SendObject', 0x100d, [], 'out'],
		['SetDevicePropValue', 0x1016, [0xd001], 'out'],
		['EOS SetDevicePropValueEx', 0x9110, [], 'out'],
		['CHDK ScriptStatus', 0x9999, [8], 'notOut'],
		['CHDK ExecuteScript', 0x9999, [7, 0], 'out'],
		['CHDK UploadFile', 0x9999, [5], 'out'],
		['CHDK TempData that stores', 0x9999, [4, 0], 'out'],
		['CHDK TempData that gives back', 0x9999, [4, 1], 'notOut'],
		['a later sub-command of CHDK', 0x9999, [99], 'unknown'],
	])('of %s is known, whatever the request says', (_name, operation, params, direction) => {
		for (const dataPhase of [0, 1, 2, 3]) expect(directionOf(operation, params, dataPhase)).toBe(direction);
	});

	test('of Canon’s operations from 0x9110 is treated as unknown', () => {
		for (const operation of [0x9114, 0x9115, 0x9127])
			expect([0, 1, 2].map((dataPhase) => directionOf(operation, [], dataPhase))).toEqual(['unknown', 'unknown', 'out']);
	});

	test('of an unknown operation is taken from the request only where that is explicit', () => {
		expect(directionOf(0x9abc, [], 2)).toBe('out');
		expect(directionOf(0x9abc, [], 1)).toBe('unknown');
		expect(directionOf(0x9abc, [], 0)).toBe('unknown');
	});
});

describe('requests', () => {
	const none = new Set<number>();
	test.each([
		['OpenSession(5)', 0x1002, [5], 0, { do: 'answer', code: 0x2001, params: [], session: 5 }],
		['OpenSession(0)', 0x1002, [0], 0, { do: 'answer', code: 0x201d, params: [], session: 0 }],
		['OpenSession twice', 0x1002, [6], 5, { do: 'answer', code: 0x201e, params: [5], session: 5 }],
		['CloseSession', 0x1003, [], 5, { do: 'answer', code: 0x2001, params: [], session: 0 }],
		['CloseSession without one', 0x1003, [], 0, { do: 'answer', code: 0x2003, params: [], session: 0 }],
		['GetDeviceInfo without a session', 0x1001, [], 0, { do: 'forward' }],
		['GetStorageIDs without a session', 0x1004, [], 0, { do: 'answer', code: 0x2003, params: [], session: 0 }],
		['GetStorageIDs', 0x1004, [], 1, { do: 'forward' }],
		['an unknown operation', 0x9abc, [], 1, { do: 'forward' }],
		['PowerDown', 0x1013, [], 1, { do: 'block', name: 'PowerDown', code: 0x200f }],
		['PowerDown without a session', 0x1013, [], 0, { do: 'answer', code: 0x2003, params: [], session: 0 }],
		['ResetDevice', 0x1010, [], 1, { do: 'block', name: 'ResetDevice', code: 0x200f }],
	])('%s', (_name, operation, params, session, judged) => {
		expect(decideRequest(operation, params, session, none)).toEqual(judged);
	});

	test('never forward a client’s OpenSession, nor blocked operations unless the user asked for that', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 0xffff }), fc.array(fc.nat(), { maxLength: 5 }), fc.nat(9), (operation, params, session) => {
				const { do: done } = decideRequest(operation, params, session, none);
				if ([0x1002, 0x1003, 0x1010, 0x1013].includes(operation)) expect(done).not.toBe('forward');
				if (session > 0 && operation !== 0x1002) expect(decideRequest(operation, params, session, new Set([operation])).do).toBe('forward');
			}),
		);
	});

	test('that are passed through need a session too', () => {
		for (const operation of [0x1003, 0x1010, 0x1013])
			expect(decideRequest(operation, [], 0, new Set([operation]))).toMatchObject({ do: 'answer', code: 0x2003 });
	});

	test('are named for --pass-through', () => {
		expect(passThroughOf('powerdown, ResetDevice')).toEqual({ codes: new Set([0x1013, 0x1010]) });
		expect(passThroughOf('PowerDown,Format')).toEqual({ unknown: 'Format' });
	});
});

describe('events', () => {
	const now = { client: 2, camera: 900, own: 7 };
	test('of the current transaction have the client’s own id, and no transaction id for other clients', () => {
		expect(eventIdFor(2, { code: 0x4002, transactionId: 900 }, now)).toBe(7);
		expect(eventIdFor(3, { code: 0x4002, transactionId: 900 }, now)).toBe(NO_TRANSACTION);
		expect(eventIdFor(3, { code: 0x4002, transactionId: 0 }, now)).toBe(0);
		expect(eventIdFor(2, { code: 0x4002, transactionId: 899 }, undefined)).toBe(NO_TRANSACTION);
	});
	test('of type CancelTransaction go only to the client concerned', () => {
		expect(eventIdFor(2, { code: 0x4001, transactionId: 900 }, now)).toBe(7);
		expect(eventIdFor(3, { code: 0x4001, transactionId: 900 }, now)).toBeUndefined();
	});
});

describe('keep-alive', () => {
	const powershot = [0x1001, 0x1004, 0x1007];
	const eos = [...powershot, 0x9114, 0x9116, 0x911d];
	const now = { clients: 0, sinceOnceMs: 0, refused: new Set<number>() };
	test('of a PowerShot uses the lightest operation, and never one that was refused', () => {
		const plan = keepAlivePlan('auto', powershot);
		expect(plan.everyMs).toBe(10_000);
		expect(nextKeepAlive(plan, now)?.name).toBe('GetStorageIDs');
		expect(nextKeepAlive(plan, { ...now, refused: new Set([0x1004]) })?.name).toBe('GetDeviceInfo');
		expect(nextKeepAlive(plan, { ...now, refused: new Set([0x1004, 0x1001]) })).toBeUndefined();
	});
	test('of an EOS polls events, but not while a client needs them, and sends KeepDeviceOn once a minute', () => {
		const plan = keepAlivePlan('auto', eos);
		expect(plan.everyMs).toBe(5000);
		expect(nextKeepAlive(plan, now)?.name).toBe('GetEvent');
		expect(nextKeepAlive(plan, { ...now, clients: 1 })?.name).toBe('GetStorageIDs');
		const minute = { ...now, clients: 1, sinceOnceMs: 60_000 };
		expect(nextKeepAlive(plan, minute)?.name).toBe('KeepDeviceOn');
		expect(nextKeepAlive(plan, { ...minute, refused: new Set([0x911d]) })?.name).toBe('GetStorageIDs');
		expect(nextKeepAlive(keepAlivePlan('auto', [...powershot, 0x9114, 0x9116]), minute)?.name).toBe('GetStorageIDs');
	});
	test('can be set by the user', () => {
		expect(keepAlivePlan('off', eos).everyMs).toBeNull();
		expect(keepAlivePlan(3, eos).everyMs).toBe(3000);
		expect(['auto', 'off', '1', '2.5', '3600'].map(keepAliveSetting)).toEqual(['auto', 'off', 1, 2.5, 3600]);
		expect(['', 'on', '0', '-3', '4000', '1s', 'Infinity'].map(keepAliveSetting)).toEqual(Array(7).fill(undefined));
	});
});

describe('the screen', () => {
	const start: UnlockTimer = { lastOperation: 0, notBefore: 0 };
	test('is not black before an operation has blackened it', () => {
		expect(unlockAt(start)).toBeUndefined();
		expect(unlockAt(afterOperation(start, 0x1004, 100))).toBeUndefined();
	});
	test.each([0x1007, 0x9801, 0x9114])('is unlocked a quarter of a second after the last operation, here 0x%s', (operation) => {
		const black = afterOperation(start, operation, 1000);
		expect(unlockAt(black)).toBe(1250);
		expect(unlockAt(afterOperation(black, 0x1009, 1200))).toBe(1450);
	});
	test('does not stay black indefinitely when a client never pauses', () => {
		let screen = afterOperation(start, 0x1007, 0);
		for (let now = 100; now <= 9000; now += 100) screen = afterOperation(screen, 0x101b, now);
		expect(unlockAt(screen)).toBe(5000);
	});
	test('is not unlocked before the next try when the last one was not possible', () => {
		expect(unlockAt({ ...afterOperation(start, 0x1007, 0), notBefore: 700 })).toBe(700);
	});
});

describe('where clients connect', () => {
	test('appears in the lines to copy', () => {
		expect(gphoto2Port('127.0.0.1', 15740)).toBe('ptpip:127.0.0.1');
		expect(gphoto2Port('0.0.0.0', 15741)).toBe('ptpip:127.0.0.1:15741:15741');
		expect(readyLines('127.0.0.1', 15741)).toEqual(['gphoto2 --port ptpip:127.0.0.1:15741:15741', 'chdkptp -c"-h=127.0.0.1 -p=15741"']);
	});
	test.each([
		[undefined, { address: '127.0.0.1', port: 15740, mayMove: true }],
		['127.0.0.1:9000', { address: '127.0.0.1', port: 9000, mayMove: false }],
		['127.0.0.2', { address: '127.0.0.2', port: 15740, mayMove: true }],
		[':0', { address: '127.0.0.1', port: 0, mayMove: false }],
		['localhost:9000', { address: '127.0.0.1', port: 9000, mayMove: false }],
	])('%s', (given, expected) => expect(listenAddress(given, false)).toEqual(expected));
	test.each([
		['192.168.1.20:15740', 'usage'],
		['0.0.0.0', 'usage'],
		['127.0.0.1:70000', 'usage'],
		['127.0.0.1:x', 'usage'],
		['127.0.0.1:', 'usage'],
		['myhost:15740', 'notIpv4'],
		['[::1]:15740', 'notIpv4'],
		['', undefined],
	])('%s is %s', (given, expected) => expect(code(() => listenAddress(given, false))).toBe(expected));
	test('may be reachable for other computers if the user wants that', () => {
		expect(listenAddress('192.168.1.20:15740', true)).toEqual({ address: '192.168.1.20', port: 15740, mayMove: false });
	});
});

test('a sighting belongs to the camera with its MAC, its last address, or else to the unknown one', () => {
	const slots = [
		{ mac: '2c:9e:fc:00:00:01', address: '192.168.1.5' },
		{ mac: null, address: '192.168.1.6' },
		{ mac: null, address: null },
	];
	expect(ownerOf({ address: '192.168.1.9', mac: '2c:9e:fc:00:00:01' }, slots)).toBe(0);
	expect(ownerOf({ address: '192.168.1.5', mac: undefined }, slots)).toBe(0);
	expect(ownerOf({ address: '192.168.1.5', mac: '2c:9e:fc:00:00:99' }, slots)).toBe(2);
	expect(ownerOf({ address: '192.168.1.6', mac: '2c:9e:fc:00:00:02' }, slots)).toBe(1);
	expect(ownerOf({ address: '192.168.1.7', mac: undefined }, slots)).toBe(2);
	expect(ownerOf({ address: '192.168.1.7', mac: undefined }, slots.slice(0, 2))).toBeUndefined();
});

test('behind a repeater the address decides whose sighting it is, and the MAC does not', () => {
	const repeater = '50:c7:bf:00:00:01';
	const slots = [
		{ mac: repeater, address: '192.168.1.5' },
		{ mac: repeater, address: '192.168.1.6' },
		{ mac: '2c:9e:fc:00:00:01', address: '192.168.1.7' },
	];
	const who = (address: string, mac: string, macShared = false) => ownerOf({ address, mac, macShared }, slots);
	expect(who('192.168.1.6', repeater)).toBe(1);
	expect(who('192.168.1.7', repeater)).toBe(2);
	expect(who('192.168.1.8', repeater)).toBe(0);
	expect(who('192.168.1.7', '50:c7:bf:00:00:02')).toBe(2);
	expect(who('192.168.1.7', '2c:9e:fc:00:00:99')).toBeUndefined();
	expect(who('192.168.1.7', '2c:9e:fc:00:00:99', true)).toBe(2);
	// One camera saved with the repeater's MAC does not take the sightings of another one there, once it is known for what it is.
	const [one, , two] = slots as [(typeof slots)[0], (typeof slots)[0], (typeof slots)[0]];
	expect(ownerOf({ address: '192.168.1.7', mac: repeater }, [one, two])).toBe(0);
	expect(ownerOf({ address: '192.168.1.7', mac: repeater, macShared: true }, [one, two])).toBe(1);
});

const held: HeldStatus = {
	id: 'studio',
	state: 'connected',
	camera: '192.168.1.45',
	mac: '2c:9e:fc:01:02:03',
	model: 'Canon PowerShot ELPH 130 IS',
	serial: 'A1',
	address: '127.0.0.1',
	port: 15740,
	sessions: 1,
	age: 7320,
	keepalive: 'GetStorageIDs',
	operations: 12,
	bytesIn: 3_000_000,
	bytesOut: 20,
	clients: [
		{ number: 3, name: 'vm\u001b[2J', from: '127.0.0.1', operation: 'getObject', operations: 5, bytesIn: 5_000_000, bytesOut: 0, age: 4 },
	],
};
const hold = { v: 1 as const, pid: 4711, age: 7400, cameras: [held] };

describe('status', () => {
	test('is read as it was written, and anything else is rejected', () => {
		expect(readStatus(JSON.stringify(hold))).toEqual(hold);
		for (const text of [
			'',
			'null',
			'{}',
			'{"v":2,"pid":1,"cameras":[]}',
			'{"v":1,"pid":1,"cameras":[{}]}',
			'{"v":1,"pid":1,"cameras":[null]}',
		])
			expect(readStatus(text)).toBeUndefined();
	});
	test('finds the named camera, or the only one', () => {
		const other = { ...held, id: 'garden', mac: null, serial: 'B2', port: 15741, camera: '192.168.1.46' };
		const both = [{ ...hold, cameras: [held, other] }];
		expect(chooseHeld([hold], {})).toBe(held);
		expect(chooseHeld(both, {})).toBeUndefined();
		expect(chooseHeld(both, { id: 'garden' })).toBe(other);
		expect(chooseHeld(both, { id: 'x', serial: 'B2' })).toBe(other);
		expect(chooseHeld(both, { id: 'x', mac: '2c:9e:fc:01:02:03' })).toBe(held);
		expect(chooseHeld(both, { camera: '192.168.1.46' })).toBe(other);
		expect(chooseHeld(both, { id: 'x', mac: null, serial: null })).toBeUndefined();
		expect(chooseHeld([], {})).toBeUndefined();
	});
	test('ignores a serial number of zeros when looking for the process that has the camera', () => {
		const zeros = '0'.repeat(32);
		const one = [{ ...hold, cameras: [{ ...held, serial: zeros, mac: null }] }];
		expect(chooseHeld(one, { id: 'x', serial: zeros })).toBeUndefined();
		expect(holderOf(one, { id: 'x', serial: zeros, mac: '2c:9e:fc:00:00:02' })).toBeUndefined();
		// Of an older program that does not tell them.
		expect(
			chooseHeld([{ ...hold, cameras: [{ ...held, serial: undefined, mac: undefined } as never] }], { id: 'x', mac: null }),
		).toBeUndefined();
	});
	test('finds the process that has a camera or waits for it, whatever its listening address is', () => {
		const away = { ...hold, cameras: [{ ...held, address: '192.168.1.20', state: 'waiting' as const }] };
		expect(chooseHeld([away], { id: 'studio' })).toBeUndefined();
		expect(holderOf([away], { id: 'studio' })).toEqual({ pid: 4711, held: away.cameras[0] });
		expect(holderOf([hold], { camera: '192.168.1.45' })?.pid).toBe(4711);
		expect(holderOf([hold], { id: 'garden', mac: null, serial: null })).toBeUndefined();
		expect(holderOf([hold], {})).toBeUndefined();
	});
	test('is formatted as lines', () => {
		expect(statusLines([hold])).toEqual([
			'studio: held for 2 h 2 min',
			'  ptpip:127.0.0.1, process 4711',
			'  12 operations, 3.0 MB in, 20 B out, 1 client now',
			'  client 3 (vm\\x1b[2J), 4 s: 5 operations, 5.0 MB in, 0 B out, at getObject',
		]);
	});
});

describe('the live view', () => {
	test('shows rates between two readings, and fits 40 columns without control characters', () => {
		const before = marksOf({ ...hold, cameras: [{ ...held, clients: held.clients.map((client) => ({ ...client, bytesIn: 0 })) }] });
		const many = Array.from({ length: 9 }, (_, n) => ({ ...(held.clients[0] as (typeof held.clients)[number]), number: n + 3 }));
		expect(viewLines(hold, before, 2, 80)).toEqual(['● studio :15740 held for 2 h 2 min', '  3 vm\\x1b[2J getObject 2.5 MB/s']);
		const narrow = viewLines(
			{
				...hold,
				cameras: [
					{ ...held, clients: many },
					{ ...held, state: 'waiting' },
				],
			},
			before,
			2,
			40,
		);
		expect(narrow.every((line) => line.length <= 40)).toBe(true);
		expect(narrow).toContain('  and 5 more');
		expect(narrow.at(-2)).toBe('○ studio :15740 waiting for the camera');
		const long = { ...hold, cameras: [{ ...held, id: 'a long name', state: 'waiting' as const, clients: [] }] };
		expect(viewLines(long, before, 2, 38)).toEqual(['○ a lon… :15740 waiting for the camera']);
	});

	test('does not show a client as idle between two parts of a file', () => {
		const [one] = held.clients as [(typeof held.clients)[number]];
		const now = { ...hold, cameras: [{ ...held, clients: [{ ...one, name: 'vm', operation: null }] }] };
		const before = marksOf({ ...now, cameras: [{ ...held, clients: [{ ...one, bytesIn: one.bytesIn - 2_000_000 }] }] });
		expect(viewLines(now, before, 1, 80)[1]).toBe('  3 vm 2.0 MB/s');
		expect(viewLines(now, marksOf(now), 1, 80)[1]).toBe('  3 vm idle');
	});
});
