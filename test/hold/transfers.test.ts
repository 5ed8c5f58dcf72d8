/** Data through a shared camera: whole for everybody, never collected, and no client's end is another's. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeDataset, handles, objectInfo } from '#protocol/ptp/datasets.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { fetchData, perform } from '#protocol/ptpip/initiator/operations.ts';
import { encodePacket, type Packet } from '#protocol/ptpip/packet.ts';
import { answer, type Line } from '../protocol/ptpip/initiator/scripted-camera.ts';
import { scriptedWorld } from './scripted-world.ts';
import { pattern, rawSocket, type World, world } from './world.ts';

const OPEN_SESSION = 0x1002;
const GET_STORAGE_IDS = 0x1004;
const GET_OBJECT = 0x1009;
const SEND_OBJECT = 0x100d;
const GIVEN = { keepalive: 'off' } as const;
const MB = 1024 * 1024;

let card: string;
const files = new Map([
	['MVI_0001.MOV', pattern(24 * MB + 13, 5)],
	['IMG_0002.JPG', pattern(300_001, 7)],
]);
beforeAll(() => {
	card = mkdtempSync(join(tmpdir(), 'cw-hold-'));
	mkdirSync(join(card, 'DCIM', '100CANON'), { recursive: true });
	for (const [name, bytes] of files) writeFileSync(join(card, 'DCIM', '100CANON', name), bytes);
	writeFileSync(join(card, 'DCIM', '100CANON', 'MVI_0003.MOV'), '');
	truncateSync(join(card, 'DCIM', '100CANON', 'MVI_0003.MOV'), 1024 * MB); // sparse: longer than any buffer
});
afterAll(() => rmSync(card, { recursive: true, force: true }));

/** The handles of the files on the card, by name. */
async function handlesOf(client: PtpipConnection): Promise<Map<string, number>> {
	const { data } = await fetchData(client, { code: 0x1007, params: [0xffffffff, 0, 0], atMost: 4096 });
	const found = new Map<string, number>();
	for (const handle of decodeDataset(handles, data)) {
		const { data: info } = await fetchData(client, { code: 0x1008, params: [handle], atMost: 4096 });
		found.set(decodeDataset(objectInfo, info).fileName, handle);
	}
	return found;
}

const get = async (client: PtpipConnection, handle: number) =>
	(await fetchData(client, { code: GET_OBJECT, params: [handle], atMost: 64 * MB })).data;
const sessionsSeen = ({ camera }: World) => camera.events.filter(({ type }) => type === 'sessionOpened').length;
const bytesOf = (...packets: readonly (Packet | Uint8Array)[]) =>
	Buffer.concat(packets.map((one) => (one instanceof Uint8Array ? one : encodePacket(one))));

