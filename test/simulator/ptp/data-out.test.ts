/** Data from the initiator: every way to cut it into packets that the standard allows, and those that it does not. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cameraOn, infoFor } from './camera-on.ts';

const FOLDER = 2; // DCIM is 1, 100CANON is 2
const UNKNOWN = 2 ** 64;
const OK = 0x2001;

/** An upload is announced, and its SendObject requested. */
async function uploading(on: Awaited<ReturnType<typeof cameraOn>>, size: number) {
	const me = await on.open();
	expect((await me.ask(0x100c, [0x00010001, FOLDER], infoFor('A.TXT', size))).code).toBe(OK);
	me.request(0x100d, [], 2);
	return me;
}

/** Start Data whose length is not known. */
function startUnknown(me: Awaited<ReturnType<typeof uploading>>): void {
	const bytes = Buffer.from('1400000009000000000000000000000000000000', 'hex');
	bytes.writeUInt32LE(me.transaction, 8);
	bytes.fill(0xff, 12);
	expect(bytes.readBigUInt64LE(12)).toBe(BigInt(UNKNOWN) - 1n);
	me.command.socket.write(bytes);
}

test('all in End Data; in many Data with an empty End Data; one byte at a time', async () => {
	await using on = await cameraOn();
	let me = await uploading(on, 5);
	me.startData(5);
	me.sendData(Buffer.from('hello'), true);
	expect((await me.answer()).code).toBe(OK);
	me.close();
	expect(await readFile(on.picture('A.TXT'), 'utf8')).toBe('hello');

	await using other = await cameraOn();
	me = await uploading(other, 5);
	me.startData(5);
	for (const letter of 'hello') me.sendData(Buffer.from(letter), false);
	me.sendData(Buffer.alloc(0), true);
	expect((await me.answer()).code).toBe(OK);
	expect(await readFile(other.picture('A.TXT'), 'utf8')).toBe('hello');

	await me.ask(0x100c, [0x00010001, FOLDER], infoFor('B.TXT', 2));
	me.request(0x100d, [], 2);
	const id = me.transaction.toString(16).padStart(2, '0');
	const stream = `1400000009000000${id}0000000200000000000000 0d0000000a000000${id}00000041 0d0000000c000000${id}00000042`.replaceAll(
		' ',
		'',
	);
	for (const byte of Buffer.from(stream, 'hex')) {
		me.command.socket.write(Uint8Array.of(byte));
		await new Promise(setImmediate);
	}
	expect((await me.answer()).code).toBe(OK);
	expect(await readFile(other.picture('B.TXT'), 'utf8')).toBe('AB');
});

test('a length that is not known beforehand is taken, when what comes is what ObjectInfo announced', async () => {
	await using on = await cameraOn();
	const me = await uploading(on, 5);
	startUnknown(me);
	me.sendData(Buffer.from('hell'), true);
	expect((await me.answer()).code).toBe(0x2007);
	expect(await readdir(on.picture(''))).toEqual([]);
	me.request(0x100d, [], 2);
	startUnknown(me);
	me.sendData(Buffer.from('hel'), false);
	me.sendData(Buffer.from('lo'), true);
	expect((await me.answer()).code).toBe(OK);
	expect(await readFile(on.picture('A.TXT'), 'utf8')).toBe('hello');
});

test('a Cancel for another transaction does not stop the data', async () => {
	await using on = await cameraOn();
	const me = await uploading(on, 5);
	me.startData(5);
	me.sendData(Buffer.from('hel'), false);
	me.command.socket.write(Buffer.from('0c0000000b000000ffff0000', 'hex'));
	me.sendData(Buffer.from('lo'), true);
	expect((await me.answer()).code).toBe(OK);
	expect(await readFile(on.picture('A.TXT'), 'utf8')).toBe('hello');
});

test('data that is refused half way is read to its end, however it comes', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	// UploadFile of CHDK: u32 length of the name, name, contents. There is no such folder.
	const name = Buffer.from('\x09\0\0\0A/NO/FILE');
	for (const send of [
		(bytes: Buffer) => me.sendData(bytes, true),
		(bytes: Buffer) => {
			me.sendData(bytes, false);
			me.sendData(Buffer.alloc(0), true);
		},
	]) {
		me.request(0x9999, [5], 2);
		me.startData(name.length + 2_000_000);
		send(Buffer.concat([name, Buffer.alloc(2_000_000)]));
		expect((await me.answer()).code).toBe(0x2002);
		expect((await me.ask(0x1004)).code).toBe(OK);
	}
});

test('SendObject without data, and with the next request in its middle: refused, and the next request is answered', async () => {
	await using on = await cameraOn();
	const me = await uploading(on, 5);
	me.request(0x1004);
	expect((await me.answer()).code).toBe(0x201d);
	expect((await me.answer()).code).toBe(OK);
	me.request(0x100d, [], 2);
	me.startData(5);
	me.sendData(Buffer.from('he'), false);
	me.request(0x1004);
	expect((await me.answer()).code).toBe(0x2007);
	expect((await me.answer()).code).toBe(OK);
	expect(await readdir(on.picture(''))).toEqual([]);
});

test('data for an operation that takes none, or does not exist, is passed over', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	expect((await me.ask(0x1004, [], Buffer.alloc(100_000))).code).toBe(OK);
	expect((await me.ask(0x1fff, [], Buffer.alloc(100_000))).code).toBe(0x2005);
	expect((await me.ask(0x1004)).code).toBe(OK);
});
