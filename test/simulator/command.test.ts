import { expect, test } from 'vitest';
import { SIMULATE } from '#commands/simulate/flags.ts';
import type { SimulatedCameraPort } from '#commands/simulate/ports.ts';
import { run, type SimulateContext } from '#commands/simulate/run.ts';
import { setUpOf } from '#commands/simulate/set-up.ts';
import { softwareCamera } from '#simulator/port.ts';
import { noFlags } from '../commands/no-flags.ts';
import { HOST, openSession, startComputer } from './world.ts';

const flags = noFlags(SIMULATE);
const networks = { list: () => [], macOf: async () => undefined };

/** What the command would be given by the program, with its output kept. */
function deps(camera: SimulatedCameraPort, json: boolean): SimulateContext & { lines: string[] } {
	const lines: string[] = [];
	const clock = { now: () => 0, date: () => new Date(0), sleep: async () => {} };
	return {
		lines,
		write: (text) => void lines.push(text),
		quiet: false,
		record: () => {},
		openScreen: undefined,
		json,
		networks,
		emit: () => {},
		signal: new AbortController().signal,
		clock,
		camera,
	};
}

test('flags become the set-up of a camera; SET is pressed by itself after a second', () => {
	expect(setUpOf({ ...flags, address: HOST }, { networks, emit: () => {} })).toEqual({
		address: HOST,
		scenario: 'pair',
		beforeSet: 'refuse',
		autoSet: { afterMs: 1000 },
		confirmAfterMs: 1000,
		contentType: 'quoted',
		idleMs: 20_000,
		chdk: true,
		portDelayMs: 0,
		busyMs: 0,
		faults: [],
		seed: 1,
		survive: false,
	});
	const all = {
		...flags,
		address: HOST,
		pick: 'STUDY',
		selectAfter: 0.5,
		chdk: false,
		os: 'vxworks' as const,
		model: 'x',
		media: '/m',
		state: '/s',
	};
	expect(setUpOf(all, { networks, emit: () => {} })).toMatchObject({
		autoSet: { afterMs: 500, pick: 'STUDY' },
		chdk: false,
		os: 'vxworks',
		model: 'x',
	});
});

test('with a person at the keys nothing is pressed by itself, unless it was asked for', () => {
	const given = { networks, emit: () => {} };
	const atTheKeys = setUpOf({ ...flags, address: HOST }, given, true);
	expect(atTheKeys).not.toHaveProperty('autoSet');
	expect(atTheKeys).not.toHaveProperty('confirmAfterMs');
	expect(setUpOf({ ...flags, address: HOST, pick: 'STUDY' }, given, true)).toMatchObject({ autoSet: { afterMs: 1000, pick: 'STUDY' } });
	expect(setUpOf({ ...flags, address: HOST, selectAfter: 3, confirmAfter: 0 }, given, true)).toMatchObject({
		autoSet: { afterMs: 3000 },
		confirmAfterMs: 0,
	});
});

test('a screen gets what lines would say, and its keys go to the camera', async () => {
	await using computer = await startComputer();
	const seen: (string | undefined)[] = [];
	let closed = 0;
	const given = deps(softwareCamera, false);
	given.openScreen = (press) => ({
		show: ({ type }, words) => {
			seen.push(words);
			if (type === 'listed') press('set');
			if (type === 'connected') press('power');
		},
		close: () => void closed++,
	});
	const ended = run({ flags: { ...flags, address: HOST, ptpipPort: 0, ssdpPort: computer.ssdpPort } }, given);
	await expect(ended).resolves.toEqual({ exitCode: 75, found: { why: 'powerOff', session: false } });
	expect(seen[0]).toMatch(/is on$/);
	expect(seen).toContain('SET is pressed on "LIVINGROOM"');
	expect(given.lines).toEqual([]);
	expect(closed).toBe(1);
});

test.each([
	[{ address: 'localhost' }, { code: 'notIpv4' }],
	[{ address: HOST, interface: 'lo' }, { code: 'usage' }],
	[
		{ address: HOST, model: 'nikon' },
		{ code: 'usage', message: expect.stringContaining('nikon') },
	],
	[{ address: '192.0.2.77' }, { code: 'notOurAddress' }],
	[
		{ address: HOST, media: '/proc' },
		{ code: 'usage', message: expect.stringContaining('DCIM') },
	],
	[{ address: HOST, scenario: 'reconnect' as const }, { code: 'usage' }],
])('%j is refused before the camera is on', async (given, error) => {
	await expect(run({ flags: { ...flags, ...given } }, deps(softwareCamera, true))).rejects.toMatchObject(error);
});

test('a whole life: NDJSON of every event, 0 when a session was opened', async () => {
	await using computer = await startComputer();
	const given = deps(softwareCamera, true);
	const port = new Promise<number>((resolve) => {
		given.write = (text) => {
			given.lines.push(text);
			const event = JSON.parse(text);
			if (event.type === 'connected') resolve(event.port);
		};
	});
	const ended = run({ flags: { ...flags, address: HOST, selectAfter: 0, ptpipPort: 0, ssdpPort: computer.ssdpPort } }, given);
	const { command } = await openSession({ ptpipPort: await port });
	command.close();
	await expect(ended).resolves.toEqual({ exitCode: 0, found: { why: 'connectionClosed', session: true } });
	for (const line of given.lines)
		expect(JSON.parse(line)).toMatchObject({ v: 1, time: '1970-01-01T00:00:00.000Z', type: expect.any(String) });
});

test('without a session the exit code is 75, and words are for people', async () => {
	const camera: SimulatedCameraPort = {
		start: async (_setUp, { emit }) => {
			emit({ type: 'wifiOff' }, 'Wi-Fi off: nobody connected');
			emit({ type: 'quiet' }, undefined);
			return { ended: Promise.resolve({ why: 'idle', session: false }), press: () => {}, close: async () => {} };
		},
	};
	const given = deps(camera, false);
	await expect(run({ flags: { ...flags, address: HOST } }, given)).resolves.toMatchObject({ exitCode: 75 });
	expect(given.lines).toEqual(['Wi-Fi off: nobody connected\n']);
});

test('quiet is without plain lines; what happens is recorded all the same', async () => {
	const camera: SimulatedCameraPort = {
		start: async (_setUp, { emit }) => {
			emit({ type: 'wifiOff' }, 'Wi-Fi off: nobody connected');
			return { ended: Promise.resolve({ why: 'idle', session: false }), press: () => {}, close: async () => {} };
		},
	};
	const recorded: string[] = [];
	const given = { ...deps(camera, false), quiet: true, record: ({ type }: { type: string }) => void recorded.push(type) };
	await run({ flags: { ...flags, address: HOST } }, given);
	expect([given.lines, recorded]).toEqual([[], ['wifiOff']]);
	await run({ flags: { ...flags, address: HOST } }, { ...given, json: true });
	expect(given.lines).toHaveLength(1);
});

test('a signal switches the camera off', async () => {
	await using computer = await startComputer();
	const stop = new AbortController();
	const given = { ...deps(softwareCamera, true), signal: stop.signal };
	const ended = run({ flags: { ...flags, address: HOST, ptpipPort: 0, ssdpPort: computer.ssdpPort } }, given);
	stop.abort(new Error('interrupted'));
	await expect(ended).rejects.toThrow('interrupted');
});
