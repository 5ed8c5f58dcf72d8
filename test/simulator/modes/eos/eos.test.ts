import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eosRebelT6 } from '#simulator/models/eos-rebel-t6.ts';
import type { CameraOptions } from '#simulator/options.ts';
import { flat, HOST, Line, type Stage, startStage } from '../../world.ts';
import { element, field, http, listenUpnp, search, type Upnp, WFT } from './client.ts';

const LIKE_WINDOWS = { 'User-Agent': 'Microsoft-Windows/10.0 UPnP/1.0' };
const CAMERA_UUID = '00000000-0000-0000-0001-00bbc1300d15';
/** As Windows makes it: eight zero bytes, FF FF, the network address. */
const GUID = '0000000000000000FFFF0A1B2C3D4E5F';
const GUID_TEXT = '00000000-0000-0000-ffff-0a1b2c3d4e5f';
/** Init Command Request of a computer called PC. */
const init = (guid: string): string => `22000000 01000000 ${guid} 50004300 0000 00000100`;

/** An empty card: drawing the built-in pictures takes time, and nobody looks at them here. */
let media = '';
beforeAll(async () => {
	media = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(media, 'DCIM'));
});
afterAll(() => rm(media, { recursive: true }));

const startEos = (upnp: Upnp, options: Partial<CameraOptions> = {}): Promise<Stage> =>
	startStage(upnp, { model: eosRebelT6, flow: 'eos', media, descriptionPort: 0, ...options });

/** Where the camera says its description is. */
const location = async (upnp: Upnp): Promise<string> => field(await upnp.heard('NOTIFY', 'ssdp:alive', CAMERA_UUID), 'Location') ?? '';

/** Reads the description as EOS Utility does and waits for the port. */
async function come(upnp: Upnp, stage: Stage): Promise<string> {
	const { body } = await http(await location(upnp), LIKE_WINDOWS);
	await stage.event('portOpened');
	return body;
}

test('it announces itself, field by field as an EOS 6D and 70D do', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	const where = await location(upnp);
	expect(await upnp.heard('NOTIFY')).toBe(
		[
			'NOTIFY * HTTP/1.1',
			`Host: 239.255.255.250:${upnp.ssdpPort}`,
			'Cache-Control: max-age=1800',
			`Location: ${where}`,
			`NT: ${WFT}`,
			'NTS: ssdp:alive',
			'Server: Camera OS/1.0 UPnP/1.0 Canon Device Discovery/1.0',
			`USN: uuid:${CAMERA_UUID}::${WFT}`,
			'',
			'',
		].join('\r\n'),
	);
	expect(where).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/upnp\/CameraDevDesc\.xml$/);
	expect(stage.camera.screen).toEqual({ shows: 'searching', for: 'EOS Utility' });
});

test('it answers a search for its service, not one for another', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await location(upnp);
	upnp.say(search('urn:schemas-canon-com:service:ICPO-SmartPhoneEOSSystemService:1'));
	upnp.say(search(WFT));
	const answer = await upnp.heard('HTTP/1.1 200 OK');
	expect(answer.split('\r\n').map((line) => line.split(':')[0])).toEqual([
		'HTTP/1.1 200 OK',
		'Cache-Control',
		'EXT',
		'Location',
		'Server',
		'ST',
		'USN',
		'',
		'',
	]);
	expect(field(answer, 'ST')).toBe(WFT);
	expect(stage.events.filter(({ type }) => type === 'searchAnswered')).toEqual([{ type: 'searchAnswered', from: HOST, target: WFT }]);
});

test('it says goodbye when it is switched off', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	stage.camera.powerOff();
	const bye = await upnp.heard('ssdp:byebye');
	expect(field(bye, 'USN')).toBe(`uuid:${CAMERA_UUID}::${WFT}`);
	await stage.camera.ended;
});

