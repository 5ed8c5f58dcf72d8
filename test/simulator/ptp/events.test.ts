import { appendFile, mkdir, rm, unlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { g9x } from '#simulator/models/g9x.ts';
import { ixusWireless } from '#simulator/models/ixus-wireless.ts';
import { cameraOn, infoFor } from './camera-on.ts';

test('a file that appears is ObjectAdded, then StorageInfoChanged; one that goes is ObjectRemoved', async () => {
	await using on = await cameraOn({ 'OLD.JPG': 'old' });
	const me = await on.open();
	await writeFile(on.picture('IMG_0002.JPG'), 'new');
	expect(await me.nextEvent()).toEqual([0x4002, 4]);
	expect(await me.nextEvent()).toEqual([0x400c, 0x00010001]);
	expect((await me.ask(0x1009, [4])).data.toString()).toBe('new');
	await unlink(on.picture('OLD.JPG'));
	expect(await me.nextEvent()).toEqual([0x4003, 3]);
});

test('a file that still grows is not told before it is whole', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await writeFile(on.picture('MVI_0001.MP4'), 'x');
	const event = me.nextEvent();
	let told = false;
	void event.then(() => {
		told = true;
	});
	for (let written = 1; written <= 8; written++) {
		await new Promise((resolve) => setTimeout(resolve, 60));
		expect(told).toBe(false);
		await appendFile(on.picture('MVI_0001.MP4'), 'x');
	}
	expect(await event).toEqual([0x4002, 3]);
	expect((await me.ask(0x1008, [3])).data.readUInt32LE(8)).toBe(9);
});

test('a folder that appears is told, and what comes into it later, too', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await mkdir(on.picture('../101CANON'));
	expect(await me.nextEvent()).toEqual([0x4002, 3]);
	await me.nextEvent();
	await writeFile(on.picture('../101CANON/IMG_0001.JPG'), 'new');
	expect(await me.nextEvent()).toEqual([0x4002, 4]);
	await me.nextEvent();
	await rm(on.picture('../101CANON'), { recursive: true });
	expect([(await me.nextEvent())[1], (await me.nextEvent())[1], (await me.nextEvent())[1]]).toContain(3);
});

test('what the initiator itself sends and deletes is no event', async () => {
	await using on = await cameraOn({ 'OLD.JPG': 'old' });
	const me = await on.open();
	await me.ask(0x100c, [0x00010001, 2], infoFor('MINE.TXT', 2));
	await me.ask(0x100d, [], Buffer.from('me'));
	await me.ask(0x100b, [3]);
	await writeFile(on.picture('OTHER.JPG'), 'other');
	expect(await me.nextEvent()).toEqual([0x4002, 5]);
});

test('without a session there are no events', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	await me.ask(0x1003);
	await writeFile(on.picture('BETWEEN.JPG'), 'x');
	me.transaction = -1;
	await me.ask(0x1002, [2]);
	await writeFile(on.picture('AFTER.JPG'), 'x');
	expect(await me.nextEvent()).toEqual([0x4002, 4]); // BETWEEN.JPG is 3: it was there when the session began
});

test('in EOS event mode the packet only says that there is something; GetEvent has it', async () => {
	await using on = await cameraOn({}, { model: g9x });
	const me = await on.open();
	expect((await me.ask(0x9116)).data.toString('hex')).toBe('0800000000000000');
	await me.ask(0x9115, [1]);
	expect(await me.nextEvent()).toEqual([0xc101]);
	const first = (await me.ask(0x9116)).data;
	// EVFOutputDevice is 0: 16 bytes, PropValueChanged, 0xD1B0, 0.
	expect(first.toString('hex')).toContain('1000000089c10000b0d1000000000000');
	await writeFile(on.picture('IMG_0001.JPG'), 'jpeg');
	expect(await me.nextEvent()).toEqual([0xc101]);
	const { data } = await me.ask(0x9116);
	expect(data.readUInt32LE(0)).toBe(0x3c);
	expect(data.readUInt32LE(4)).toBe(0xc181);
	expect([data.readUInt32LE(8), data.readUInt32LE(12), data.readUInt16LE(16)]).toEqual([3, 0x00010001, 0x3801]);
	expect([data.readUInt32LE(0x1c), data.readUInt32LE(0x20)]).toEqual([4, 2]);
	expect(data.subarray(0x28, 0x28 + 13).toString('latin1')).toBe('IMG_0001.JPG\0');
	expect(data.subarray(0x3c).toString('hex')).toBe('0800000000000000');
	expect((await me.ask(0x9116)).data).toHaveLength(8);
	await unlink(on.picture('IMG_0001.JPG'));
	await me.nextEvent();
	expect((await me.ask(0x9116)).data.toString('hex')).toBe('0c00000082c10000030000000800000000000000');
});

