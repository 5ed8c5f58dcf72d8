import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CameraOptions } from '#simulator/options.ts';
import { HOST, INIT_COMMAND, Line, type Stage, startStage } from '../../world.ts';
import { element, field, http, search } from '../eos/client.ts';
import { CAMERA_TYPE, PHONE_UUID, type Phone, requests, startPhone } from './phone.ts';

/** An empty card: drawing the built-in pictures takes time, and nobody looks at them here. */
let media = '';
beforeAll(async () => {
	media = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(media, 'DCIM'));
});
afterAll(() => rm(media, { recursive: true }));

const start = (phone: Phone, options: Partial<CameraOptions> = {}): Promise<Stage> =>
	startStage(
		{ ssdpPort: phone.upnp.ssdpPort },
		{ flow: 'smartphone', media, descriptionPort: 0, iminkPort: 0, phonePort: phone.servicePort, ...options },
	);

/** The phone announces itself, is chosen, and has read the camera's actions; then the camera's service. */
async function connect(phone: Phone, stage: Stage): Promise<ReturnType<typeof requests>> {
	phone.announce();
	await stage.event('listed');
	stage.camera.press('set');
	const where = (await stage.event('announcing')).location;
	await http(new URL(`/desc_iml/MobileConnectedCamera.xml?uuid=${PHONE_UUID.toUpperCase()}`, where).href);
	const { address, port } = await stage.event('phoneServed');
	return requests(`http://${address}:${port}/MobileConnectedCamera/`);
}

test('it answers a search as a G7 X does, and announces itself', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	phone.upnp.say(search('upnp:rootdevice'));
	phone.upnp.say(search(CAMERA_TYPE));
	const answer = await phone.upnp.heard('HTTP/1.1 200 OK');
	const { location } = await stage.event('announcing');
	const uuid = /uuid:([^:]+)/.exec(field(answer, 'USN') ?? '')?.[1] ?? '';
	expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
	expect(answer).toBe(
		[
			'HTTP/1.1 200 OK',
			'Cache-Control: max-age=1800',
			'EXT: ',
			`Location: ${location}`,
			'Server: Camera OS/1.0 UPnP/1.0 Camera 1.0/Canon PowerShot ELPH 340 HS/1.0',
			`ST: ${CAMERA_TYPE}`,
			`USN: uuid:${uuid}::${CAMERA_TYPE}`,
			'',
			'',
		].join('\r\n'),
	);
	expect(await phone.upnp.heard('NOTIFY', 'ssdp:alive', uuid)).toContain(`NT: ${CAMERA_TYPE}\r\n`);
	const { body } = await http(location);
	expect(element(body, 'UDN')).toBe(`uuid:${uuid}`);
	expect(element(body, 'serviceType')).toBe(CAMERA_TYPE);
});

test('a phone is listed, chosen, and greeted with five POSTs in their order', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	await connect(phone, stage);
	expect(stage.camera.screen).toEqual({ shows: 'connected', name: 'Redmi 5' });
	expect(phone.asked.map(({ line }) => line.replace(/\?.*/, ''))).toEqual([
		'GET /MobileDevDesc.xml',
		'GET /desc_iml/CameraConnectedMobile.xml',
		'POST /CameraConnectedMobile/UsecaseStatus',
		'POST /CameraConnectedMobile/CapabilityInfo',
		'POST /CameraConnectedMobile/CameraInfo',
		'POST /CameraConnectedMobile/NFCData',
		'POST /CameraConnectedMobile/UsecaseStatus',
	]);
	// What CanonConnext tells the five apart by.
	const bodies = phone.asked.slice(2).map(({ body }) => body);
	for (const [index, mark] of ['<Status>Run</Status>', '<Pull_Operating>', '<CardProtect>', '<AARData>', '<Status>Stop</Status>'].entries())
		expect(bodies[index]).toContain(mark);
	expect(bodies[1]).toContain('ModeA&amp;ModeC');
});

test.each([
	['no friendlyName', { description: '<root/>' }, /friendlyName/],
	['no XML', { description: 'hello' }, /well-formed/],
	['another UDN', { description: '<d><friendlyName>A</friendlyName><UDN>uuid:1</UDN></d>' }, /UDN/],
	[
		'another service',
		{ description: `<d><friendlyName>A</friendlyName><UDN>uuid:${PHONE_UUID}</UDN><service><serviceType>x</serviceType></service></d>` },
		/no service/,
	],
])('a phone whose description has %s is not listed', async (_what, wrong, why) => {
	await using phone = await startPhone(wrong);
	await using stage = await start(phone);
	phone.announce();
	expect((await stage.event('descriptionRefused')).why).toMatch(why);
	expect(stage.camera.screen).toEqual({ shows: 'phones', names: [], cursor: 0 });
});