test('its datagrams may be lost', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp, { faults: [{ kind: 'lose', percent: 100 }] });
	upnp.say(search(WFT));
	await stage.event('fault', ({ what }) => what === 'a search is lost');
	stage.clock.advance(3000);
	expect(stage.events.flatMap((event) => (event.type === 'fault' ? [event.what] : []))).toEqual([
		'an announcement is lost',
		'a search is lost',
		'an announcement is lost',
	]);
	stage.camera.powerOff();
	await stage.camera.ended;
	expect(stage.events.map(({ type }) => type)).not.toContain('searchAnswered');
	expect(upnp.count(CAMERA_UUID)).toBe(0); // not even its goodbye
});

test('its datagrams may come twice', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp, { faults: [{ kind: 'duplicate', percent: 100 }] });
	await location(upnp);
	upnp.say(search(WFT));
	// The search counts twice, and each answer leaves twice.
	await vi.waitFor(() => expect(upnp.count('HTTP/1.1 200 OK', CAMERA_UUID)).toBe(4));
	await come(upnp, stage);
});

test('its datagrams may come after the next', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp, { faults: [{ kind: 'reorder', percent: 100 }] });
	await stage.event('fault', ({ what }) => what === 'an announcement comes after the next');
	expect(upnp.count(CAMERA_UUID)).toBe(0);
	stage.clock.advance(3000);
	await vi.waitFor(() => expect(upnp.count('ssdp:alive', CAMERA_UUID)).toBe(2));
});

test('its description says who it is and, unpaired, that it expects nobody', async () => {
	await using upnp = await listenUpnp();
	await using _stage = await startEos(upnp);
	const { status, headers, body } = await http(await location(upnp), LIKE_WINDOWS);
	expect(status).toBe(200);
	expect(headers).toMatchObject({ 'content-type': 'text/xml', connection: 'close' });
	expect(headers).not.toHaveProperty('date');
	expect(
		Object.fromEntries(
			['friendlyName', 'modelName', 'manufacturer', 'UDN', 'serviceType', 'X_onService', 'X_deviceUsbId'].map((n) => [n, element(body, n)]),
		),
	).toEqual({
		friendlyName: 'Canon EOS Rebel T6',
		modelName: 'Canon EOS Rebel T6',
		manufacturer: 'Canon',
		UDN: `uuid:${CAMERA_UUID}`,
		serviceType: WFT,
		X_onService: '0',
		X_deviceUsbId: '32b4',
	});
	expect(element(body, 'X_targetId')).toBe('uuid:00000000-0000-0000-0001-FFFFFFFFFFFF');
	expect((await http(new URL('/other.xml', await location(upnp)).href)).status).toBe(404);
});

test('the port opens only for a GET with the User-Agent of Windows', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	const where = await location(upnp);
	await http(where, { 'User-Agent': 'airnef' });
	await http(where);
	await http(where, { method: 'HEAD', ...LIKE_WINDOWS });
	expect(stage.events.filter(({ type }) => type === 'descriptionServed')).toMatchObject([
		{ userAgent: 'airnef', accepted: false },
		{ userAgent: null, accepted: false },
		{ userAgent: LIKE_WINDOWS['User-Agent'], accepted: false },
	]);
	expect(stage.camera.screen).toEqual({ shows: 'searching', for: 'EOS Utility' });
	expect(stage.events.map(({ type }) => type)).not.toContain('portOpened');
	await come(upnp, stage);
	expect(stage.camera.screen).toEqual({ shows: 'pairing', name: null });
});

test('the Ack is held back until OK is pressed on the camera', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	await stage.event('initiator');
	expect(stage.camera.screen).toEqual({ shows: 'pairing', name: 'PC' });
	const second = await Line.open(stage.camera.ptpipPort);
	second.send(init(GUID));
	expect(await second.packet()).toBe(flat('0C000000 05000000 01000000'));
	expect(command.chunks).toEqual([]);
	stage.camera.press('set');
	const ack = await command.packet();
	// Init Command Ack: the camera's GUID in text order, and its nickname.
	expect(ack.slice(8, 16)).toBe('02000000');
	expect(ack.slice(24, 56)).toBe(CAMERA_UUID.replaceAll('-', ''));
	expect(ack.slice(56)).toBe(flat('45004F0053005400360000000000 0100')); // EOST6
	expect(stage.camera.screen).toEqual({ shows: 'connected', name: 'PC' });
});