describe('downloads', () => {
	test('of four clients at once all arrive complete', async () => {
		await using one = await world({ camera: { media: card }, proxy: GIVEN, unlock: 'never' });
		const clients = await Promise.all([1, 2, 3, 4].map((n) => one.client(`client ${n}`)));
		await Promise.all(
			clients.map(async (client) => {
				const found = await handlesOf(client);
				for (const [name, bytes] of files) expect(Buffer.compare(await get(client, found.get(name) ?? 0), bytes), name).toBe(0);
			}),
		);
		expect(sessionsSeen(one)).toBe(1);
		const { operations, bytesIn } = one.proxy.status();
		expect(operations).toBe(one.proxy.status().clients.reduce((sum, client) => sum + client.operations, 0));
		expect(bytesIn).toBeGreaterThan(4 * 24 * MB);
	});

	test('make a client wait for one transaction of another client, not for all its work', async () => {
		await using one = await world({ camera: { media: card }, proxy: GIVEN, unlock: 'never' });
		const [busy, other] = [await one.client(), await one.client()];
		const handle = (await handlesOf(busy)).get('IMG_0002.JPG') ?? 0;
		let gone = 0;
		const work = (async () => {
			for (; gone < 40; gone++) await get(busy, handle);
		})();
		for (let asked = 0; asked < 10; asked++) {
			const before = gone;
			await perform(other, { code: GET_STORAGE_IDS });
			expect(gone - before).toBeLessThanOrEqual(2);
		}
		await work;
	});

	test('by a client that stops reading block the camera only until the limit, and then the client is cut off', async () => {
		await using one = await world({
			camera: { media: card },
			proxy: GIVEN,
			unlock: 'never',
			clients: { stallMs: 60_000, stallWhenWaitedForMs: 300 },
		});
		const client = await one.client();
		const handle = (await handlesOf(client)).get('MVI_0003.MOV') ?? 0;
		const stuck = await stuckIn(one, handle);
		expect(await perform(client, { code: GET_STORAGE_IDS })).toMatchObject({ code: 0x2001 });
		expect(await one.event('client', ({ state }) => state === 'cut')).toMatchObject({ why: expect.stringContaining('did not take') });
		expect(one.camera.lost()).toBeUndefined();
		expect(sessionsSeen(one)).toBe(1);
		// The rest of its gigabyte was cancelled, not read.
		const operation = one.camera.events.findLast((event) => event.type === 'operation' && event.code === GET_OBJECT);
		expect(operation).toMatchObject({ response: 'transactionCanceled' });
		for (const socket of stuck) socket.destroy();
	});

	test('end on the client’s own Cancel, and no other transfer does', async () => {
		await using one = await world({ camera: { media: card }, proxy: GIVEN, unlock: 'never' });
		const [client, other] = [await one.client(), await one.client()];
		const handle = (await handlesOf(client)).get('MVI_0003.MOV') ?? 0;
		const enough = new Error('enough');
		let got = 0;
		const transfer = client.transact({
			code: GET_OBJECT,
			params: [handle],
			receive: {
				piece: ({ length }) => {
					got += length;
					if (got > MB) throw enough;
				},
			},
		});
		await expect(transfer).rejects.toBe(enough);
		expect((await perform(client, { code: GET_STORAGE_IDS })).code).toBe(0x2001);
		expect((await perform(other, { code: GET_STORAGE_IDS })).code).toBe(0x2001);
		expect(one.camera.lost()).toBeUndefined();
	});
});

/** A client that asks for an object and never reads a byte of it. */
async function stuckIn(one: World, handle: number) {
	const command = await rawSocket(one.proxy.port);
	const acked = new Promise<Buffer>((resolve) => command.once('data', resolve));
	command.write(bytesOf({ kind: 'initCommandRequest', guid: new Uint8Array(16), friendlyName: 'stuck', version: 0x10000 }));
	const ack = await acked;
	const event = await rawSocket(one.proxy.port);
	event.write(bytesOf({ kind: 'initEventRequest', connectionNumber: ack.readUInt32LE(8) }));
	await new Promise((resolve) => event.once('data', resolve));
	command.pause();
	const request = (code: number, transactionId: number, params: number[]): Packet => ({
		kind: 'operationRequest',
		dataPhase: 1,
		code,
		transactionId,
		params,
	});
	command.write(bytesOf(request(OPEN_SESSION, 0, [1]), request(GET_OBJECT, 1, [handle])));
	// It is served once the camera has begun.
	while (!one.proxy.status().clients.some(({ name, operation }) => name === 'stuck' && operation === 'getObject')) await sleep(5);
	return [command, event];
}

