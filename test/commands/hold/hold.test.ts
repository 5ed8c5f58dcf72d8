/** `hold`: what it makes of the flags and the profiles, and what it refuses before anything is opened. */
import fs from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOLD, type HoldCall } from '#commands/hold/flags.ts';
import { type HoldContext, run as hold } from '#commands/hold/run.ts';
import type { HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import { newProfile, type Profile } from '#contract/profile.ts';
import type { CameraProxy, CameraProxyOptions } from '#hold/ports.ts';
import { lastingSession } from '../../support/attempt.ts';
import { wlan, world } from '../../support/flow-world.ts';
import { noFlags } from '../no-flags.ts';
import { savedSettings } from '../saved.ts';

let settings: ReturnType<typeof savedSettings>;
beforeEach(() => {
	settings = savedSettings();
});
afterEach(() => fs.rmSync(settings.home, { recursive: true, force: true }));

const save = (id: string, what: Partial<Profile> = {}) => settings.deps.profiles.save({ ...newProfile(id, new Date(0)), ...what });
const flags: HoldCall['flags'] = noFlags(HOLD);

function surroundings({ holds = [], problem, serial = 'A1' }: { holds?: readonly HoldStatus[]; problem?: string; serial?: string } = {}) {
	let told = (): HoldStatus | undefined => undefined;
	const here = world();
	const shares: CameraProxyOptions[] = [];
	const stopping = new AbortController();
	const deps: HoldContext = {
		...settings.deps,
		...here.ports,
		emit: here.emit,
		prompt: undefined,
		signal: stopping.signal,
		hostname: 'studio',
		holds: {
			list: async () => [...holds],
			announce: async (status) => {
				told = status;
				return { close: async () => {} };
			},
		},
		legacyUuidFile: () => undefined,
		endLeftovers: async () => [],
		pid: 1,
		proxies: {
			open: async (options): Promise<CameraProxy> => {
				shares.push(options);
				return {
					address: options.address,
					port: options.port,
					status: () => ({}) as HeldStatus,
					connect: async () => {
						const learnt = { model: null, firmware: null, chdk: false, os: null, serial } as const;
						return lastingSession(learnt, () => ({ exitCode: null, signal: null, learnt }));
					},
					close: async () => {},
				};
			},
		},
		commandProblem: async () => problem,
		runCommand: () => {
			throw new Error('not run');
		},
		view: () => ({ close: () => {} }),
	};
	/** What was opened, after a moment of holding. */
	const held = async (profiles: readonly string[], more: Partial<HoldCall['flags']> = {}) => {
		const running = hold({ profile: profiles, flags: { ...flags, ...more }, rest: [] }, deps);
		running.catch(() => {});
		await here.clock.advance(0);
		stopping.abort(new Error('stopped'));
		await running.catch(() => {});
		return shares;
	};
	return { ...here, deps, held, shares, status: () => told() };
}

const STATUS: HeldStatus = {
	id: 'studio',
	state: 'waiting',
	camera: '192.168.1.45',
	mac: null,
	model: null,
	serial: 'A1',
	address: '127.0.0.1',
	port: 15741,
	sessions: 0,
	age: null,
	keepalive: null,
	operations: 0,
	bytesIn: 0,
	bytesOut: 0,
	clients: [],
};
const running: HoldStatus = { v: 1, pid: 4711, age: 1, cameras: [STATUS] };

test('keeps each camera awake as its profile says, unless --keepalive is given', async () => {
	save('studio', { keepalive: 'never' });
	save('garden');
	expect((await surroundings().held(['studio', 'garden'])).map(({ keepalive }) => keepalive)).toEqual(['off', 'auto']);
	expect((await surroundings().held(['studio', 'garden'], { keepalive: '30' })).map(({ keepalive }) => keepalive)).toEqual([30, 30]);
});

test.each([
	[['studio'], {}, 'The camera "studio"'],
	// The same camera under another name.
	[['double'], {}, 'The camera "double"'],
	[[], { camera: '192.168.1.45' }, 'studio'],
])('%j %j: held already, by whom and where, and nothing is opened', async (profiles, more, named) => {
	save('studio');
	save('double', { serial: 'A1' });
	const { deps, shares, opened } = surroundings({ holds: [running] });
	await expect(hold({ profile: profiles, flags: { ...flags, ...more }, rest: [] }, deps)).rejects.toMatchObject({
		code: 'alreadyHeld',
		message: expect.stringMatching(new RegExp(`^${named} is already held by process 4711`)),
		next: expect.stringContaining('ptpip:127.0.0.1:15741:15741'),
	});
	expect([...shares, ...opened]).toEqual([]);
});

test('a camera that no hold has can be held', async () => {
	save('garden');
	expect(await surroundings({ holds: [running] }).held(['garden'])).toHaveLength(1);
});

test('reports a command that cannot be run before anything is opened', async () => {
	const { deps, shares, opened } = surroundings({ problem: 'there is no such program on PATH' });
	await expect(hold({ profile: [], flags, rest: ['nosuch'] }, deps)).rejects.toMatchObject({
		code: 'usage',
		exitCode: 64,
		message: expect.stringContaining('nosuch cannot be run: there is no such program on PATH.'),
	});
	expect([...shares, ...opened]).toEqual([]);
});

test('warns about another saved camera that comes instead, with the command for it', async () => {
	save('studio', { mac: '2c:9e:fc:00:00:01' });
	save('garden', { mac: '2c:9e:fc:00:00:02' });
	const { deps, clock, cameraAppears, state, events } = surroundings();
	state.macs.set('192.168.1.46', '2c:9e:fc:00:00:02');
	hold({ profile: ['studio'], flags, rest: [] }, deps).catch(() => {});
	await clock.advance(0);
	cameraAppears('192.168.1.46');
	await clock.advance(1000);
	expect(events.find((one) => one.type === 'warning' && one.code === 'otherCamera')).toMatchObject({
		message: 'The camera at 192.168.1.46 is "garden", not "studio", so it is left alone.',
		next: expect.stringContaining('canon-wifi hold garden'),
	});
});

test.each([
	['A1', 'studio'],
	['B2', null],
])('a camera with the serial %s is told by status as %j', async (serial, id) => {
	save('studio', { serial: 'A1' });
	const { deps, clock, cameraAppears, status } = surroundings({ serial });
	hold({ profile: ['studio'], flags, rest: [] }, deps).catch(() => {});
	await clock.advance(0);
	cameraAppears('192.168.1.46');
	await clock.advance(2000);
	expect(status()?.cameras[0]?.id).toBe(id);
});

test('warns about a camera that was last used on a network which is not announced', async () => {
	save('studio', { interface: 'wlan0', lastAddress: '192.168.1.45' });
	save('attic', { interface: 'eth0', lastAddress: '10.0.0.45' });
	save('shed', { interface: 'wlan0', lastAddress: '192.168.1.46' });
	const told = async (profiles: readonly string[], more: Partial<HoldCall['flags']> = {}) => {
		const { held, state, events, opened } = surroundings();
		state.networks = [{ ...wlan, name: 'eth0', address: '10.0.0.5', kind: 'cable' }, wlan];
		await held(profiles, more);
		expect(opened).toContain('responder 192.168.1.20');
		return events.flatMap((event) => (event.type === 'warning' && event.code === 'otherNetwork' ? [event] : []));
	};
	expect(await told(['studio', 'attic', 'shed'])).toMatchObject([
		{
			message: '"attic" was last used on eth0, 10.0.0.5, but cameras are answered only on wlan0, 192.168.1.20.',
			next: expect.stringContaining('canon-wifi hold attic'),
		},
	]);
	expect(await told(['studio', 'shed'])).toEqual([]);
	expect(await told(['studio', 'attic'], { interface: 'wlan0' })).toEqual([]);
});
