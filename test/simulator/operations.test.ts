import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Computer, flat, Line, openSession, type Stage, shakeHands, startComputer, startStage } from './world.ts';

let computer: Computer;
let stage: Stage;
let folder: string;
let command: Line;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(folder, 'DCIM', '100CANON'), { recursive: true });
	await writeFile(join(folder, 'DCIM', '100CANON', 'IMG_0001.TXT'), 'camera');
	computer = await startComputer();
	stage = await startStage(computer, { media: folder });
	await stage.pair();
});

afterEach(async () => {
	await stage.camera.close();
	await computer[Symbol.asyncDispose]();
	await rm(folder, { recursive: true });
});

const le = (value: number, bytes = 4): string =>
	Buffer.from([value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24])
		.subarray(0, bytes)
		.toString('hex');
let transaction = 0;
/** Sends a request as chdkptp does, data phase 0; without data to the camera. */
function ask(code: number, params: readonly number[] = [], id = ++transaction): void {
	command.send(`${le(18 + 4 * params.length)} 06000000 00000000 ${le(code, 2)} ${le(id)} ${params.map((one) => le(one)).join('')}`);
}
/** The response's code and parameters; data that came before it is left out. */
async function answered(): Promise<{ code: number; params: number[]; data: string }> {
	let data = '';
	for (;;) {
		const packet = await command.packet();
		const type = Number.parseInt(packet.slice(8, 10), 16);
		if (type === 0x0a || type === 0x0c) data += packet.slice(24);
		if (type !== 0x07) continue;
		const body = Buffer.from(packet, 'hex');
		const params = Array.from({ length: (body.length - 14) / 4 }, (_, i) => body.readUInt32LE(14 + 4 * i));
		return { code: body.readUInt16LE(8), params, data };
	}
}
async function session(): Promise<void> {
	({ command } = await openSession(stage.camera));
	transaction = 0;
}

test('the two Acks come in one piece each, and say what the standard says', async () => {
	command = await Line.open(stage.camera.ptpipPort);
	command.send('26000000 01000000 0000000000000000 DEADBEEF12345678 7700680065006500 0000 00000100');
	const ack = await command.packet();
	const name = Buffer.from('Canon PowerShot ELPH 340 HS\0', 'utf16le').toString('hex');
	expect(ack).toBe(flat(`${le(32 + name.length / 2)} 02000000 01000000 0000000000000000 00012c9efc340e15 ${name} 00000100`));
	expect(command.chunks).toEqual([ack]);
	const event = await Line.open(stage.camera.ptpipPort);
	event.send('0C000000 03000000 01000000');
	expect(await event.packet()).toBe(flat('08000000 04000000'));
	expect(event.chunks).toHaveLength(1);
	event.send('08000000 0D000000');
	expect(await event.packet()).toBe(flat('08000000 0E000000')); // Probe Response
});

test('OpenSession and GetDeviceInfo, byte for byte', async () => {
	({ command } = await shakeHands(stage.camera));
	command.send('16000000 06000000 00000000 0210 00000000 01000000');
	expect(await command.packet()).toBe(flat('0E000000 07000000 0120 00000000'));
	command.send('12000000 06000000 00000000 0110 01000000');
	expect(await command.packet()).toMatch(/^140000000900000001000000..010{12}$/);
	expect(await command.packet()).toMatch(/^........0c000000010000006400/); // one End Data with all of it
	expect(await command.packet()).toBe(flat('0E000000 07000000 0120 01000000'));
});

test('before OpenSession only GetDeviceInfo is answered', async () => {
	({ command } = await shakeHands(stage.camera));
	ask(0x1001, [], 0);
	expect((await answered()).code).toBe(0x2001);
	for (const code of [0x1003, 0x1004, 0x1007, 0x9801, 0x9999, 0x1234]) {
		ask(code, [], 0);
		expect((await answered()).code).toBe(0x2003);
	}
});

test('a session opens once, not with id 0, and can be closed and opened again', async () => {
	({ command } = await shakeHands(stage.camera));
	ask(0x1002, [0], 0);
	expect((await answered()).code).toBe(0x201d);
	ask(0x1002, [7], 0);
	expect((await answered()).code).toBe(0x2001);
	ask(0x1002, [8], 1);
	expect(await answered()).toMatchObject({ code: 0x201e, params: [7] });
	ask(0x1003, [], 2);
	expect((await answered()).code).toBe(0x2001);
	ask(0x1004, [], 3);
	expect((await answered()).code).toBe(0x2003);
	ask(0x1002, [9], 0);
	expect((await answered()).code).toBe(0x2001);
});

