/** Clients that die, lie and flood: the camera never notices, and the next client works. */
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { perform } from '#protocol/ptpip/initiator/operations.ts';
import { encodePacket, type Packet } from '#protocol/ptpip/packet.ts';
import { fuzzRuns } from '../support/fuzz.ts';
import { pattern, rawSocket, type World, world } from './world.ts';

const QUIET = { proxy: { keepalive: 'off' }, unlock: 'never' } as const;
const SMALL = { handshakeMs: 500, stallMs: 500, stallWhenWaitedForMs: 100 };

const request = (code: number, transactionId: number, params: number[] = [], dataPhase = 1): Packet => ({
	kind: 'operationRequest',
	dataPhase,
	code,
	transactionId,
	params,
});

/** All that nothing refers to any more is gone afterwards. */
function collectGarbage(): void {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
}

async function works(one: World): Promise<void> {
	const client = await one.client('next');
	expect((await perform(client, { code: 0x1004 })).code).toBe(0x2001);
	await client.close();
}

function untouched({ camera }: World): void {
	expect(camera.lost()).toBeUndefined();
	expect(camera.events.filter(({ type }) => type === 'sessionOpened')).toHaveLength(1);
	expect(camera.events.filter(({ type }) => type === 'sessionClosed')).toHaveLength(0);
}

/** Both connections of a client made of bytes; whatever comes back is read away. */
async function intruder(port: number): Promise<{ command: Socket; event: Socket }> {
	const command = await rawSocket(port);
	const first = new Promise<Buffer>((resolve) => command.once('data', resolve));
	command.write(encodePacket({ kind: 'initCommandRequest', guid: new Uint8Array(16), friendlyName: 'intruder', version: 0x10000 }));
	const number = (await first).readUInt32LE(8);
	const event = await rawSocket(port);
	const acked = new Promise((resolve) => event.once('data', resolve));
	event.write(encodePacket({ kind: 'initEventRequest', connectionNumber: number }));
	await acked;
	command.resume();
	event.resume();
	return { command, event };
}

test('a hundred clients that vanish at random moments leave the camera with its one session', async () => {
	await using one = await world({ ...QUIET, clients: SMALL });
	const { below, pick } = fuzzRuns(1);
	const uploads = pattern(200_000, 2);
	for (let round = 0; round < 100; round++) {
		const { command, event } = await intruder(one.proxy.port);
		command.write(encodePacket(request(0x1002, 0, [1])));
		const moment = below(6);
		if (moment === 0) command.write(encodePacket(request(0x1007, 1, [0xffffffff, 0, 0])));
		if (moment === 1) command.write(encodePacket(request(0x1009, 1, [below(40)])));
		if (moment === 2) command.write(encodePacket(request(0x100d, 1, [], 2)));
		if (moment === 3) {
			const cut = below(uploads.length);
			command.write(encodePacket(request(0x100d, 1, [], 2)));
			command.write(encodePacket({ kind: 'startData', transactionId: 1, total: BigInt(uploads.length) }));
			command.write(encodePacket({ kind: 'data', transactionId: 1 }, uploads.length));
			command.write(uploads.subarray(0, cut));
		}
		if (moment === 4) command.write(encodePacket(request(0x1004, 1)).subarray(0, below(18)));
		if (below(2) === 0) await sleep(below(8));
		const victim = pick([command, event]);
		if (below(2) === 0) victim.resetAndDestroy();
		else victim.destroy();
		if (round % 10 === 9) await works(one);
		for (const socket of [command, event]) socket.destroy();
	}
	await works(one);
	untouched(one);
});

test('clients that send forbidden packets are cut off, and nothing else is harmed', async () => {
	await using one = await world({ ...QUIET, clients: SMALL });
	const runs = fuzzRuns(300);
	const sane: Packet[] = [
		request(0x1002, 0, [1]),
		request(0x1001, 1),
		request(0x1004, 2),
		request(0x1007, 3, [0xffffffff, 0, 0]),
		{ kind: 'startData', transactionId: 3, total: 4n },
		{ kind: 'cancel', transactionId: 3 },
		{ kind: 'probeRequest' },
		request(0x9999, 4, [8]),
		{ kind: 'initEventAck' },
		request(0x1016, 5, [0xd001], 2),
		{ kind: 'operationResponse', code: 0x2001, transactionId: 5, params: [] },
		request(0x1003, 6),
	];
	for (let number = 0; number < runs.count; number++) {
		const victim = runs.below(4) === 0 ? { command: await rawSocket(one.proxy.port), event: undefined } : await intruder(one.proxy.port);
		const bytes = Buffer.concat(Array.from({ length: 1 + runs.below(6) }, () => encodePacket(runs.pick(sane))));
		const target = victim.event !== undefined && runs.below(4) === 0 ? victim.event : victim.command;
		target.write(runs.scribble(bytes));
		if (runs.below(3) === 0) await sleep(runs.below(5));
		victim.command.destroy();
		victim.event?.destroy();
		if (number % 50 === 49) await works(one);
	}
	await works(one);
	// PowerDown cannot have come out of it: what is withheld stays withheld, however it is scribbled.
	untouched(one);
});

