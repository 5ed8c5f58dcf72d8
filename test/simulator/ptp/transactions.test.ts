import { open, truncate, unlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import type { CameraModel } from '#simulator/models/model.ts';
import { sx530hs } from '#simulator/models/sx530hs.ts';
import { cameraOn, Initiator, infoFor } from './camera-on.ts';

const BIG = 64 * 1024 * 1024;

/** Waits for the Start Data of an answer, so that the camera is in the middle of it. */
async function begun(me: Awaited<ReturnType<Awaited<ReturnType<typeof cameraOn>>['open']>>, total: number): Promise<void> {
	const start = await me.command.next();
	expect([start.readUInt32LE(4), start.readUInt32LE(12)]).toEqual([9, total]);
}

async function sparse(path: string, size: number): Promise<void> {
	const file = await open(path, 'w');
	await file.truncate(size);
	await file.close();
}

test('Cancel on the event connection stops the data: TransactionCanceled, and the session goes on', async () => {
	await using on = await cameraOn({ 'A.TXT': 'after' });
	await sparse(on.picture('MVI_0001.MP4'), BIG);
	const me = await on.open();
	const film = await me.handleOf('MVI_0001.MP4');
	me.request(0x1009, [film]);
	await begun(me, BIG);
	me.command.socket.pause(); // so that it cannot be over before
	me.cancel();
	await new Promise((resolve) => setTimeout(resolve, 50));
	me.command.socket.resume();
	const { code, data } = await me.answer();
	expect(code).toBe(0x201f);
	expect(data.length).toBeLessThan(BIG);
	expect((await me.ask(0x1009, [await me.handleOf('A.TXT')])).data.toString()).toBe('after');
});

test('a Cancel for another transaction, or when all is over, changes nothing', async () => {
	await using on = await cameraOn({ 'A.TXT': 'whole' });
	const me = await on.open();
	me.cancel(); // for OpenSession, which was answered
	expect((await me.ask(0x1009, [3])).data.toString()).toBe('whole');
});

test('a file that shrinks while it is sent is IncompleteTransfer, and the session goes on', async () => {
	await using on = await cameraOn({ 'A.TXT': 'after' });
	await sparse(on.picture('MVI_0001.MP4'), BIG);
	const me = await on.open();
	const film = await me.handleOf('MVI_0001.MP4');
	me.request(0x1009, [film]);
	await begun(me, BIG);
	me.command.socket.pause();
	await truncate(on.picture('MVI_0001.MP4'), 1000);
	me.command.socket.resume();
	const { code, types } = await me.answer();
	expect([code, types.at(-2), types.at(-1)]).toEqual([0x2007, 12, 7]);
	expect((await me.ask(0x1009, [await me.handleOf('A.TXT')])).data.toString()).toBe('after');
});

test('a file that is deleted while it is sent still comes whole; after that its handle is none', async () => {
	await using on = await cameraOn({ 'A.TXT': 'a' });
	await sparse(on.picture('MVI_0001.MP4'), BIG);
	const me = await on.open();
	const film = await me.handleOf('MVI_0001.MP4');
	me.request(0x1009, [film]);
	await begun(me, BIG);
	await unlink(on.picture('MVI_0001.MP4'));
	const { code, data } = await me.answer();
	expect([code, data.length]).toEqual([0x2001, BIG]);
	expect((await me.ask(0x1009, [film])).code).toBe(0x2009);
	expect((await me.ask(0x1008, [film])).code).toBe(0x2009);
});

test('beyond 4 GiB: ObjectInfo says 0xFFFFFFFF, MTP the truth, and 64-bit reading reaches the end', async () => {
	const size = 5 * 2 ** 30 + 7;
	const model: CameraModel = { ...elph340hs, operations: [...elph340hs.operations, 0x95c1, 0x9172] };
	await using on = await cameraOn({}, { model });
	await sparse(on.picture('MVI_0001.MP4'), size);
	const file = await open(on.picture('MVI_0001.MP4'), 'r+');
	await file.write(Buffer.from('the end'), 0, 7, size - 7);
	await file.close();
	const me = await on.open();
	expect((await me.ask(0x1008, [3])).data.readUInt32LE(8)).toBe(0xffffffff);
	expect((await me.ask(0x9803, [3, 0xdc04])).data.readBigUInt64LE()).toBe(BigInt(size));
	const list = (await me.ask(0x9805, [3, 0, 0xdc04, 0, 0])).data;
	expect(list.toString('hex')).toBe(`0100000003000000${'04dc'}${'0800'}0700004001000000`);
	expect(await me.ask(0x95c1, [3, 2 ** 30, 1, 100])).toMatchObject({ params: [7], data: Buffer.from('the end') });
	expect((await me.ask(0x95c1, [3, 2 ** 30 + 8, 1, 1])).code).toBe(0x201d);
	me.request(0x1009, [3]);
	const start = await me.command.next();
	expect(start.readBigUInt64LE(12)).toBe(BigInt(size));
	me.close();
});

test('MTP properties: described, listed, and refused where they do not exist or cannot be', async () => {
	await using on = await cameraOn({ 'A.JPG': 'jpeg' });
	const me = await on.open();
	const supported = (await me.ask(0x9801, [0x3801])).data;
	expect(supported.toString('hex')).toBe('0800000001dc02dc03dc04dc07dc08dc09dc0bdc');
	expect((await me.ask(0x9801, [0x1234])).code).toBe(0x200b);
	expect((await me.ask(0x9802, [0xdc04, 0x3801])).data.toString('hex')).toBe('04dc08000000000000000000000000000000');
	expect((await me.ask(0x9802, [0xdc99, 0x3801])).code).toBe(0xa801);
	expect((await me.ask(0x9803, [3, 0xdc07])).data.toString('utf16le', 1, 11)).toBe('A.JPG');
	expect((await me.ask(0x9803, [99, 0xdc07])).code).toBe(0x2009);
	expect((await me.ask(0x9804, [3, 0xdc07], Buffer.from([0]))).code).toBe(0x200f);
	expect((await me.ask(0x9805, [3, 0, 0xffffffff, 0, 0])).data.readUInt32LE(0)).toBe(8);
	expect((await me.ask(0x9805, [3, 0, 0xffffffff, 0, 2])).code).toBe(0xa808);
	expect((await me.ask(0x9805, [3, 0, 0, 1, 0])).code).toBe(0xa807);
});

test('a busy camera says so to everything but who it is, for as long as it was told', async () => {
	await using on = await cameraOn({}, { busyMs: 300 });
	const me = await on.open();
	expect((await me.ask(0x1004)).code).toBe(0x2019);
	expect((await me.ask(0x1007, [0xffffffff, 0, 0])).code).toBe(0x2019);
	expect((await me.ask(0x1001)).code).toBe(0x2001);
	await expect.poll(async () => (await me.ask(0x1004)).code).toBe(0x2001);
});

test('after CloseSession an SX530 HS answers nothing any more; others open a new session', async () => {
	await using on = await cameraOn({}, { model: sx530hs });
	const me = await on.open();
	expect((await me.ask(0x1003)).code).toBe(0x2001);
	for (const [code, params] of [
		[0x1001, []],
		[0x1002, [1]],
		[0x1004, []],
	] as const)
		expect((await me.ask(code, params)).code).toBe(0x2005);
});

test('OpenSession in an open session is refused, and its transaction counts when its id was the next', async () => {
	await using on = await cameraOn();
	const me = await on.open(); // transaction 0
	expect(await me.ask(0x1002, [7])).toMatchObject({ code: 0x201e, params: [1] }); // 1
	expect((await me.ask(0x1004)).code).toBe(0x2001); // 2
	me.transaction = 99;
	expect((await me.ask(0x1002, [7])).code).toBe(0x201e); // 100, which is any
	me.transaction = 2;
	expect((await me.ask(0x1004)).code).toBe(0x2001); // 3
});

test('a property is reset to what it was', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await me.ask(0x1016, [0xd045], Buffer.from('0400', 'hex'));
	expect((await me.ask(0x1017, [0xd045])).code).toBe(0x2001);
	expect((await me.ask(0x1015, [0xd045])).data.toString('hex')).toBe('0200');
	expect((await me.ask(0x1017, [0x5001])).code).toBe(0x200f);
	expect((await me.ask(0x1017, [0xd999])).code).toBe(0x200a);
});

