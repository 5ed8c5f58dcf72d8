/** What a client sends beside its transactions, or in the wrong place: packets by hand. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { answer } from '../protocol/ptpip/initiator/scripted-camera.ts';
import { flat, INIT_COMMAND, Line } from '../simulator/world.ts';
import { skipUnless } from '../support/skip.ts';
import { scriptedWorld } from './scripted-world.ts';
import { type World, world } from './world.ts';

const QUIET = { proxy: { keepalive: 'off' }, unlock: 'never' } as const;
const OK = (id: string) => flat(`0E000000 07000000 0120 ${id}000000`);
const CANCELLED = (id: string) => flat(`0E000000 07000000 1F20 ${id}000000`);
const CANCEL = (id: string) => `0C000000 0B000000 ${id}000000`;
const GET_STORAGE_IDS = (id: string) => `12000000 06000000 01000000 0410 ${id}000000`;
const START_DATA_OF_8 = (id: string) => `14000000 09000000 ${id}000000 0800000000000000`;
const END_DATA_OF_8 = (id: string) => `14000000 0C000000 ${id}000000 0102030405060708`;

/** Both connections of a client with an open session. */
async function client(one: World): Promise<{ command: Line; event: Line }> {
	const command = await Line.open(one.proxy.port);
	command.send(INIT_COMMAND);
	const ack = await command.packet();
	const event = await Line.open(one.proxy.port);
	event.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
	await event.packet();
	command.send('16000000 06000000 00000000 0210 00000000 01000000');
	expect(await command.packet()).toBe(OK('00'));
	return { command, event };
}

const why = async (one: World) => (await one.event('client', ({ state }) => state === 'cut')).why;

test('a Cancel for another transaction ends nothing, whether it comes before, during or after one', async () => {
	let asked = () => {};
	const waits = new Promise<void>((resolve) => {
		asked = resolve;
	});
	let goOn = () => {};
	const cancelled = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	await using one = await scriptedWorld(async ({ command }) => {
		const { transactionId } = await command.expect('operationRequest');
		asked();
		await cancelled;
		command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
		await answer(command);
	});
	const { command, event } = await client(one);
	for (const line of [command, event]) line.send(CANCEL('05'));
	command.send(GET_STORAGE_IDS('05'));
	await waits;
	for (const line of [command, event]) line.send(CANCEL('04'));
	// Probes are answered in their order: when these are, the Cancels have been read.
	event.send('08000000 0D000000');
	expect(await event.packet()).toBe(flat('08000000 0E000000'));
	await sleep(20);
	goOn();
	expect(await command.packet()).toBe(OK('05'));
	for (const line of [command, event]) line.send(CANCEL('05'));
	command.send(GET_STORAGE_IDS('06'));
	expect(await command.packet()).toBe(OK('06'));
	await one.finished;
});

test('data still under way after an upload is cancelled over the event connection is discarded', async () => {
	await using one = await scriptedWorld(async ({ command, event }) => {
		const { transactionId } = await command.expect('operationRequest');
		await command.expect('startData');
		for (let kind = ''; kind !== 'cancel'; ) ({ kind } = await command.packet());
		expect(await event.packet()).toMatchObject({ kind: 'cancel', transactionId });
		command.send({ kind: 'operationResponse', code: 0x201f, transactionId, params: [] });
		expect(await answer(command)).toMatchObject({ code: 0x1004 });
	});
	const { command, event } = await client(one);
	command.send('12000000 06000000 02000000 0D10 01000000');
	command.send('14000000 09000000 01000000 0000200000000000'); // 2 MiB
	const data = `0C000100 0A000000 01000000 ${'00'.repeat(65_536)}`;
	for (let n = 0; n < 16; n++) command.send(data);
	while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
	event.send(CANCEL('01'));
	expect(await command.packet()).toBe(CANCELLED('01'));
	for (let n = 0; n < 15; n++) command.send(data);
	command.send(data.replace('0A000000', '0C000000'));
	command.send(GET_STORAGE_IDS('02'));
	expect(await command.packet()).toBe(OK('02'));
	await one.finished;
});