test('transaction ids rise by one', async () => {
	await session();
	for (const wrong of [0, 2, 99, 0xffffffff]) {
		ask(0x1004, [], wrong);
		expect((await answered()).code).toBe(0x2004);
	}
	ask(0x1004, [], 1);
	expect((await answered()).code).toBe(0x2001);
	ask(0x1004, [], 1);
	expect((await answered()).code).toBe(0x2004);
});

test('an operation that the camera does not have is 0x2005, and the session goes on', async () => {
	await session();
	ask(0x9114, [1]);
	expect((await answered()).code).toBe(0x2005);
	ask(0x1004);
	expect(await answered()).toMatchObject({ code: 0x2001, data: flat('01000000 01000100') });
});

test.each([
	['0x9801 of a format that it has not', 0x9801, [0x1234], 0x200b],
	['GetObjectHandles of a storage that it has not', 0x1007, [0x00990099, 0, 0], 0x2008],
] as const)('%s is refused, and no PTP mode: the Wi-Fi goes off', async (_what, code, params, refusal) => {
	await session();
	ask(code, params);
	expect((await answered()).code).toBe(refusal);
	stage.clock.advance(200);
	expect(stage.camera.screen).toEqual({ shows: 'connected', name: 'LIVINGROOM' });
	stage.clock.advance(20_000);
	expect(await stage.event('wifiOff')).toMatchObject({ why: 'noPtpMode' });
});

test('handles by storage, format and parent', async () => {
	await session();
	ask(0x1007, [0xffffffff, 0, 0]);
	expect((await answered()).data).toBe(flat('03000000 01000000 02000000 03000000'));
	ask(0x1007, [0x00010001, 0, 0xffffffff]);
	expect((await answered()).data).toBe(flat('01000000 01000000'));
	ask(0x1007, [0x00010001, 0x3001, 0]);
	expect((await answered()).data).toBe(flat('02000000 01000000 02000000'));
	ask(0x1006, [0x00010001, 0, 2]);
	expect(await answered()).toMatchObject({ code: 0x2001, params: [1] });
	ask(0x1007, [0x00020001, 0, 0]);
	expect((await answered()).code).toBe(0x2008);
	ask(0x1007, [0x00010001, 0, 77]);
	expect((await answered()).code).toBe(0x2009);
	ask(0x1007, [0x00010001, 0, 3]);
	expect((await answered()).code).toBe(0x201a);
});

test('an object whole, in part, and past its end', async () => {
	await session();
	ask(0x1009, [3]);
	expect(await answered()).toMatchObject({ code: 0x2001, data: Buffer.from('camera').toString('hex') });
	ask(0x101b, [3, 2, 3]);
	expect(await answered()).toMatchObject({ code: 0x2001, params: [3], data: Buffer.from('mer').toString('hex') });
	ask(0x101b, [3, 4, 100]);
	expect(await answered()).toMatchObject({ code: 0x2001, params: [2], data: Buffer.from('ra').toString('hex') });
	ask(0x101b, [3, 7, 1]);
	expect((await answered()).code).toBe(0x201d);
	ask(0x1009, [1]); // a folder
	expect((await answered()).code).toBe(0x2009);
	ask(0x100a, [3]); // no JPEG
	expect((await answered()).code).toBe(0x2010);
});

test('a large object comes as n-1 Data packets, and its last piece in End Data', async () => {
	const bytes = Buffer.alloc(1_300_000, 'canon');
	await writeFile(join(folder, 'DCIM', '100CANON', 'MVI_0002.MP4'), bytes.toString());
	await session();
	ask(0x1009, [4]);
	expect(await command.packet()).toBe(flat(`14000000 09000000 01000000 ${le(bytes.length)} 00000000`));
	const types: number[] = [];
	let got = '';
	for (let packet = await command.packet(); ; packet = await command.packet()) {
		const type = Number.parseInt(packet.slice(8, 10), 16);
		if (type === 7) break;
		types.push(type);
		got += packet.slice(24);
	}
	expect(types.slice(0, -1).every((type) => type === 0x0a)).toBe(true);
	expect(types.length).toBeGreaterThan(1);
	expect(types.at(-1)).toBe(0x0c);
	expect(got === bytes.toString('hex')).toBe(true);
});