describe('uploads', () => {
	test('with a short data phase reach the camera only when complete, so a client that dies in the middle has no effect', async () => {
		await using one = await world({ proxy: GIVEN, unlock: 'never' });
		const before = one.camera.events.length;
		const dying = await one.client();
		const half = dying.transact({ code: 0x1016, params: [0xd001], send: { total: 20, pieces: stalling(10) } }).catch(() => {});
		await sleep(50);
		await dying.close();
		await half;
		const next = await one.client();
		expect((await perform(next, { code: GET_STORAGE_IDS })).code).toBe(0x2001);
		const asked = one.camera.events.slice(before).flatMap((event) => (event.type === 'operation' ? [event.name] : []));
		expect(asked).toEqual(['getStorageIDs']);
	});

	test('that are long arrive byte for byte', async () => {
		const sent = pattern(20 * MB + 5, 3);
		await using one = await scriptedWorld(async ({ command }) => {
			const { transactionId } = await command.expect('operationRequest');
			const arrived = await dataOf(command);
			expect(Buffer.compare(arrived, sent)).toBe(0);
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [sent.length] });
		});
		const client = await one.client();
		const upload = client.transact({ code: SEND_OBJECT, send: { total: sent.length, pieces: [sent] } });
		expect(await upload).toMatchObject({ code: 0x2001, params: [sent.length] });
		await one.finished;
	});

	test('to a camera that does not read make the client wait, and little is buffered', async () => {
		let resume = () => {};
		const resumed = new Promise<void>((resolve) => {
			resume = resolve;
		});
		await using one = await scriptedWorld(async ({ command }) => {
			await command.expect('operationRequest');
			command.stop();
			await resumed;
		});
		const client = await one.client();
		let taken = 0;
		const piece = new Uint8Array(64 * 1024);
		const source = (async function* () {
			for (; taken < 512 * MB; taken += piece.length) yield piece;
		})();
		const upload = client.transact({ code: SEND_OBJECT, send: { total: 512 * MB, pieces: source } }).catch(() => {});
		for (let before = -1; before !== taken; await sleep(150)) before = taken;
		// What fits into the sockets of both connections, and no more.
		expect(taken).toBeLessThan(40 * MB);
		resume();
		await client.close();
		await upload;
	});

	test('by a client that dies in the middle are cancelled on both connections, and the next client goes on', async () => {
		let next = 0;
		await using one = await scriptedWorld(async ({ command, event }) => {
			const { transactionId } = await command.expect('operationRequest');
			await command.expect('startData');
			for (;;) {
				const packet = await command.packet();
				if (packet.kind === 'data') continue;
				expect(packet).toMatchObject({ kind: 'cancel', transactionId });
				break;
			}
			expect(await event.packet()).toMatchObject({ kind: 'cancel', transactionId });
			command.send({ kind: 'operationResponse', code: 0x201f, transactionId, params: [] });
			next = (await answer(command)).transactionId - transactionId;
		});
		const dying = await one.client();
		const half = dying.transact({ code: SEND_OBJECT, send: { total: 10 * MB, pieces: stalling(MB) } }).catch(() => {});
		await one.proxy.status();
		while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
		await dying.close();
		await half;
		const client = await one.client();
		expect((await client.transact({ code: GET_STORAGE_IDS })).code).toBe(0x2001);
		expect(next).toBe(1);
		await one.finished;
	});

	test('to a camera that does not know Cancel are padded with zeros, so that the session is not lost', async () => {
		await using one = await scriptedWorld(
			async ({ command }) => {
				const { transactionId } = await command.expect('operationRequest');
				const arrived = await dataOf(command);
				expect(arrived.length).toBe(4 * MB);
				expect(arrived.subarray(0, MB).every((byte) => byte === 9)).toBe(true);
				expect(arrived.subarray(MB).every((byte) => byte === 0)).toBe(true);
				command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
				await answer(command);
			},
			{ cancelMs: 10_000 },
		);
		const dying = await one.client();
		const half = dying.transact({ code: SEND_OBJECT, send: { total: 4 * MB, pieces: stalling(MB) } }).catch(() => {});
		while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
		await sleep(50);
		await dying.close();
		await half;
		const client = await one.client();
		// Sooner than gphoto2 gives up.
		expect((await client.transact({ code: GET_STORAGE_IDS }, { silenceMs: 2500 })).code).toBe(0x2001);
		await one.finished;
	});

	test('by a client that dies after sending all data are not cancelled, and the response is awaited', async () => {
		let die = () => {};
		const dead = new Promise<void>((resolve) => {
			die = resolve;
		});
		await using one = await scriptedWorld(async ({ command }) => {
			const { transactionId } = await command.expect('operationRequest');
			expect(await dataOf(command)).toHaveLength(1000);
			await dead;
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
			await answer(command); // the next thing that comes is a request
		});
		const dying = await one.client();
		const done = dying.transact({ code: SEND_OBJECT, send: { total: 1000, pieces: [new Uint8Array(1000)] } }).catch(() => {});
		while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
		await sleep(50);
		await dying.close();
		await done;
		while (one.proxy.status().clients[0]?.operation === 'sendObject' && !one.events.some(({ type }) => type === 'lost')) {
			await sleep(50);
			die();
		}
		const client = await one.client();
		expect((await client.transact({ code: GET_STORAGE_IDS })).code).toBe(0x2001);
		await one.finished;
	});

	test('of an unknown operation are forwarded if data follows, and the operation works without data too', async () => {
		await using one = await scriptedWorld(async ({ command }) => {
			await answer(command);
			// Right behind the request, the camera knows of it from the request; later it is a surprise.
			for (const expected of [2, 1]) {
				const { transactionId, dataPhase } = await command.expect('operationRequest');
				expect(dataPhase).toBe(expected);
				expect(await dataOf(command)).toEqual(Buffer.from([1, 2, 3]));
				command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
			}
		});
		const client = await one.client();
		expect((await client.transact({ code: 0x9abc })).code).toBe(0x2001);
		const data = { total: 3, pieces: [new Uint8Array([1, 2, 3])] };
		expect((await client.transact({ code: 0x9abc, lateData: Promise.resolve(data) })).code).toBe(0x2001);
		expect((await client.transact({ code: 0x9abc, lateData: sleep(500).then(() => data) })).code).toBe(0x2001);
		await one.finished;
	});

	test('by a client that stops in the middle end with the client being cut off', async () => {
		await using one = await scriptedWorld(
			async ({ command }) => {
				const { transactionId } = await command.expect('operationRequest');
				for (let kind = ''; kind !== 'cancel'; ) ({ kind } = await command.packet());
				command.send({ kind: 'operationResponse', code: 0x201f, transactionId, params: [] });
				await answer(command);
			},
			{},
			{ stallMs: 60_000, stallWhenWaitedForMs: 300 },
		);
		const stalled = await one.client();
		const half = stalled.transact({ code: SEND_OBJECT, send: { total: 4 * MB, pieces: stalling(MB) } }).catch((error: Error) => error);
		while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
		const client = await one.client();
		expect((await client.transact({ code: GET_STORAGE_IDS })).code).toBe(0x2001);
		expect(await half).toBeInstanceOf(Error);
		expect(await one.event('client', ({ state }) => state === 'cut')).toMatchObject({ why: expect.stringContaining('no more data') });
		await one.finished;
	});
});