test.each([
	['a USN without UUID', { usn: 'uuid:1' }, /USN/],
	['a host name', { location: 'http://phone.local/MobileDevDesc.xml' }, /IPv4/],
])('an announcement with %s is refused', async (_what, wrong, why) => {
	await using phone = await startPhone(wrong);
	await using stage = await start(phone);
	phone.announce();
	expect((await stage.event('answerRefused')).why).toMatch(why);
});

test.each([
	['cannot be told a status', { actions: '<scpd/>' }, /UsecaseStatus/],
	['answers a POST with 500', { refuses: 'CameraInfo' }, /CameraInfo with 500/],
])('a phone that %s is given up', async (_what, wrong, why) => {
	await using phone = await startPhone(wrong);
	await using stage = await start(phone);
	phone.announce();
	await stage.event('listed');
	stage.camera.press('set');
	const where = (await stage.event('announcing')).location;
	await http(new URL(`/desc_iml/MobileConnectedCamera.xml?uuid=${PHONE_UUID}`, where).href);
	expect((await stage.event('greetingFailed')).why).toMatch(why);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'targetNotFound', session: false });
});

test('a phone that is not heard is not listed; one that is heard twice is listed once', async () => {
	await using phone = await startPhone();
	{
		await using deaf = await start(phone, { faults: [{ kind: 'lose', percent: 100 }] });
		phone.announce();
		await deaf.event('fault', ({ what }) => what === 'an announcement of a smartphone is lost');
		expect(phone.asked).toEqual([]);
		expect(phone.upnp.count(CAMERA_TYPE)).toBe(0);
		expect(deaf.events.flatMap((event) => (event.type === 'fault' ? [event.what] : [])).slice(0, 2)).toEqual([
			'an announcement is lost',
			'a search is lost',
		]);
	}
	await using stage = await start(phone, { faults: [{ kind: 'duplicate', percent: 100 }] });
	phone.announce();
	await stage.event('listed');
	expect(phone.asked).toHaveLength(1);
	await vi.waitFor(() => expect(phone.upnp.count('NOTIFY', 'ssdp:alive', CAMERA_TYPE)).toBe(2));
});

test('a phone that does not read the actions makes the camera wait', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	phone.announce();
	await stage.event('listed');
	stage.camera.press('set');
	await vi.waitFor(() => expect(phone.asked).toHaveLength(2));
	stage.clock.advance(9999);
	expect(phone.asked).toHaveLength(2);
	await vi.waitFor(() => {
		stage.clock.advance(1);
		expect(phone.asked).toHaveLength(7);
	});
});

test('pictures are listed and fetched, but only while ObjectPull runs', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	try {
		await mkdir(join(folder, 'DCIM', '100CANON'), { recursive: true });
		const picture = Buffer.concat([Buffer.from('ffd8ffd9', 'hex'), Buffer.alloc(1_500_000, 7)]);
		await writeFile(join(folder, 'DCIM', '100CANON', 'IMG_0001.JPG'), picture);
		await writeFile(join(folder, 'DCIM', '100CANON', 'NOTE.TXT'), 'no picture');
		await using phone = await startPhone();
		await using stage = await start(phone, { media: folder });
		const camera = await connect(phone, stage);
		expect((await camera.get('ObjIDList?StartIndex=1&MaxNum=1&ObjType=ALL')).status).toBe(503);
		const run = await camera.usecase('ObjectPull', 'Run');
		expect([run.status, element(run.body, 'Status')]).toEqual([200, 'Run']);
		expect(run.headers['content-type']).toBe('text/xml ; charset=utf-8');
		expect(element((await camera.get('ObjIDList?StartIndex=1&MaxNum=1&ObjType=ALL')).body, 'TotalNum')).toBe('1');
		const list = (await camera.get('GroupedObjIDList?StartIndex=1&MaxNum=100&ObjType=ALL&GroupType=1')).body;
		expect([element(list, 'ListCount'), element(list, 'ObjTypeList-1'), element(list, 'GroupedNumList-1')]).toEqual(['1', 'JPG', '0']);
		const id = element(list, 'ObjIDList-1');
		expect(element((await camera.get(`ObjProperty?ObjID=${id}&ObjType=JPG`)).body, 'DataSize')).toBe('1500004');
		let bytes = '';
		while (bytes.length < 1_500_004) {
			const offset = bytes.length === 0 ? '' : `&Offset=${bytes.length}`;
			const got = await camera.get(`ObjData?ObjID=${id}&ObjType=JPG&ResizeDataSize=1500004${offset}`);
			const boundary = /boundary=(.*)/.exec(String(got.headers['content-type']))?.[1];
			const part = got.body.split(`--${boundary}`).find((one) => one.includes('application/octet-stream')) ?? '';
			bytes += part.slice(part.indexOf('\r\n\r\n') + 4, -2);
		}
		expect(Buffer.from(bytes, 'latin1').equals(picture)).toBe(true);
		expect((await camera.get(`ObjData?ObjID=${id}&ObjType=JPG`)).status).toBe(400);
		expect((await camera.get('ObjProperty?ObjID=999&ObjType=JPG')).status).toBe(404);
	} finally {
		await rm(folder, { recursive: true });
	}
});