test('a deleted object is gone from the disk, and its handle for good', async () => {
	await session();
	ask(0x100b, [3, 0]);
	expect((await answered()).code).toBe(0x2001);
	await expect(readFile(join(folder, 'DCIM', '100CANON', 'IMG_0001.TXT'))).rejects.toMatchObject({ code: 'ENOENT' });
	ask(0x1008, [3]);
	expect((await answered()).code).toBe(0x2009);
	await writeFile(join(folder, 'DCIM', '100CANON', 'IMG_0001.TXT'), 'again');
	ask(0x1007, [0xffffffff, 0, 2]);
	expect((await answered()).data).toBe(flat('01000000 04000000'));
});

test('device properties are described, read and set within their choices', async () => {
	await session();
	ask(0x1014, [0x5001]);
	expect(await answered()).toMatchObject({ code: 0x2001, data: flat('0150 0200 00 03 03 02 0400 00010203') });
	ask(0x1015, [0xd045]);
	expect(await answered()).toMatchObject({ data: flat('0200') });
	const set = (value: string, id: number): void =>
		command.send(
			`16000000 06000000 02000000 1610 ${le(id)} 45d00000 14000000 09000000 ${le(id)} 0200000000000000 0e000000 0c000000 ${le(id)} ${value}`,
		);
	set('0400', ++transaction);
	expect((await answered()).code).toBe(0x2001);
	set('0900', ++transaction);
	expect((await answered()).code).toBe(0x201c);
	ask(0x1015, [0xd045]);
	expect(await answered()).toMatchObject({ data: flat('0400') });
	ask(0x1015, [0xd999]);
	expect((await answered()).code).toBe(0x200a);
	// The battery cannot be charged by SetDevicePropValue.
	command.send(`16000000 06000000 02000000 1610 ${le(++transaction)} 01500000 14000000 09000000 ${le(transaction)} 0100000000000000`);
	command.send(`0d000000 0c000000 ${le(transaction)} 00`);
	expect((await answered()).code).toBe(0x200f);
	ask(0x1015, [0x5001]);
	expect(await answered()).toMatchObject({ data: '03' });
});

test('CHDK Version is 2.9, byte for byte', async () => {
	await session();
	command.send('16000000 06000000 00000000 9999 01000000 00000000');
	expect(await command.packet()).toBe(flat('16000000 07000000 0120 01000000 02000000 09000000'));
});

test('a script sent as chdkptp sends it: Data with transaction id 0, then an empty End Data', async () => {
	await session();
	ask(0x1007, [0xffffffff, 0, 0]);
	await answered();
	stage.clock.advance(250);
	const source = `${Buffer.from('post_levent_to_ui(4482)').toString('hex')}00`;
	command.send(`1A000000 06000000 00000000 9999 02000000 07000000 00070000
		14000000 09000000 02000000 1800000000000000 24000000 0A000000 00000000 ${source} 0C000000 0C000000 02000000`);
	expect(await command.packet()).toBe(flat('16000000 07000000 0120 02000000 01000000 00000000'));
	expect(await stage.event('unlocked')).toMatchObject({ levent: 4482, screen: true });
	expect(stage.camera.screen).toEqual({ shows: 'playback', picture: 'IMG_0001.TXT' });
});

test('a data phase that is shorter than announced is IncompleteTransfer, and nothing runs', async () => {
	await session();
	command.send(`1A000000 06000000 00000000 9999 01000000 07000000 00070000
		14000000 09000000 01000000 1800000000000000 10000000 0C000000 01000000 6E6F7065`);
	expect(await answered()).toMatchObject({ code: 0x2007, params: [] });
	expect(stage.events.map(({ type }) => type)).not.toContain('script');
});

test('an unknown sub-command of CHDK is 0x2006, and there is none without CHDK', async () => {
	await session();
	ask(0x9999, [77]);
	expect((await answered()).code).toBe(0x2006);
	await stage.camera.close();
	stage = await startStage(computer, { media: folder, chdk: false });
	await stage.pair();
	await session();
	ask(0x9999, [0]);
	expect((await answered()).code).toBe(0x2005);
	ask(0x1001);
	expect((await answered()).data).not.toContain('9999');
});
