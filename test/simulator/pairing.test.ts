import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { flat, HOST, INIT_COMMAND, Line, openSession, shakeHands, startComputer, startStage, UUID } from './world.ts';

test('search, list, SET, the second search, "Connected to device"', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	expect(stage.events.map(({ type }) => type).filter((type) => type !== 'screen')).toEqual([
		'poweredOn',
		'searching',
		'listed',
		'selected',
		'searching',
		'paired',
		'connected',
	]);
	expect(computer.fetched).toHaveLength(2); // once for the list, once after SET
	expect(computer.fetched[0]?.from).toBe(HOST);
	expect(computer.fetched[0]?.headers).not.toHaveProperty('user-agent');
});

test.skipIf(process.platform !== 'linux')('the description is fetched from where the camera stands', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { address: '127.0.0.2' }); // a whole network is this computer's on Linux
	await stage.event('listed');
	expect(computer.fetched.map(({ from }) => from)).toEqual(['127.0.0.2']);
});

test('a computer that is no Windows is not listed, and the reason is told once', async () => {
	await using computer = await startComputer({ server: 'Linux/5.4 UPnP/1.0' });
	await using stage = await startStage(computer);
	await stage.event('answerRefused');
	stage.clock.advance(3000);
	await stage.event('answerRefused');
	expect(stage.events.filter(({ type }) => type === 'answerRefused')).toHaveLength(1);
	expect(stage.camera.select('LIVINGROOM')).toBe(false);
});

test('a name with & is listed only when it is escaped', async () => {
	await using computer = await startComputer({ name: 'Tom & Jerry' });
	await using stage = await startStage(computer);
	expect((await stage.event('descriptionRefused')).why).toMatch(/well-formed/);
});

test('before SET the connection is refused', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { ptpipPort: 0 });
	await stage.pair();
	const port = stage.camera.ptpipPort;
	await stage.camera.close();
	await using again = await startStage(computer, { ptpipPort: port });
	await expect(Line.open(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	await again.pair();
	(await Line.open(port)).close();
});

test('a port that another holds is told before the camera is on', async () => {
	await using computer = await startComputer();
	const other = createServer().listen(0, HOST);
	await once(other, 'listening');
	try {
		const { port } = other.address() as AddressInfo;
		await expect(startStage(computer, { ptpipPort: port })).rejects.toMatchObject({ code: 'cannotListen' });
		expect(computer.fetched).toEqual([]);
	} finally {
		other.close();
	}
});

test('or it is taken and answered with Init Fail 1, and SET changes that', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { beforeSet: 'initFail' });
	const early = await Line.open(stage.camera.ptpipPort);
	early.send(INIT_COMMAND);
	expect(await early.packet()).toBe(flat('0C000000 05000000 01000000'));
	await early.closed;
	await stage.pair();
	await shakeHands(stage.camera);
});

test('a probe while pairing ends it', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { beforeSet: 'initFail' });
	(await Line.open(stage.camera.ptpipPort)).close();
	await expect(stage.camera.ended).resolves.toEqual({ why: 'probed', session: false });
});

test('connect-then-close without a request switches the Wi-Fi off', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	(await Line.open(stage.camera.ptpipPort)).close();
	await expect(stage.camera.ended).resolves.toEqual({ why: 'probed', session: false });
});

test('a second initiator gets Init Fail 1, and the first goes on', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const { command } = await openSession(stage.camera);
	const second = await Line.open(stage.camera.ptpipPort);
	second.send(INIT_COMMAND);
	expect(await second.packet()).toBe(flat('0C000000 05000000 01000000'));
	command.send('12000000 06000000 00000000 0410 01000000');
	expect(await command.packet()).toBe(flat('14000000 09000000 01000000 0800000000000000'));
});

test('the event connection must follow within five seconds', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(INIT_COMMAND);
	await command.packet();
	stage.clock.advance(4999);
	expect(stage.events.at(-1)?.type).not.toBe('wifiOff');
	stage.clock.advance(1);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'eventConnectionMissing', session: false });
	await command.closed;
});

test('an event connection with another number is refused, and that is told', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const command = await Line.open(stage.camera.ptpipPort);
	command.send(INIT_COMMAND);
	await command.packet();
	const event = await Line.open(stage.camera.ptpipPort);
	event.send('0C000000 03000000 63000000');
	expect(await event.packet()).toBe(flat('0C000000 05000000 01000000'));
	expect(await stage.event('initRefused')).toMatchObject({ why: 'wrongConnection' });
});