test('RemoteCapture opens 15740, after ObjectPull was stopped', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	const camera = await connect(phone, stage);
	await camera.usecase('ObjectPull', 'Run');
	expect((await camera.usecase('RemoteCapture', 'Run')).status).toBe(503);
	expect(stage.events.map(({ type }) => type)).not.toContain('portOpened');
	await camera.usecase('ObjectPull', 'Stop');
	expect((await camera.usecase('RemoteCapture', 'Run')).status).toBe(200);
	await stage.event('portOpened');
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(INIT_COMMAND);
	const ack = await command.packet();
	expect(ack.slice(8, 16)).toBe('02000000');
	const events = await Line.open(stage.camera.ptpipPort);
	events.send(`0C000000 03000000 ${ack.slice(16, 24)}`);
	await events.packet();
	command.send('16000000 06000000 00000000 0210 00000000 01000000');
	await command.packet();
	command.close();
	await expect(stage.camera.ended).resolves.toEqual({ why: 'connectionClosed', session: true });
});

test('whoever goes on asking is not silent; 90 s without a request are the end', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	const camera = await connect(phone, stage);
	await camera.usecase('ObjectPull', 'Run');
	for (let n = 0; n < 3; n++) {
		stage.clock.advance(80_000);
		expect((await camera.get('ObjIDList?StartIndex=1&MaxNum=1&ObjType=ALL')).status).toBe(200);
	}
	stage.clock.advance(90_000);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'silence', session: false });
});

test('Disconnect, then DisconnectStatus, and the camera is off; the second alone does nothing', async () => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	const camera = await connect(phone, stage);
	expect((await camera.powerOff()).status).toBe(503);
	expect((await camera.usecase('Disconnect', 'Run')).status).toBe(200);
	expect((await camera.powerOff()).status).toBe(200);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'poweredDown', session: false });
	await phone.upnp.heard('ssdp:byebye', CAMERA_TYPE);
});

test.each([
	['GET', 'UsecaseStatus?Name=ObjectPull', '', 405],
	['POST', 'UsecaseStatus?Name=Nonsense', '<ParamSet><Status>Run</Status></ParamSet>', 400],
	['POST', 'UsecaseStatus?Name=ObjectPull', '<ParamSet><Status>Maybe</Status></ParamSet>', 400],
	['POST', 'UsecaseStatus?Name=ObjectPull', 'no XML', 400],
	['GET', 'Nonsense', '', 404],
	['GET', '../other', '', 404],
])('%s %s %s is answered with %i', async (method, resource, body, status) => {
	await using phone = await startPhone();
	await using stage = await start(phone);
	await connect(phone, stage);
	const { port } = await stage.event('phoneServed');
	const got = await http(`http://${HOST}:${port}/MobileConnectedCamera/${resource}`, { method, body });
	expect(got.status).toBe(status);
});

test('the phone is kept in the state file, and taken by itself when the camera comes back', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const state = join(folder, 'camera.json');
	try {
		await using phone = await startPhone();
		await using stage = await start(phone, { state });
		await connect(phone, stage);
		await stage.camera.close();
		expect(JSON.parse(await readFile(state, 'utf8'))).toEqual({ paired: [{ uuid: PHONE_UUID, name: 'Redmi 5' }] });
		await using back = await start(phone, { state, scenario: 'reconnect' });
		phone.announce();
		expect((await back.event('selected')).name).toBe('Redmi 5');
		expect(phone.asked.length).toBeGreaterThan(7);
	} finally {
		await rm(folder, { recursive: true });
	}
});