test('an EOS property is set by 0x9110 and told as changed; one that does not exist is refused', async () => {
	await using on = await cameraOn({}, { model: g9x });
	const me = await on.open();
	await me.ask(0x9115, [1]);
	await me.ask(0x9116);
	expect((await me.ask(0x9110, [], Buffer.from('0c000000b0d1000008000000', 'hex'))).code).toBe(0x2001);
	expect((await me.ask(0x9116)).data.toString('hex')).toBe('1000000089c10000b0d10000080000000800000000000000');
	expect((await me.ask(0x9110, [], Buffer.from('0c000000ffd1000008000000', 'hex'))).code).toBe(0x200a);
	expect((await me.ask(0x9110, [], Buffer.from('0c000000b0d1', 'hex'))).code).toBe(0x201b);
});

test('0x9109 tells a folder in one answer, 56 bytes for each object', async () => {
	await using on = await cameraOn({ 'IMG_0001.JPG': 'jpeg' }, { model: g9x });
	const me = await on.open();
	const { data } = await me.ask(0x9109, [0x00010001, 2, 0x100000]);
	expect(data).toHaveLength(4 + 56);
	expect([data.readUInt32LE(0), data.readUInt32LE(4), data.readUInt32LE(8), data.readUInt32LE(12)]).toEqual([1, 56, 3, 0x00010001]);
	expect([data.readUInt16LE(16), data.readUInt32LE(24), data.readUInt32LE(28), data.readUInt32LE(32)]).toEqual([0x3801, 0x20, 4, 2]);
	expect(data.subarray(40, 53).toString('latin1')).toBe('IMG_0001.JPG\0');
	expect((await me.ask(0x9109, [0x00010001, 0xffffffff, 0x100000])).data.readUInt32LE(0)).toBe(1);
	expect((await me.ask(0x9109, [0x00010001, 99, 0x100000])).code).toBe(0x2009);
	await on.event('screen', ({ screen }) => screen.shows === 'black'); // it is GetObjectHandles by another name
});

test('an older body: events by CheckEvent when its mode says so, on the event connection otherwise', async () => {
	await using on = await cameraOn({}, { model: ixusWireless });
	const me = await on.open();
	expect(await me.ask(0x9013)).toMatchObject({ code: 0x2001, data: Buffer.alloc(0) });
	await writeFile(on.picture('A.JPG'), 'a');
	expect(await me.nextEvent()).toEqual([0x4002, 3]);
	expect((await me.ask(0x1016, [0xd045], Buffer.from('0600', 'hex'))).code).toBe(0x2001);
	await writeFile(on.picture('B.JPG'), 'b');
	await expect.poll(async () => (await me.ask(0x9013)).data.toString('hex')).toBe('1000000004000240' + '00000000' + '04000000');
	expect((await me.ask(0x9013)).data.toString('hex')).toBe('1000000004000c40' + '00000000' + '01000100');
	expect((await me.ask(0x9013)).data).toHaveLength(0);
});

test('an older body: 0x9021 tells Canon flags, which SetObjectArchive changes; no 0x9801, and a second, empty storage', async () => {
	await using on = await cameraOn({ 'A.JPG': 'a' }, { model: ixusWireless });
	const me = await on.open();
	const flags = async () => (await me.ask(0x9021, [0x00010001, 0, 2, 3])).data.readUInt8(6);
	const { data, params } = await me.ask(0x9021, [0x00010001, 0, 2, 0]);
	expect([params, data.length, data.readUInt32LE(0), data.readUInt16LE(4)]).toEqual([[1], 28, 3, 0x3801]);
	expect(data.subarray(15).toString('latin1')).toBe('A.JPG'.padEnd(13, '\0'));
	expect(await flags()).toBe(0x20);
	await me.ask(0x9002, [3, 0]);
	expect(await flags()).toBe(0);
	expect((await me.ask(0x9801, [0x3801])).code).toBe(0x2005);
	expect((await me.ask(0x1004)).data.toString('hex')).toBe('020000000100010001000080');
	expect((await me.ask(0x1007, [0x80000001, 0, 0])).data.toString('hex')).toBe('00000000');
	expect((await me.ask(0x1005, [0x80000001])).data.readUInt16LE(0)).toBe(3);
	expect((await me.ask(0x1005, [0x80000002])).code).toBe(0x2008);
});
