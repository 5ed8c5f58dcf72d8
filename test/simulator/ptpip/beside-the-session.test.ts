/** What comes beside the transactions of a session: other connections, probes, packets out of place. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type CameraOn, cameraOn } from '../ptp/camera-on.ts';
import { flat, HOST, INIT_COMMAND } from '../world.ts';

const OK = 0x2001;
const INIT_FAIL_1 = '0c0000000500000001000000';
const PROBE = '080000000d000000';
const PROBE_RESPONSE = '080000000e000000';
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** Sends this on a connection of its own; all that came until the camera closed it. */
async function aside(on: CameraOn, hex: string): Promise<string> {
	const socket = connect({ host: HOST, port: on.camera.ptpipPort });
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => chunks.push(chunk));
	socket.on('error', () => {});
	socket.write(bytes(hex));
	await once(socket, 'close');
	return Buffer.concat(chunks).toString('hex');
}

test('a second initiator, a second event connection and nonsense are sent away; the session goes on', async () => {
	await using on = await cameraOn();
	const me = await on.open();
	expect(await aside(on, flat(INIT_COMMAND))).toBe(INIT_FAIL_1);
	expect(await aside(on, '0c0000000300000001000000')).toBe(INIT_FAIL_1);
	expect(await aside(on, PROBE)).toBe('');
	expect(await aside(on, Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex'))).toBe('');
	expect((await me.ask(0x1004)).code).toBe(OK);
	expect(on.events.some(({ type }) => type === 'wifiOff')).toBe(false);
});

test('a probe is answered on either connection; on the event connection in the middle of a transfer, too', async () => {
	await using on = await cameraOn({ 'MVI_0001.MP4': Buffer.alloc(16 * 2 ** 20) });
	const me = await on.open();
	me.request(0x1009, [3]);
	expect((await me.command.next()).readUInt32LE(4)).toBe(9);
	me.command.socket.pause(); // so that it cannot be over before
	me.command.socket.write(bytes(PROBE));
	me.event.socket.write(bytes(PROBE));
	expect((await me.event.next()).toString('hex')).toBe(PROBE_RESPONSE);
	me.command.socket.resume();
	expect((await me.answer()).code).toBe(OK);
	expect((await me.command.next()).toString('hex')).toBe(PROBE_RESPONSE);
});

test.each([
	['Init Command Request', flat(INIT_COMMAND)],
	['Init Event Request', '0c0000000300000001000000'],
	['Init Fail', INIT_FAIL_1],
	['Operation Response', '0e00000007000000012000000000'],
	['Event', '0e00000008000000024000000000'],
	['Data', '0e0000000a000000000000004142'],
	['End Data', '0c0000000c00000000000000'],
	['Probe Response', PROBE_RESPONSE],
])('%s where a request should come is passed over, on both connections', async (_, packet) => {
	await using on = await cameraOn();
	const me = await on.open();
	me.command.socket.write(bytes(packet));
	me.event.socket.write(bytes(packet));
	expect((await me.ask(0x1004)).code).toBe(OK);
	me.event.socket.write(bytes(PROBE));
	expect((await me.event.next()).toString('hex')).toBe(PROBE_RESPONSE);
});

test('requests that come all at once are answered one after the other', async () => {
	await using on = await cameraOn({ 'A.TXT': 'a' });
	const me = await on.open();
	for (let n = 0; n < 50; n++) me.request(n % 2 === 0 ? 0x1004 : 0x1009, n % 2 === 0 ? [] : [3]);
	for (let n = 0; n < 50; n++) {
		const { code, data } = await me.answer();
		expect([code, data.toString('latin1')]).toEqual([OK, n % 2 === 0 ? '\x01\0\0\0\x01\0\x01\0' : 'a']);
	}
});
