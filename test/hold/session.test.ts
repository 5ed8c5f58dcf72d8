/** What one client sees: bytes written by hand, a session of its own, the camera's answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { decodeDataset, deviceInfo } from '#protocol/ptp/datasets.ts';
import { fetchData } from '#protocol/ptpip/initiator/operations.ts';
import { answer } from '../protocol/ptpip/initiator/scripted-camera.ts';
import { flat, INIT_COMMAND, Line } from '../simulator/world.ts';
import { scriptedWorld } from './scripted-world.ts';
import { world, worldWithoutCamera } from './world.ts';

/** Both connections of chdkptp as its packets are, byte for byte. */
async function chdkptp(port: number): Promise<{ command: Line; event: Line; ack: string }> {
	const command = await Line.open(port);
	command.send(INIT_COMMAND);
	const ack = await command.packet();
	const event = await Line.open(port);
	event.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
	expect(await event.packet()).toBe(flat('08000000 04000000'));
	return { command, event, ack };
}

describe('the handshake', () => {
	test('sends each Ack in one piece, with its own number and the camera’s name', async () => {
		await using one = await world();
		const first = await chdkptp(one.proxy.port);
		const second = await chdkptp(one.proxy.port);
		expect(first.command.chunks).toHaveLength(1);
		expect(first.event.chunks).toEqual([flat('08000000 04000000')]);
		expect(first.ack.slice(16, 24)).toBe(flat('01000000'));
		expect(second.ack.slice(16, 24)).toBe(flat('02000000'));
		expect(Buffer.from(first.ack.slice(56), 'hex').toString('utf16le')).toContain('Canon PowerShot ELPH 340 HS\0');
		for (const line of [first, second]) {
			line.command.close();
			line.event.close();
		}
	});

	test('truncates long client names to 64 characters', async () => {
		await using one = await world();
		await one.client('long '.repeat(300));
		const [client] = one.proxy.status().clients;
		expect(client?.name).toHaveLength(64);
		expect(client?.name).toMatch(/^long long /);
	});

	test('refuses a client with Init Fail 2 while there is no camera', async () => {
		await using one = await worldWithoutCamera();
		const line = await Line.open(one.proxy.port);
		line.send(INIT_COMMAND);
		expect(await line.packet()).toBe(flat('0C000000 05000000 02000000'));
		await line.closed;
	});

	test('lets a client wait with waitClients, and serves it when the camera comes', async () => {
		await using one = await worldWithoutCamera({ proxy: { waitClients: true } });
		const line = await Line.open(one.proxy.port);
		line.send(INIT_COMMAND);
		await one.take();
		expect((await line.packet()).slice(8, 16)).toBe(flat('02000000'));
		line.close();
	});

	test('ends the waiting of clients when the hold ends', async () => {
		await using one = await worldWithoutCamera({ proxy: { waitClients: true } });
		const line = await Line.open(one.proxy.port);
		line.send(INIT_COMMAND);
		await sleep(50);
		await one.proxy.close();
		await line.closed;
	});

	test('refuses an event connection for no client with Init Fail 1', async () => {
		await using one = await world();
		const line = await Line.open(one.proxy.port);
		line.send('0C000000 03000000 63000000');
		expect(await line.packet()).toBe(flat('0C000000 05000000 01000000'));
		await line.closed;
	});

	test('closes connections that send nothing, or only the first half, in time', async () => {
		await using one = await world({ clients: { handshakeMs: 60 } });
		const silent = await Line.open(one.proxy.port);
		const half = await Line.open(one.proxy.port);
		half.send(INIT_COMMAND);
		await half.packet();
		await Promise.all([silent.closed, half.closed]);
		expect(one.proxy.status().clients).toEqual([]);
	});

	test('refuses one client too many with Init Fail 2, and closes the oldest unidentified connection to make room', async () => {
		await using one = await world({ clients: { clients: 1, unidentified: 2 } });
		const client = await one.client();
		const refused = await Line.open(one.proxy.port);
		refused.send(INIT_COMMAND);
		expect(await refused.packet()).toBe(flat('0C000000 05000000 02000000'));
		await refused.closed;
		const lines = [await Line.open(one.proxy.port), await Line.open(one.proxy.port), await Line.open(one.proxy.port)];
		await lines[0]?.closed;
		expect(lines.slice(1).map(({ socket }) => socket.destroyed)).toEqual([false, false]);
		expect((await client.transact({ code: 0x1004 })).code).toBe(0x2001);
		for (const line of lines) line.close();
	});
});