test('ids turn over to 1: neither 0xFFFFFFFF nor 0 is one', async () => {
	await using on = await cameraOn();
	const me = await Initiator.connect(on.camera.ptpipPort);
	me.transaction = 0xffff_fffd;
	expect((await me.ask(0x1002, [1])).code).toBe(0x2001); // 0xFFFFFFFE
	expect((await me.ask(0x1004)).code).toBe(0x2004); // 0xFFFFFFFF
	me.transaction = -1;
	expect((await me.ask(0x1004)).code).toBe(0x2004); // 0
	expect((await me.ask(0x1004)).code).toBe(0x2001); // 1
});

test('Cancel that names another transaction stops nothing, on either connection', async () => {
	await using on = await cameraOn({ 'MVI_0001.MP4': Buffer.alloc(16 * 2 ** 20) });
	const me = await on.open();
	me.request(0x1009, [3]);
	await me.command.next(); // Start Data
	me.command.socket.pause(); // so that it cannot be over before
	const other = Buffer.from('0c0000000b00000007000000', 'hex');
	const probe = Buffer.from('080000000d000000', 'hex');
	me.command.socket.write(other);
	me.event.socket.write(Buffer.concat([other, probe]));
	await me.event.next(); // the Probe Response: Cancel has been read
	me.command.socket.resume();
	const { code, data } = await me.answer();
	expect([code, data.length]).toEqual([0x2001, 16 * 2 ** 20]);
});

test('what SendObjectInfo has announced is forgotten with its session', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	expect((await me.ask(0x100c, [0, 0], infoFor('A.TXT', 3))).code).toBe(0x2001);
	expect((await me.ask(0x1003)).code).toBe(0x2001);
	expect((await me.ask(0x1002, [2])).code).toBe(0x2001);
	expect((await me.ask(0x100d, [], Buffer.from('abc'))).code).toBe(0x2015);
});

test('more data than announced is IncompleteTransfer, and nothing comes of it', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	me.request(0x1016, [0xd045], 2);
	me.startData(2);
	me.sendData(Buffer.from('0400', 'hex'), false);
	me.sendData(Buffer.from('05', 'hex'), true);
	expect((await me.answer()).code).toBe(0x2007);
	expect((await me.ask(0x1015, [0xd045])).data.toString('hex')).toBe('0200');
	const script = Buffer.from('post_levent_to_ui(1)\0');
	me.request(0x9999, [7, 0], 2);
	me.startData(script.length - 1);
	me.sendData(script, true);
	expect((await me.answer()).code).toBe(0x2007);
	expect(on.events.some(({ type }) => type === 'script')).toBe(false);
});