describe('events', () => {
	test('go to every client, with its own transaction id or none', async () => {
		const heard = { a: [] as unknown[], b: [] as unknown[] };
		let tell = () => {};
		const allHeard = new Promise<void>((resolve) => {
			tell = () => heard.a.length + heard.b.length === 4 && resolve();
		});
		await using one = await scriptedWorld(async ({ command, event }) => {
			const { transactionId } = await command.expect('operationRequest');
			event.send({ kind: 'event', code: 0x4002, transactionId, params: [77] });
			event.send({ kind: 'event', code: 0x4006, transactionId: 0xffff_ffff, params: [0xd001] });
			await allHeard;
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
		});
		const [a, b] = [await one.client(), await one.client()];
		for (const [who, client] of [
			['a', a],
			['b', b],
		] as const)
			client.listen(({ code, transactionId, params }) => {
				heard[who].push([code, transactionId, ...params]);
				tell();
			});
		await b.transact({ code: GET_STORAGE_IDS });
		// The first after OpenSession has number 1 with this client, and another one with the camera.
		expect(heard.b).toEqual([
			[0x4002, 1, 77],
			[0x4006, 0xffff_ffff, 0xd001],
		]);
		expect(heard.a).toEqual([
			[0x4002, 0xffff_ffff, 77],
			[0x4006, 0xffff_ffff, 0xd001],
		]);
		await one.finished;
	});
});

/** Some bytes, and then nothing for ever. */
async function* stalling(bytes: number): AsyncGenerator<Uint8Array> {
	yield new Uint8Array(bytes).fill(9);
	await new Promise(() => {});
}

/** A data phase that the camera reads, Start Data to End Data. */
async function dataOf(command: Line): Promise<Buffer> {
	const { total } = await command.expect('startData');
	const pieces: Uint8Array[] = [];
	for (;;) {
		const packet = await command.packet();
		if (packet.kind === 'cancel') continue; // a camera that knows none
		if (packet.kind !== 'data' && packet.kind !== 'endData') throw new Error(`${packet.kind} in a data phase`);
		pieces.push(packet.payload);
		if (packet.kind === 'endData') break;
	}
	const whole = Buffer.concat(pieces);
	expect(BigInt(whole.length)).toBe(total);
	return whole;
}