test('data after a request that hold answered itself is discarded where it may come, and otherwise counts as out of turn', async () => {
	await using one = await world(QUIET);
	const polite = await client(one);
	// SendObject after CloseSession: its data follows all the same.
	polite.command.send('12000000 06000000 01000000 0310 01000000');
	expect(await polite.command.packet()).toBe(OK('01'));
	polite.command.send(`12000000 06000000 02000000 0D10 02000000 ${START_DATA_OF_8('02')} ${END_DATA_OF_8('02')}`);
	expect(await polite.command.packet()).toBe(flat('0E000000 07000000 0320 02000000'));
	polite.command.send('08000000 0D000000');
	expect(await polite.command.packet()).toBe(flat('08000000 0E000000'));
	// It may come once, not behind the next operation too.
	polite.command.send(`12000000 06000000 03000000 0110 03000000`);
	while (!(await polite.command.packet()).startsWith(flat('0E000000 07000000 0120')));
	polite.command.send(START_DATA_OF_8('03'));
	await polite.command.closed;
	expect(await why(one)).toBe('it sent startData out of turn');
	polite.event.close();
});

test('data after an operation without data is out of turn, even if hold answers the operation itself', async () => {
	await using one = await world(QUIET);
	const { command, event } = await client(one);
	command.send('12000000 06000000 01000000 1310 01000000'); // PowerDown
	expect(await command.packet()).toBe(flat('0E000000 07000000 0F20 01000000'));
	command.send(START_DATA_OF_8('01'));
	await Promise.all([command.closed, event.closed]);
	expect(await why(one)).toBe('it sent startData out of turn');
});

test('an operation on the event connection cuts both connections', async () => {
	await using one = await world(QUIET);
	const { command, event } = await client(one);
	event.send(GET_STORAGE_IDS('01'));
	await Promise.all([command.closed, event.closed]);
	expect(await why(one)).toBe('it sent operationRequest on its event connection');
});

test('Probes that come faster than their answers are read are not all answered', async () => {
	await using one = await world({ ...QUIET, clients: { unsentEventBytes: 64 } });
	const { event } = await client(one);
	event.send('08000000 0D000000'.repeat(1000));
	await sleep(100);
	event.send('08000000 0D000000');
	await sleep(100);
	const answered = event.chunks.join('').length / 16 - 1; // the Init Event Ack is as long
	expect(answered).toBeGreaterThan(1);
	expect(answered).toBeLessThan(1000);
});

test('a client that leaves in the middle of its upload does not count as cut off', async () => {
	await using one = await world(QUIET);
	const { command, event } = await client(one);
	command.send(`12000000 06000000 02000000 0D10 01000000 ${START_DATA_OF_8('01')}`);
	while (one.proxy.status().clients[0]?.operation !== 'sendObject') await sleep(5);
	command.close();
	await event.closed;
	expect(await one.event('client', ({ state }) => state !== 'connected')).toMatchObject({ state: 'left', why: 'it left' });
});

test('an event connection belongs to one client: a second one for it is refused and changes nothing', async () => {
	await using one = await world(QUIET);
	const { command, event } = await client(one);
	const thief = await Line.open(one.proxy.port);
	thief.send('0C000000 03000000 01000000');
	expect(await thief.packet()).toBe(flat('0C000000 05000000 01000000'));
	await thief.closed;
	event.send('08000000 0D000000');
	expect(await event.packet()).toBe(flat('08000000 0E000000'));
	command.send('12000000 06000000 01000000 0310 01000000');
	expect(await command.packet()).toBe(OK('01'));
});

test.skipIf(skipUnless(process.platform === 'linux', 'only Linux has all of 127.0.0.0/8'))(
	'an event connection from another address is nobody’s',
	async () => {
		await using one = await world(QUIET);
		const half = await Line.open(one.proxy.port);
		half.send(INIT_COMMAND);
		const ack = await half.packet();
		const stranger = await Line.open(one.proxy.port, '127.0.0.9');
		stranger.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
		expect(await stranger.packet()).toBe(flat('0C000000 05000000 01000000'));
		half.close();
	},
);

test('a short upload that is cancelled over the command connection never reaches the camera', async () => {
	await using one = await world(QUIET);
	const before = one.camera.events.length;
	const { command } = await client(one);
	command.send(`12000000 06000000 02000000 0D10 01000000 ${CANCEL('01')}`);
	expect(await command.packet()).toBe(CANCELLED('01'));
	command.send(`12000000 06000000 02000000 0D10 02000000 ${START_DATA_OF_8('02')} 0E000000 0A000000 02000000 0102 ${CANCEL('02')}`);
	expect(await command.packet()).toBe(CANCELLED('02'));
	command.send(GET_STORAGE_IDS('03'));
	while ((await command.packet()) !== OK('03'));
	expect(one.camera.events.slice(before).flatMap((event) => (event.type === 'operation' ? [event.name] : []))).toEqual(['getStorageIDs']);
});