test('before the Ack there is no event connection, and so no session without OK', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	const { connectionNumber } = await stage.event('initiator');
	const early = await Line.open(stage.camera.ptpipPort);
	early.send(`0C000000 03000000 0${connectionNumber}000000`); // the number is easily guessed
	expect(await early.packet()).toBe(flat('0C000000 05000000 01000000'));
	command.send('16000000 06000000 01000000 0210 00000000 01000000');
	stage.camera.press('set');
	expect((await command.packet()).slice(8, 16)).toBe('02000000');
	expect(stage.events.map(({ type }) => type)).not.toContain('sessionOpened');
});

test('OK is waited for as long as clients do', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	await stage.event('initiator');
	stage.clock.advance(89_999);
	expect(stage.camera.screen).toEqual({ shows: 'pairing', name: 'PC' });
	stage.clock.advance(1);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'notConfirmed', session: false });
});

test('a transfer is no silence, however long it takes', async () => {
	const card = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	try {
		await mkdir(join(card, 'DCIM', '100CANON'), { recursive: true });
		await writeFile(join(card, 'DCIM', '100CANON', 'MVI_0001.MP4'), Buffer.alloc(2_500_000, 'film'));
		await using upnp = await listenUpnp();
		await using stage = await startEos(upnp, { confirmAfterMs: 0, media: card, rate: 8000 });
		await come(upnp, stage);
		const command = await Line.open(stage.camera.ptpipPort);
		command.send(init(GUID));
		await stage.event('initiator');
		stage.clock.advance(0);
		const event = await Line.open(stage.camera.ptpipPort);
		event.send(`0C000000 03000000 ${(await command.packet()).slice(16, 24)}`);
		await event.packet();
		command.send('16000000 06000000 01000000 0210 00000000 01000000'); // OpenSession(1)
		command.send('1E000000 06000000 01000000 0710 01000000 FFFFFFFF 00000000 00000000'); // GetObjectHandles
		await stage.event('operation', ({ code }) => code === 0x1007);
		command.send('16000000 06000000 01000000 0910 02000000 03000000'); // GetObject(3): 312 s at this rate
		const got = stage.event('operation', ({ code }) => code === 0x1009);
		let done = false;
		void got.then(() => {
			done = true;
		});
		await vi.waitFor(
			() => {
				stage.clock.advance(200);
				expect(done).toBe(true);
			},
			{ interval: 1, timeout: 30_000 },
		);
		expect((await got).response).toBe('ok');
		expect(stage.clock.now()).toBeGreaterThan(100_000);
		expect(stage.camera.screen).toEqual({ shows: 'connected', name: 'PC' });
	} finally {
		await rm(card, { recursive: true });
	}
});

test('cancel instead of OK ends it, and the initiator gets no Ack', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	await stage.event('initiator');
	stage.camera.press('cancel');
	await command.closed;
	expect(command.chunks).toEqual([]);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'cancelled', session: false });
});

test('an initiator that gives up before OK ends it; so does nobody at all', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp);
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	await stage.event('initiator');
	command.close();
	await expect(stage.camera.ended).resolves.toMatchObject({ why: 'connectionClosed' });
	await using other = await listenUpnp();
	await using lonely = await startEos(other);
	await come(other, lonely);
	lonely.clock.advance(20_000);
	await expect(lonely.camera.ended).resolves.toMatchObject({ why: 'idle' });
});

test('paired, it tells the GUID that it expects, drops every other, and asks no more', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const state = join(folder, 'camera.json');
	try {
		await using upnp = await listenUpnp();
		await using stage = await startEos(upnp, { state, confirmAfterMs: 1000 });
		await come(upnp, stage);
		const first = await Line.open(stage.camera.ptpipPort);
		first.send(init(GUID));
		await stage.event('initiator');
		stage.clock.advance(1000);
		await first.packet();
		await stage.camera.close();
		expect(JSON.parse(await readFile(state, 'utf8'))).toEqual({ paired: [{ uuid: GUID_TEXT, name: 'PC' }] });

		await using again = await listenUpnp();
		await using back = await startEos(again, { state, scenario: 'reconnect' });
		expect(element(await come(again, back), 'X_targetId')).toBe(`uuid:${GUID_TEXT.toUpperCase()}`);
		const stranger = await Line.open(back.camera.ptpipPort);
		stranger.send(init(GUID.replace('5F', '60')));
		await stranger.closed;
		expect(stranger.chunks).toEqual([]); // no Init Fail: it is cut off
		expect(await back.event('initiatorDropped')).toMatchObject({ expected: GUID_TEXT, guid: GUID_TEXT.replace('5f', '60') });
		const known = await Line.open(back.camera.ptpipPort);
		known.send(init(GUID));
		expect((await known.packet()).slice(8, 16)).toBe('02000000');
	} finally {
		await rm(folder, { recursive: true });
	}
});

