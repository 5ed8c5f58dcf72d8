import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { encodePacket } from '#protocol/ptpip/packet.ts';
import { bytes } from '../../../support/hex.ts';
import { type ScriptedCamera, scriptedCamera, shakeHands } from './scripted-camera.ts';

const studio = { guid: new Uint8Array(16).fill(5), name: 'studio' };
const dialling = (camera: Pick<ScriptedCamera, 'port'>, timeouts: Partial<Timeouts> = {}, signal = new AbortController().signal) =>
	dial({ host: '127.0.0.1', port: camera.port, ...studio, timeouts, signal });

test('the camera hears who we are, and we hear who it is', async () => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		expect(await command.expect('initCommandRequest')).toMatchObject({ friendlyName: 'studio', guid: studio.guid, version: 0x10000 });
		command.send({ kind: 'initCommandAck', connectionNumber: 77, guid: new Uint8Array(16), friendlyName: 'CAM', version: 0x10000 });
		const event = await nextLine();
		expect(await event.expect('initEventRequest')).toMatchObject({ connectionNumber: 77 });
		event.send({ kind: 'initEventAck' });
		await Promise.all([command.closed, event.closed]);
	});
	const { connection } = await dialling(camera);
	expect(connection?.camera).toMatchObject({ connectionNumber: 77, friendlyName: 'CAM' });
	await connection?.close();
	await camera.finished;
	await expect(connection?.over).resolves.toBeUndefined();
});

test('Acks that arrive byte by byte are understood', async () => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		for (const byte of bytes('28000000 02000000 01000000 0000000000000000 00012C9EFC010203 430041004D00 0000 00000100'))
			await command.flush(Uint8Array.of(byte));
		const event = await nextLine();
		await event.expect('initEventRequest');
		for (const byte of encodePacket({ kind: 'initEventAck' })) await event.flush(Uint8Array.of(byte));
		await command.closed;
	});
	const { connection } = await dialling(camera);
	expect(connection?.camera.friendlyName).toBe('CAM');
	await connection?.close();
	await camera.finished;
});

test.each([1, 2, 3])('Init Fail %i is a rejection, and both lines are closed', async (reason) => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		command.raw(bytes(`0C000000 05000000 0${reason}000000`));
		await command.closed;
	});
	expect(await dialling(camera)).toMatchObject({ failure: { outcome: 'rejected', reason } });
	await camera.finished;
});

test('a closed port is a refusal', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	expect(await dialling({ port })).toMatchObject({ failure: { outcome: 'refused' } });
});

test.each(['end', 'reset'] as const)('%s instead of an Ack is a refusal', async (how) => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		command[how]();
	});
	expect(await dialling(camera)).toMatchObject({ failure: { outcome: 'refused' } });
});

test('no Ack in time is no answer, and the line is closed', async () => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		await command.closed;
	});
	expect(await dialling(camera, { ackMs: 30 })).toMatchObject({ failure: { outcome: 'noAnswer' } });
	await camera.finished;
});

test('no Event Ack in time is no answer, and both lines are closed', async () => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		command.send({ kind: 'initCommandAck', connectionNumber: 1, guid: new Uint8Array(16), friendlyName: '', version: 0x10000 });
		const event = await nextLine();
		await event.expect('initEventRequest');
		await Promise.all([command.closed, event.closed]);
	});
	expect(await dialling(camera, { eventMs: 30 })).toMatchObject({ failure: { outcome: 'noAnswer' } });
	await camera.finished;
});

test('an event connection that is refused is tried again, and then given up', async () => {
	await using camera = await scriptedCamera(async ({ nextLine, close }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		close(); // the port is shut; the line that stands stays
		command.send({ kind: 'initCommandAck', connectionNumber: 1, guid: new Uint8Array(16), friendlyName: '', version: 0x10000 });
		await command.closed;
	});
	expect(await dialling(camera)).toMatchObject({ failure: { outcome: 'refused' } });
	await camera.finished;
});

test.each([
	['HTTP', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')],
	['an absurd length', bytes('FFFFFFFF 02000000')],
	['a type that does not exist', bytes('08000000 00010000')],
	['a name that does not end', bytes('1E000000 02000000 01000000 00000000000000000000000000000000 4100')],
	['data', bytes('10000000 0A000000 00000000 01020304')],
])('%s is no camera', async (_, said) => {
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		command.raw(said);
		await command.closed;
	});
	expect(await dialling(camera)).toMatchObject({ failure: { outcome: 'refused' } });
	await camera.finished;
});

test('aborting hangs up at once', async () => {
	const stop = new AbortController();
	await using camera = await scriptedCamera(async ({ nextLine }) => {
		const command = await nextLine();
		await command.expect('initCommandRequest');
		stop.abort(new Error('enough'));
		await command.closed;
	});
	await expect(dialling(camera, {}, stop.signal)).rejects.toThrow('enough');
	await camera.finished;
});

test('what comes right behind the Event Ack is not lost', async () => {
	await using camera = await scriptedCamera(async (lines) => {
		const { event } = await shakeHands(lines);
		event.send({ kind: 'probeRequest' });
		await event.expect('probeResponse');
	});
	const { connection } = await dialling(camera);
	await camera.finished;
	await connection?.close();
});