test('a Probe in the middle of an upload is answered', async () => {
	await using one = await world(QUIET);
	const { command } = await client(one);
	command.send(`12000000 06000000 02000000 0D10 01000000 ${START_DATA_OF_8('01')} 08000000 0D000000`);
	expect(await command.packet()).toBe(flat('08000000 0E000000'));
	command.send(END_DATA_OF_8('01'));
	expect(await command.packet()).toMatch(/^0e00000007000000....01000000/);
});

test('data of unknown length is announced with an unknown length', async () => {
	await using one = await scriptedWorld(async ({ command }) => {
		const { transactionId } = await command.expect('operationRequest');
		command.send({ kind: 'startData', transactionId, total: 0xffff_ffff_ffff_ffffn });
		command.send({ kind: 'data', transactionId }, Uint8Array.of(1, 2));
		command.send({ kind: 'endData', transactionId }, Uint8Array.of(3));
		command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
	});
	const { command } = await client(one);
	command.send(GET_STORAGE_IDS('01'));
	expect(await command.packet()).toBe(flat('14000000 09000000 01000000 FFFFFFFFFFFFFFFF'));
	let data = '';
	for (;;) {
		const packet = await command.packet();
		if (packet === OK('01')) break;
		data += packet.slice(24);
	}
	expect(data).toBe('010203');
	await one.finished;
});

test.each([
	['before anything is announced, and nothing comes', undefined, 0, false],
	['in a short answer', 100n, 40, false],
	['in the last MiB of a long one', 4n * 1024n * 1024n, 3.5 * 1024 * 1024, false],
	['in the middle of a long one', 4n * 1024n * 1024n, 1024 * 1024, true],
] as const)('a client gives up %s: Cancel goes to the camera only where that is worth it', async (_what, total, first, cancels) => {
	let asked = () => {};
	const waits = new Promise<void>((resolve) => {
		asked = resolve;
	});
	let goOn = () => {};
	const cancelled = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	await using one = await scriptedWorld(async ({ command, event }) => {
		const heard: string[] = [];
		void event.packet().then(
			({ kind }) => heard.push(kind),
			() => {},
		);
		const { transactionId } = await command.expect('operationRequest');
		if (total !== undefined) {
			command.send({ kind: 'startData', transactionId, total });
			command.send({ kind: 'data', transactionId }, new Uint8Array(first));
		}
		asked();
		await cancelled;
		if (cancels) while (heard.length === 0) await sleep(5);
		if (total !== undefined && !cancels) command.send({ kind: 'endData', transactionId }, new Uint8Array(Number(total) - first));
		command.send({ kind: 'operationResponse', code: cancels ? 0x201f : 0x2001, transactionId, params: [] });
		await answer(command);
		expect(heard).toEqual(cancels ? ['cancel'] : []);
	});
	const { command, event } = await client(one);
	command.send('16000000 06000000 01000000 0910 01000000 01000000');
	await waits;
	let got = 0;
	while (total !== undefined && got < first) got += (await command.packet()).startsWith(flat('14000000')) ? 0 : first;
	event.send(CANCEL('01'));
	event.send('08000000 0D000000');
	expect(await event.packet()).toBe(flat('08000000 0E000000'));
	await sleep(20);
	goOn();
	while ((await command.packet()) !== CANCELLED('01'));
	command.send(GET_STORAGE_IDS('02'));
	expect(await command.packet()).toBe(OK('02'));
	await one.finished;
});

test('when a client gives up before a long response is announced, Cancel follows once it is', async () => {
	let asked = () => {};
	const waits = new Promise<void>((resolve) => {
		asked = resolve;
	});
	let goOn = () => {};
	const cancelled = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	await using one = await scriptedWorld(async ({ command, event }) => {
		const { transactionId } = await command.expect('operationRequest');
		asked();
		await cancelled;
		command.send({ kind: 'startData', transactionId, total: 1n << 31n });
		expect(await event.packet()).toMatchObject({ kind: 'cancel', transactionId });
		command.send({ kind: 'operationResponse', code: 0x201f, transactionId, params: [] });
		await answer(command);
	});
	const { command, event } = await client(one);
	command.send('16000000 06000000 01000000 0910 01000000 01000000');
	await waits;
	event.send(`${CANCEL('01')} 08000000 0D000000`);
	expect(await event.packet()).toBe(flat('08000000 0E000000'));
	await sleep(20);
	goOn();
	expect(await command.packet()).toBe(CANCELLED('01'));
	command.send(GET_STORAGE_IDS('02'));
	expect(await command.packet()).toBe(OK('02'));
	await one.finished;
});