test('a connection that says nothing for five seconds switches the Wi-Fi off', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const silent = await Line.open(stage.camera.ptpipPort);
	await vi.waitFor(
		() => {
			stage.clock.advance(500); // the time begins when the camera has taken the connection
			expect(silent.socket.destroyed).toBe(true);
		},
		{ interval: 5 },
	);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'probed', session: false });
	expect(stage.clock.now()).toBeGreaterThanOrEqual(5000);
});

test('nobody connects: the Wi-Fi goes off', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	stage.clock.advance(19_999);
	expect(stage.camera.screen.shows).toBe('connected');
	stage.clock.advance(1);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'idle', session: false });
});

test('a slow port refuses connections after "Connected to device", and takes them when it is open', async () => {
	await using computer = await startComputer();
	await using first = await startStage(computer);
	await first.pair();
	const { ptpipPort } = first.camera;
	await first.camera.close();
	await using stage = await startStage(computer, { ptpipPort, portDelayMs: 30_000 });
	await stage.event('listed');
	stage.camera.select('LIVINGROOM');
	await stage.event('screen', ({ screen }) => screen.shows === 'connected');
	stage.clock.advance(29_999);
	await expect(Line.open(ptpipPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	stage.clock.advance(1);
	await stage.event('connected');
	await shakeHands(stage.camera);
});

test('a session without GetObjectHandles or 0x9801 times out; with it, it stays', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	await openSession(stage.camera);
	stage.clock.advance(20_000);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'noPtpMode', session: true });

	await using second = await startStage(computer);
	await second.pair();
	const { command } = await openSession(second.camera);
	command.send('16000000 06000000 00000000 0198 01000000 01380000'); // 0x9801(0x3801)
	await second.event('operation', ({ code }) => code === 0x9801);
	second.clock.advance(3_600_000);
	expect(second.camera.screen).toEqual({ shows: 'black', keys: 'locked' });
});

test.each(['command', 'event'] as const)('closing the %s connection switches the Wi-Fi off', async (which) => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const lines = await openSession(stage.camera);
	lines[which].close();
	await expect(stage.camera.ended).resolves.toEqual({ why: 'connectionClosed', session: true });
	await Promise.all([lines.command.closed, lines.event.closed]);
});

test('what is no PTP-IP ends the session', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer);
	await stage.pair();
	const { command } = await openSession(stage.camera);
	command.send('FFFFFF7F 06000000');
	await expect(stage.camera.ended).resolves.toMatchObject({ why: 'protocolError' });
});

test('the paired computer is kept in the state file; on coming back any other is ignored', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const state = join(folder, 'camera.json');
	try {
		await using computer = await startComputer();
		await using stage = await startStage(computer, { state });
		await stage.pair();
		await stage.camera.close();
		expect(JSON.parse(await readFile(state, 'utf8'))).toEqual({ paired: [{ uuid: UUID, name: 'LIVINGROOM' }] });

		await using stranger = await startComputer({ uuid: UUID.replace('1b', '2c') });
		await using back = await startStage(stranger, { state, scenario: 'reconnect' });
		expect(await back.event('answerIgnored')).toMatchObject({ why: 'notPaired' });
		expect(stranger.fetched).toEqual([]);
		back.clock.advance(120_000);
		await expect(back.camera.ended).resolves.toEqual({ why: 'targetNotFound', session: false });

		await using home = await startStage(computer, { state, scenario: 'reconnect' });
		await home.event('connected');
		expect(home.events.map(({ type }) => type)).not.toContain('listed');
	} finally {
		await rm(folder, { recursive: true });
	}
});

test('a camera that survives without having paired shows the list again', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { survive: true, pauseMs: 0, beforeSet: 'initFail' });
	await stage.event('listed');
	(await Line.open(stage.camera.ptpipPort)).close();
	await stage.event('wifiOff');
	await vi.waitFor(() => {
		stage.clock.advance(1);
		expect(stage.events.filter(({ type }) => type === 'poweredOn')).toMatchObject([{ scenario: 'pair' }, { scenario: 'pair', round: 2 }]);
	});
});

test('a camera that survives comes back to its computer', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { survive: true });
	await stage.pair();
	const { command } = await openSession(stage.camera);
	command.close();
	await stage.event('wifiOff');
	await stage.event('screen', ({ screen }) => screen.shows === 'off');
	const before = stage.events.length;
	// The pause begins when all sockets are closed: turn the clock until it has passed.
	const turning = setInterval(() => stage.clock.advance(500), 5);
	try {
		await stage.event('poweredOn', ({ round }) => round === 2);
		await stage.event('connected', () => stage.events.filter(({ type }) => type === 'connected').length === 2);
	} finally {
		clearInterval(turning);
	}
	expect(stage.events.slice(before).map(({ type }) => type)).not.toContain('listed');
	await shakeHands(stage.camera);
});
