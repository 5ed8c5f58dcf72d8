/** Ctrl-C, SIGTERM and SIGKILL at each stage: the exit code, the last word, the camera released, and nothing left running. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, type Run, type RunOptions, start } from './program.ts';

// Each wait has its own limit; on a busy computer there are many of them.
vi.setConfig({ testTimeout: 120_000 });

const STANDINS = fileURLToPath(new URL('../bin/', import.meta.url));
const CHDKPTP = join(STANDINS, 'chdkptp-standin', 'chdkptp.sh');
const PLACE = ['--address', '127.0.0.1'];
const why = obstacle();

describe.skipIf(why !== undefined)(`signals${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;
	beforeAll(() => {
		lan = network({ pc: { last: 20 } });
		folder = mkdtempSync(join(tmpdir(), 'cw-signals-'));
		mkdirSync(here('card/DCIM/100CANON'), { recursive: true });
		writeFileSync(here('card/DCIM/100CANON/MVI_0001.MP4'), '');
		truncateSync(here('card/DCIM/100CANON/MVI_0001.MP4'), 3_000_000_000);
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		rmSync(folder, { recursive: true, force: true });
	});

	const here = (name: string) => join(folder, name);
	const inside = () => lan.hosts.pc?.name ?? '';
	/** Processes of the namespace, which is this file's alone. */
	const running = () => execFileSync('ip', ['netns', 'pids', inside()], { encoding: 'utf8' }).split('\n').filter(Boolean);
	const run = (args: string[], options: RunOptions = {}) =>
		start(['--config-dir', here('settings'), '--json', ...args], { in: inside(), openStdin: true, ...options });
	const camera = (...args: string[]) => start(['simulate', '--json', ...PLACE, '--select-after', '0', ...args], { in: inside() });
	const connect = (tool: string, ...args: string[]) => run(['connect', '--no-input', ...PLACE, '--tool', tool, ...args]);

	/** Each stage: a camera if there is one, the run, and the moment at which the signal comes. */
	interface Stage {
		camera?: string[];
		begin(): Run;
		reached(run: Run): Promise<unknown>;
		/** The camera's session was open, so it must be closed. */
		releases?: true;
	}
	const stages: Record<string, Stage> = {
		'answering only': { begin: () => run(['serve', '127.0.0.1']), reached: (it) => it.until(event('ready')) },
		'waiting to pair': {
			begin: () => run(['pair', '--no-input', ...PLACE, '--tool', 'builtin']),
			reached: (it) => it.until(event('ready')),
		},
		'refused again and again': {
			camera: ['--select-after', '600', '--before-set', 'initFail'],
			begin: () => connect('builtin'),
			reached: (it) => it.until(event('attempt', { outcome: 'rejected', number: 2 })),
		},
		'in a session of the built-in client': {
			camera: [],
			begin: () => connect('builtin'),
			reached: (it) => it.until(event('unlock')),
			releases: true,
		},
		'in a download': {
			camera: ['--media', 'card'],
			begin: () => connect('builtin', '--', 'get', '--all', '--to', here('photos')),
			reached: (it) => it.until(event('transfer', { state: 'running' })),
		},
		'in a session of gphoto2': {
			camera: [],
			begin: () => connect('gphoto2'),
			reached: (it) => it.until(event('connected')),
			releases: true,
		},
		'in a session of chdkptp': {
			camera: [],
			begin: () => connect('chdkptp', '--tool-path', CHDKPTP),
			reached: (it) => it.until(event('unlock')),
			releases: true,
		},
		'in the demo': { begin: () => run(['demo']), reached: (it) => it.until(event('camera')) },
	};

	test.each(
		Object.keys(stages).flatMap((stage) => [
			[stage, 'SIGINT', 130] as const,
			...(['answering only', 'in a session of gphoto2', 'in the demo'].includes(stage) ? [[stage, 'SIGTERM', 143] as const] : []),
		]),
	)('%s: %s ends it in order', async (name, signal, code) => {
		const stage = stages[name];
		if (stage === undefined) throw new Error(name);
		const flags = stage.camera?.map((word) => (word === 'card' ? here('card') : word));
		await using cam = flags === undefined ? undefined : camera(...flags);
		await cam?.until(event('searching'));
		await using it = stage.begin();
		await stage.reached(it);
		it.kill(signal);
		expect(await it.ended).toBe(code);
		expect(it.events.at(-1)).toMatchObject({ type: 'result', ok: false, exitCode: code });
		expect(it.events.some(event('error'))).toBe(false);
		expect(it.stderr).toBe('');
		if (stage.releases) await cam?.until(event('sessionClosed'));
		cam?.kill('SIGKILL');
		await cam?.ended;
		expect(running()).toEqual([]);
	});

	/** One signal may be merged with the one before, so they come until it has ended. */
	async function interruptTwice(it: Run): Promise<number | string> {
		const again = setInterval(() => it.kill('SIGINT'), 150);
		try {
			return await it.ended;
		} finally {
			clearInterval(again);
		}
	}

	/** A session with a tool that does not end when it is asked to. */
	async function stubbornSession(env: Record<string, string> = {}, tool = 'gphoto2-stubborn'): Promise<Run> {
		const it = start(
			['--config-dir', here('settings'), '--json', 'connect', '--no-input', ...PLACE, '--camera', '127.0.0.1', '--tool', 'gphoto2'].concat([
				'--tool-path',
				join(STANDINS, tool),
			]),
			{ in: inside(), openStdin: true, env },
		);
		await it.until(event('connected'));
		return it;
	}

	test('a tool that will not end: the second Ctrl-C does not wait for it, and takes it along', async () => {
		await using it = await stubbornSession();
		const began = performance.now();
		expect(await interruptTwice(it)).toBe(130);
		expect(performance.now() - began).toBeLessThan(3000);
		expect(running()).toEqual([]);
	});

	test('killed by SIGKILL: the next run ends what is left of it, and stands at once on the same ports', async () => {
		const pidFile = here('orphan');
		const it = await stubbornSession({ FAKE_PID: pidFile }, 'gphoto2-wrapper');
		it.kill('SIGKILL');
		await it.ended;
		const orphan = readFileSync(pidFile, 'utf8').trim();
		expect(running()).toContain(orphan);

		await using next = await stubbornSession({ FAKE_PID: here('next') }, 'gphoto2-wrapper');
		expect(running()).not.toContain(orphan);
		expect(next.events.filter(event('warning')).map(({ code }) => code)).toEqual(['leftoverEnded']);
		expect(await interruptTwice(next)).toBe(130);
		expect(running()).toEqual([]);
	});

	test('killed while it saves: the lock of the dead is no obstacle', async () => {
		mkdirSync(here('locked'), { recursive: true });
		const dead = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }).trim();
		const host = execFileSync('hostname', { encoding: 'utf8' }).trim();
		writeFileSync(here('locked/identity.json.lock'), `${dead} ${host} x\n`);
		await using it = start(['--config-dir', here('locked'), '--json', 'identity', 'new', '--yes']);
		expect(await it.ended).toBe(0);
	});
});