test('half a handshake keeps nobody out: the oldest makes room, and clients with both halves stay', async () => {
	await using one = await world({ clients: { clients: 3 } });
	const whole = await one.client('whole');
	const halves = [];
	for (let n = 0; n < 10; n++) {
		const half = await Line.open(one.proxy.port);
		half.send(INIT_COMMAND);
		expect((await half.packet()).slice(8, 16)).toBe(flat('02000000'));
		halves.push(half);
	}
	await Promise.all(halves.slice(0, 8).map(({ closed }) => closed));
	const next = await one.client('next');
	expect((await next.transact({ code: 0x1004 })).code).toBe(0x2001);
	expect((await whole.transact({ code: 0x1004 })).code).toBe(0x2001);
	for (const half of halves) half.close();
});

describe('the session', () => {
	const asks = async (line: Line, hex: string): Promise<string> => {
		line.send(hex);
		return line.packet();
	};

	test('is the client’s own, by the rules, and never the camera’s', async () => {
		await using one = await world();
		const { command, event } = await chdkptp(one.proxy.port);
		// GetStorageIDs before OpenSession.
		expect(await asks(command, '12000000 06000000 01000000 0410 05000000')).toBe(flat('0E000000 07000000 0320 05000000'));
		expect(await asks(command, '16000000 06000000 00000000 0210 00000000 00000000')).toBe(flat('0E000000 07000000 1D20 00000000'));
		expect(await asks(command, '16000000 06000000 00000000 0210 00000000 07000000')).toBe(flat('0E000000 07000000 0120 00000000'));
		expect(await asks(command, '16000000 06000000 00000000 0210 01000000 08000000')).toBe(flat('12000000 07000000 1E20 01000000 07000000'));
		expect(await asks(command, '12000000 06000000 01000000 0310 02000000')).toBe(flat('0E000000 07000000 0120 02000000'));
		expect(await asks(command, '12000000 06000000 01000000 0310 03000000')).toBe(flat('0E000000 07000000 0320 03000000'));
		expect(one.camera.events.filter(({ type }) => type === 'sessionOpened')).toHaveLength(1);
		expect(one.camera.events.some(({ type }) => type === 'sessionClosed')).toBe(false);
		expect(one.camera.lost()).toBeUndefined();
		command.close();
		event.close();
	});

	test('survives clients that leave without CloseSession, over either connection', async () => {
		await using one = await world();
		for (const which of ['command', 'event'] as const) {
			const lines = await chdkptp(one.proxy.port);
			lines[which].close();
			await lines[which === 'command' ? 'event' : 'command'].closed;
		}
		await one.event('client', ({ state, number }) => state === 'left' && number === 2);
		const client = await one.client();
		expect((await client.transact({ code: 0x1004 })).code).toBe(0x2001);
	});

	test.each([
		['PowerDown', 0x1013],
		['ResetDevice', 0x1010],
	])('%s is answered AccessDenied and reported, and not forwarded', async (operation, code) => {
		await using one = await world();
		const client = await one.client();
		for (let n = 0; n < 3; n++) expect((await client.transact({ code })).code).toBe(0x200f);
		expect(await one.event('withheld')).toMatchObject({ operation, client: 1 });
		expect(one.events.filter(({ type }) => type === 'withheld')).toHaveLength(1);
		expect((await client.transact({ code: 0x1004 })).code).toBe(0x2001);
		expect(one.camera.events.some((event) => event.type === 'operation' && event.code === code)).toBe(false);
	});

	test('ends for everyone when CloseSession is passed through, which is reported', async () => {
		await using one = await worldWithoutCamera({ proxy: { passThrough: new Set([0x1003]) } });
		const { ended } = await one.take();
		const client = await one.client();
		const other = await one.client();
		expect((await client.transact({ code: 0x1003 })).code).toBe(0x2001);
		expect(await ended).toMatchObject({ outcome: 'session', lost: 'a client closed the session' });
		await other.over;
	});

	test('goes on when CloseSession is passed through and the camera refuses it', async () => {
		const passThrough = new Set([0x1003]);
		await using one = await scriptedWorld(
			({ command }) => answer(command, 0x2019).then(() => void answer(command)),
			{},
			{},
			{ passThrough },
		);
		const client = await one.client();
		expect((await client.transact({ code: 0x1003 })).code).toBe(0x2019);
		expect((await client.transact({ code: 0x1004 })).code).toBe(0x2001);
		expect(one.proxy.status().state).toBe('connected');
	});
});

