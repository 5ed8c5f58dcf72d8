/** `pair` while it has the camera: the tool proves itself, and --then says what follows. */
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AfterPairing, PAIR, type PairCall } from '#commands/pair/flags.ts';
import { type PairContext, run as pair } from '#commands/pair/run.ts';
import { Stopped } from '#contract/errors.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import type { Client, Job, SessionEnd } from '#session/client.ts';
import { attempted, lastingSession } from '../../support/attempt.ts';
import { world } from '../../support/flow-world.ts';
import { noFlags } from '../no-flags.ts';
import { savedSettings } from '../saved.ts';

const CAMERA = '192.168.1.45';
const learnt = { model: 'Canon PowerShot TEST', serial: '1', firmware: null, chdk: null, os: null } as const;
const END: SessionEnd = { exitCode: 0, signal: null, learnt };

let settings: ReturnType<typeof savedSettings>;
beforeEach(() => {
	settings = savedSettings();
});
afterEach(() => fs.rmSync(settings.home, { recursive: true, force: true }));

/** A pairing on a network where the camera comes. `tool` and `builtin`: how a session of the client ends, or one that lasts. */
function pairing(flags: Partial<PairCall['flags']>, { tool = END, builtin = END as SessionEnd | 'lasts' } = {}) {
	const here = world();
	const stopping = new AbortController();
	const jobs: [string, Pick<Job, 'address' | 'args' | 'purpose'>][] = [];
	/** What ended, in order. */
	const ended: string[] = [];
	const client = (name: Client['tool'], end: SessionEnd | 'lasts'): Client => ({
		tool: name,
		path: null,
		version: '1',
		describe: () => name,
		wantsTerminal: () => false,
		connect: async ({ address, args, purpose }) => {
			jobs.push([name, { address, args, purpose }]);
			if (end !== 'lasts') return attempted({ outcome: 'session', ...end });
			return lastingSession(learnt, () => {
				ended.push(name);
				return { exitCode: null, signal: null, learnt };
			});
		},
	});
	const clients = { gphoto2: client('gphoto2', tool), builtin: client('builtin', builtin) };
	const context: PairContext = {
		...settings.deps,
		...here.ports,
		emit: here.emit,
		columnsNow: () => 80,
		prompt: undefined,
		terminal: false,
		signal: stopping.signal,
		hostname: 'studio',
		platform: 'linux',
		tools: {
			client: async (id) => (id === 'builtin' ? clients.builtin : clients.gphoto2),
			find: () => Promise.reject(new Error('not looked for')),
		},
		holds: { list: async () => [], announce: async () => ({ close: async () => {} }) },
		proxies: {
			open: async ({ address, port }) => ({
				address,
				port,
				status: () => ({ address, port }) as HeldStatus,
				close: async () => void ended.push('proxy'),
				connect: async () =>
					lastingSession(learnt, () => {
						ended.push('our session');
						return END;
					}),
			}),
		},
		pid: 1,
		legacyUuidFile: () => undefined,
		endLeftovers: async () => [],
		configDir: undefined,
		commands: [PAIR],
	};
	const outcome = pair({ profile: 'studio', flags: { ...noFlags(PAIR), timeout: 60, tool: 'gphoto2', ...flags } }, context);
	outcome.catch(() => {});
	const comes = async () => {
		await here.clock.advance(0);
		here.cameraAppears(CAMERA);
		await here.clock.advance(2000);
	};
	return { ...here, jobs, ended, outcome, comes, stop: () => stopping.abort(new Stopped('SIGINT')) };
}

/** `--then WHAT`. */
const thenDo = (what: AfterPairing): Pick<PairCall['flags'], 'then'> => Object.fromEntries([['then', what]]);

const codes = (events: ReturnType<typeof pairing>['events']) => events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));

test('the tool proves itself through our session, and the camera is left', async () => {
	const { comes, outcome, jobs, ended } = pairing({});
	await comes();
	expect(await outcome).toEqual({ exitCode: 0, found: { profile: 'studio' } });
	expect(jobs).toEqual([['gphoto2', { address: '127.0.0.1', args: [], purpose: 'learn' }]]);
	expect(ended).toEqual(['our session', 'proxy']);
});

test.each([
	{ ...END, exitCode: 1 },
	{ ...END, lost: 'it closed the connection' },
])('a tool that cannot use the camera is a warning and an exit code, and the camera is saved: %j', async (tool) => {
	const { comes, outcome, events } = pairing({}, { tool });
	await comes();
	expect(await outcome).toMatchObject({ exitCode: 72 });
	expect(codes(events)).toEqual(['toolUnproven']);
	expect(settings.deps.profiles.get('studio')).toMatchObject({ tool: 'gphoto2' });
});

describe('--then pull', () => {
	test.each([0, 1])('copies with the built-in client, whose exit code %i is ours', async (exitCode) => {
		const { comes, outcome, jobs } = pairing({ ...thenDo('pull'), to: 'photos' }, { builtin: { ...END, exitCode } });
		await comes();
		expect(await outcome).toMatchObject({ exitCode });
		expect(jobs.at(-1)).toEqual(['builtin', { address: '127.0.0.1', args: ['get', '--all', '--to', 'photos'], purpose: 'session' }]);
	});

	test('a camera that is lost in the middle is an error', async () => {
		const { comes, outcome } = pairing({ ...thenDo('pull'), to: 'photos' }, { builtin: { ...END, lost: 'no answer for 30 s' } });
		await comes();
		await expect(outcome).rejects.toMatchObject({ code: 'sessionLost' });
	});

	test('ends what copies before our session when the person stops it', async () => {
		const { comes, outcome, ended, stop } = pairing({ ...thenDo('pull'), to: 'photos' }, { builtin: 'lasts' });
		await comes();
		stop();
		await expect(outcome).rejects.toBeInstanceOf(Stopped);
		expect(ended).toEqual(['builtin', 'our session', 'proxy']);
	});
});

test('--then hold shows where the camera is shared, and keeps it until the end', async () => {
	const { comes, outcome, types, clock, stop } = pairing(thenDo('hold'));
	await comes();
	expect(types().at(-1)).toBe('sharing');
	await clock.advance(3_600_000);
	stop();
	await expect(outcome).rejects.toBeInstanceOf(Stopped);
});

test.each([
	[{ via: 'direct', ...thenDo('hold') }, '--via direct'],
	[{ tool: 'none', ...thenDo('prompt') }, '--tool none'],
	[thenDo('pull'), '--then pull needs a folder'],
] as const)('%j contradicts itself: 64 before anything is opened', async (flags, why) => {
	const { outcome, opened } = pairing(flags);
	await expect(outcome).rejects.toMatchObject({ exitCode: 64, message: expect.stringContaining(why) });
	expect(opened).toEqual([]);
});