test.each([
	['a length of 4 GiB', Buffer.from('FFFFFFFF06000000', 'hex')],
	['a length of 0', Buffer.from('0000000006000000', 'hex')],
	['a type that does not exist', Buffer.from('0800000063000000', 'hex')],
	['data that no operation asked for', Buffer.from(encodePacket({ kind: 'startData', transactionId: 1, total: 1n }))],
	['a second Init', Buffer.from(encodePacket({ kind: 'initEventRequest', connectionNumber: 1 }))],
	['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
])('a client that sends %s is cut off at once, with the reason', async (_what, bytes) => {
	await using one = await world(QUIET);
	const { command, event } = await intruder(one.proxy.port);
	const closed = Promise.all([command, event].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
	command.write(bytes);
	await closed;
	expect(await one.event('client', ({ state }) => state === 'cut')).toMatchObject({
		name: 'intruder',
		why: expect.stringMatching(/^it sent/),
	});
	await works(one);
	untouched(one);
});

test('a client that announces too much data, or sends another amount than announced, is cut off before the camera gets any', async () => {
	await using one = await world(QUIET);
	const before = one.camera.events.length;
	for (const [total, length] of [
		[4n, 5],
		[(1n << 32n) + 1n, 5],
		[1n << 60n, 5],
		[10n, 5],
	] as const) {
		const { command, event } = await intruder(one.proxy.port);
		const closed = new Promise((resolve) => command.once('close', resolve));
		command.write(encodePacket(request(0x1002, 0, [1])));
		command.write(encodePacket(request(0x1016, 1, [0xd001], 2)));
		command.write(encodePacket({ kind: 'startData', transactionId: 1, total }));
		command.write(encodePacket({ kind: 'endData', transactionId: 1 }, length));
		command.write(new Uint8Array(length));
		await closed;
		event.destroy();
	}
	expect(one.camera.events.slice(before)).toEqual([]);
	await works(one);
	untouched(one);
});

test('a client that sends requests and never reads is paused, then cut off, and memory use stays flat', async () => {
	await using one = await world({ ...QUIET, clients: { ...SMALL, unreadBytes: 64 * 1024 } });
	const { command, event } = await intruder(one.proxy.port);
	command.pause();
	command.write(encodePacket(request(0x1002, 0, [1])));
	const questions = Buffer.concat(Array.from({ length: 2000 }, (_, n) => encodePacket(request(0x1001, n + 1))));
	for (let sent = 0; sent < 40; sent++) command.write(questions);
	await one.event('client', ({ state }) => state === 'cut');
	await works(one);
	untouched(one);
	command.destroy();
	event.destroy();
});

test('a thousand clients that come and go leave nothing behind', async () => {
	await using one = await world(QUIET);
	const handles = () => readdirSync('/proc/self/fd').length;
	const heap = () => {
		one.events.length = 0;
		collectGarbage();
		return process.memoryUsage().heapUsed;
	};
	const come = async () => {
		const { command, event } = await intruder(one.proxy.port);
		command.write(encodePacket(request(0x1002, 0, [1])));
		command.destroy();
		event.destroy();
	};
	for (let n = 0; n < 100; n++) await come();
	await sleep(100);
	const heapBefore = heap();
	const before = process.platform === 'linux' ? handles() : 0;
	for (let n = 0; n < 1000; n++) await come();
	for (let waits = 0; one.proxy.status().clients.length > 0 && waits < 100; waits++) await sleep(20);
	expect(one.proxy.status().clients).toEqual([]);
	await sleep(100);
	if (process.platform === 'linux') expect(handles()).toBeLessThanOrEqual(before + 8);
	// A client takes 10 KB and more.
	expect(heap() - heapBefore).toBeLessThan(3_000_000);
	await works(one);
	untouched(one);
});

test('a flood of silent connections keeps no client out', async () => {
	await using one = await world({ ...QUIET, clients: { handshakeMs: 5000 } });
	const silent = await Promise.all(Array.from({ length: 300 }, () => rawSocket(one.proxy.port)));
	await works(one);
	untouched(one);
	for (const socket of silent) socket.destroy();
});