describe('operations', () => {
	test('may start their transaction ids anywhere, and the camera sees one sequence', async () => {
		await using one = await world({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const lines = [await chdkptp(one.proxy.port), await chdkptp(one.proxy.port)];
		for (const { command } of lines) {
			command.send('16000000 06000000 00000000 0210 00000000 01000000');
			await command.packet();
		}
		const start = one.camera.events.length;
		for (const id of ['00070000', '01070000', 'FEFFFFFF', '01000000'])
			for (const { command } of lines) {
				// GetStorageIDs: one storage, 8 bytes.
				command.send(`12000000 06000000 00000000 0410 ${id}`);
				expect(await command.packet()).toBe(flat(`14000000 09000000 ${id} 0800000000000000`));
				expect(await command.packet()).toBe(flat(`14000000 0C000000 ${id} 01000000 01000100`));
				expect(await command.packet()).toBe(flat(`0E000000 07000000 0120 ${id}`));
			}
		const ids = one.camera.events.slice(start).flatMap((event) => (event.type === 'operation' ? [event.transactionId] : []));
		expect(ids).toEqual(Array.from({ length: 8 }, (_, n) => (ids[0] ?? 0) + n));
		for (const { command, event } of lines) {
			command.close();
			event.close();
		}
	});

	test('with data framed as chdkptp does it, with transaction id 0 in Data and data phase 0, run a script', async () => {
		await using one = await world({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const { command, event } = await chdkptp(one.proxy.port);
		command.send('16000000 06000000 00000000 0210 00000000 01000000');
		await command.packet();
		const source = Buffer.from('return 7\0', 'latin1').toString('hex');
		command.send('1A000000 06000000 00000000 9999 04000000 07000000 00070000');
		command.send('14000000 09000000 04000000 0900000000000000');
		command.send(`15000000 0A000000 00000000 ${source}`);
		command.send('0C000000 0C000000 04000000');
		expect(await command.packet()).toMatch(/^16000000070000000120040000000[0-9a-f]00000000000000$/);
		command.close();
		event.close();
	});

	test('may have an empty data phase, as Start Data alone (libgphoto2) or with the empty End Data of the standard', async () => {
		await using one = await world({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const { command, event } = await chdkptp(one.proxy.port);
		command.send('16000000 06000000 00000000 0210 00000000 01000000');
		await command.packet();
		// SetDevicePropValue of a property that does not exist.
		command.send('16000000 06000000 02000000 1610 01000000 FFFF0000');
		command.send('14000000 09000000 01000000 0000000000000000');
		expect((await command.packet()).slice(8, 16)).toBe(flat('07000000').slice(0, 8));
		command.send('16000000 06000000 02000000 1610 02000000 FFFF0000');
		command.send('14000000 09000000 02000000 0000000000000000 0C000000 0C000000 02000000');
		expect((await command.packet()).slice(8)).toMatch(/^07000000....02000000/);
		command.send('12000000 06000000 00000000 0410 03000000');
		expect(await command.packet()).toBe(flat('14000000 09000000 03000000 0800000000000000'));
		command.close();
		event.close();
	});

	test('return the camera’s DeviceInfo, even before a session', async () => {
		await using one = await world();
		const client = await one.client();
		const { data } = await fetchData(client, { code: 0x1001, atMost: 4096 });
		expect(decodeDataset(deviceInfo, data)).toMatchObject({ manufacturer: 'Canon Inc.', model: 'Canon PowerShot ELPH 340 HS' });
	});

	test('include Probe, which is answered on both connections, with and without a session', async () => {
		await using one = await world();
		const { command, event } = await chdkptp(one.proxy.port);
		command.send('08000000 0D000000');
		event.send('08000000 0D000000');
		expect(await command.packet()).toBe(flat('08000000 0E000000'));
		expect(await event.packet()).toBe(flat('08000000 0E000000'));
		command.close();
		event.close();
	});
});