test('paired, and its computer does not come: connection target not found', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const state = join(folder, 'camera.json');
	try {
		await using upnp = await listenUpnp();
		await using stage = await startEos(upnp, { state });
		await come(upnp, stage);
		const command = await Line.open(stage.camera.ptpipPort);
		command.send(init(GUID));
		await stage.event('initiator');
		stage.camera.press('set');
		await command.packet();
		await stage.camera.close();
		await using lonely = await startEos(upnp, { state, scenario: 'reconnect' });
		lonely.clock.advance(120_000);
		await expect(lonely.camera.ended).resolves.toEqual({ why: 'targetNotFound', session: false });
	} finally {
		await rm(folder, { recursive: true });
	}
});

test('a session in the order of the working clients: remote mode, event mode, events; silence ends it, traffic does not', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startEos(upnp, { confirmAfterMs: 0 });
	await come(upnp, stage);
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(init(GUID));
	await stage.event('initiator');
	stage.clock.advance(0);
	const ack = await command.packet();
	const event = await Line.open(stage.camera.ptpipPort);
	event.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
	expect(await event.packet()).toBe(flat('08000000 04000000'));
	command.send('16000000 06000000 01000000 0210 00000000 01000000'); // OpenSession(1)
	expect(await command.packet()).toBe(flat('0E000000 07000000 0120 00000000'));
	for (const [id, code] of [
		['01000000', '1491'],
		['02000000', '1591'],
	]) {
		command.send(`16000000 06000000 01000000 ${code} ${id} 01000000`);
		expect(await command.packet()).toBe(flat(`0E000000 07000000 0120 ${id}`));
	}
	stage.clock.advance(80_000);
	command.send('12000000 06000000 01000000 1691 03000000'); // GetEvent
	// PropValueChanged (0xC189) of D11B, D11C and D1B0 with the values that libgphoto2's record of a T6 has, then the end.
	expect(await command.packet()).toBe(flat('14000000 09000000 03000000 3800000000000000'));
	expect(await command.packet()).toBe(
		flat(
			'44000000 0C000000 03000000 10000000 89C10000 1BD10000 9B240000 10000000 89C10000 1CD10000 02000000 10000000 89C10000 B0D10000 00000000 08000000 00000000',
		),
	);
	expect(await command.packet()).toBe(flat('0E000000 07000000 0120 03000000'));
	stage.clock.advance(80_000);
	expect(stage.camera.screen).toEqual({ shows: 'connected', name: 'PC' });
	const { body } = await http(await location(upnp));
	expect(element(body, 'X_onService')).toBe('1');
	stage.clock.advance(10_000);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'silence', session: true });
});

test('an EOS is played as an EOS, whether that was said or not', async () => {
	await using upnp = await listenUpnp();
	await using stage = await startStage(upnp, { model: eosRebelT6, media, descriptionPort: 0 });
	expect(stage.camera.screen).toEqual({ shows: 'searching', for: 'EOS Utility' });
	for (const flow of ['computer', 'smartphone'] as const)
		await expect(startStage({ ssdpPort: 1900 }, { model: eosRebelT6, flow })).rejects.toMatchObject({ code: 'usage' });
});

test('a PowerShot has no such menu entry', async () => {
	await expect(startStage({ ssdpPort: 1900 }, { flow: 'eos' })).rejects.toMatchObject({
		code: 'usage',
		message: expect.stringMatching(/EOS Utility/),
	});
});
