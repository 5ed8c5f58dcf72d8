/**
 * templates/chdk/connect.lua, really run: by the stand-in of test/bin, which is Lua 5.2 with PTP/IP over sockets, or by the
 * build that CHDKPTP_UNDER_TEST names (its chdkptp.sh). Needs the packages lua5.2 and lua-socket.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Event, EventOf } from '#contract/events.ts';
import type { Job } from '#session/client.ts';
import { chdkptp } from '#tools/chdkptp/chdkptp.ts';
import { type AttemptEnd, attempt } from '../../support/attempt.ts';
import { type Harness, harness, jobAt } from '../harness.ts';
import { type ChdkCamera, chdkCamera, type Nature } from './chdkptp-camera.ts';

const real = process.env.CHDKPTP_UNDER_TEST;
const standIn = fileURLToPath(new URL('../../bin/chdkptp-standin/chdkptp.sh', import.meta.url));
const available = real !== undefined || spawnSync('lua5.2', ['-e', "require 'socket'"]).status === 0 || process.env.CI === 'true';
type Variant = '0.11' | '0.7-handles' | '0.7' | 'no-ip' | 'hang';

let here: Harness;
beforeEach(() => {
	here = harness({ limits: { connectMs: 10_000 } });
	onTestFinished(() => here[Symbol.dispose]());
});

/** A wrapper around the program: a version of the stand-in, with a home of its own. */
function program(variant: Variant = '0.11'): string {
	const home = join(here.folder, 'home');
	mkdirSync(join(home, '.chdkptp'), { recursive: true });
	const text = `#!/bin/sh\nexport HOME='${home}' CHDKPTP_STANDIN='${variant}' LC_ALL=C\n'${real ?? standIn}' "$@"\n`;
	return here.script(`chdkptp-${variant}`, text);
}

const startupFile = (text: string): void => writeFileSync(join(here.folder, 'home', '.chdkptp', 'user.chdkptp'), text);

interface Outcome {
	end: AttemptEnd;
	camera: ChdkCamera;
	of<T extends Event['type']>(type: T): EventOf<T>[];
}

async function meets(nature: Nature, job: Partial<Job> = {}, path = program()): Promise<Outcome> {
	const camera = await chdkCamera(nature);
	onTestFinished(() => camera[Symbol.asyncDispose]());
	const client = await here.tools.client('chdkptp', path);
	const end = await attempt(client, jobAt(camera.port, job), here.emit, new AbortController().signal);
	return { end, camera, of: (type) => here.events.filter((event) => event.type === type) as never };
}

const LEARN: Partial<Job> = { purpose: 'learn' };
const script = (camera: ChdkCamera): string[] => camera.log.filter((line) => !line.startsWith('100'));

describe.skipIf(!available)('chdkptp and a camera', () => {
	test('returns what it learns of the camera, and closes the session in order', async () => {
		const { end, camera, of } = await meets({ os: 'dryos' }, LEARN);

		const learnt = { model: 'Canon PowerShot ELPH 130 IS', serial: 'C0FFEE000042', firmware: '1-8.0.1.0', chdk: '2.9', os: 'dryos' };
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0, learnt });
		expect(of('connected')).toMatchObject([{ tool: 'chdkptp', ...learnt }]);
		expect(camera.closedInOrder).toBe(1);
		expect(camera.log[0]).toBe('1002');
	});

	test('a build that does the steps itself does them once', async () => {
		const { camera, of } = await meets({ os: 'dryos' }, LEARN);

		expect(camera.log).toEqual(['1002', '1001', 'script os', '1007', 'levent 4482', '1003']);
		expect(of('keepalive')).toMatchObject([{ operation: 'GetObjectHandles' }]);
		expect(of('unlock')).toMatchObject([{ done: true, levent: 4482, os: 'dryos' }]);
	});

	test('a camera that lists 0x9801 gets that operation instead of GetObjectHandles', async () => {
		const { camera, of } = await meets({ propsSupported: true, os: 'vxworks' }, LEARN);

		expect(camera.log).toEqual(['1002', '1001', 'script os', '9801', 'levent 4418', '1003']);
		expect(of('keepalive')).toMatchObject([{ operation: 'GetObjectPropsSupported' }]);
		expect(of('unlock')).toMatchObject([{ done: true, levent: 4418, os: 'vxworks' }]);
	});

	test('its banner is not passed on with the output of its commands', async () => {
		await meets({}, { talk: 'through', args: ['-e!print("mine")', '-e!print("opening session")'] });
		expect(here.stdout.text).toBe('mine\nopening session\n');
	});

	test.each([
		['dryos', 'vxworks'],
		['vxworks', 'dryos'],
	] as const)('an unlock for %s on a camera that runs %s is not claimed to be done', async (asked, os) => {
		const { of } = await meets({ os }, { os: asked, unlock: 'always', args: ['-e!print(1)'] });
		expect(of('warning')).toMatchObject([{ code: 'osDiffers' }]);
		expect(of('unlock')).toEqual([{ type: 'unlock', tool: 'chdkptp', done: false, why: 'failed' }]);
	});

	test.skipIf(real)('the steps are done for an older build', async () => {
		const { camera, of } = await meets({ os: 'vxworks' }, LEARN, program('0.7-handles'));

		expect(camera.log).toEqual(['1002', '1001', 'script os', '1007', 'levent 4418', '1003']);
		expect(of('unlock')).toMatchObject([{ done: true, levent: 4418, os: 'vxworks' }]);
	});

	test('a 0x9801 that is listed but refused is followed by GetObjectHandles, and the screen is unlocked all the same', async () => {
		const { camera, of } = await meets({ propsSupported: 'refused' }, LEARN);

		expect(script(camera)).toEqual(['script os', '9801', '9801', 'levent 4482']);
		expect(camera.log).toContain('1007');
		expect(of('keepalive')).toMatchObject([{ operation: 'GetObjectHandles' }]);
		expect(of('unlock')).toMatchObject([{ done: true }]);
	});

	test('without CHDK nothing is unlocked and nothing fails', async () => {
		const { end, camera, of } = await meets({ chdk: false }, LEARN);

		expect(end).toMatchObject({ outcome: 'session', exitCode: 0, learnt: { chdk: false, os: null } });
		expect(camera.log).toEqual(['1002', '1001', '1007', '1003']);
		expect(of('unlock')).toMatchObject([{ done: false, why: 'noChdk' }]);
		expect(of('warning')).toEqual([]);
	});

	test('a CHDK that does not say its version costs the unlock, not the session', async () => {
		const { end, camera, of } = await meets({ versionFails: true }, LEARN);

		expect(end).toMatchObject({ outcome: 'session', exitCode: 0, learnt: { model: 'Canon PowerShot ELPH 130 IS', chdk: false } });
		expect(camera.log).toContain('1007');
		expect(camera.closedInOrder).toBe(1);
		expect(of('warning')).toMatchObject([{ code: 'chdkSilent' }]);
	});

	test('policies: never means never, always means always', async () => {
		const never = await meets({}, { ...LEARN, keepalive: 'never', unlock: 'never' });
		expect(never.camera.log).toEqual(['1002', '1001', 'script os', '1003']);
		expect(never.of('unlock')).toMatchObject([{ done: false, why: 'off' }]);
		expect(never.of('keepalive')).toEqual([]);

		const always = await meets({}, { ...LEARN, keepalive: 'never', unlock: 'always' });
		expect(always.camera.log).toEqual(['1002', '1001', 'script os', 'levent 4482', '1003']);
	});

	test('--os decides, with a warning when the camera says otherwise', async () => {
		const { camera, of, end } = await meets({ os: 'dryos' }, { ...LEARN, os: 'vxworks' });

		expect(camera.log).toEqual(['1002', '1001', 'script os', '1007', 'levent 4418', '1003']);
		expect(of('unlock')).toMatchObject([{ done: false, why: 'failed' }]);
		expect(of('warning')).toMatchObject([{ code: 'osDiffers', message: expect.stringContaining('DryOS') }]);
		expect(end).toMatchObject({ learnt: { os: 'dryos' } });
	});

	test('a script that fails on the camera is a warning', async () => {
		const { end, of } = await meets({ scriptFails: ':1: no post_levent_to_ui\nhere' }, LEARN);

		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(of('unlock')).toMatchObject([{ done: false, why: 'failed' }]);
		expect(of('warning')).toMatchObject([{ code: 'unlockFailed', message: expect.stringContaining('no post_levent_to_ui') }]);
	});

	test("the user's own prefs count, with a warning for one that lets the camera time out", async () => {
		const path = program();
		startupFile('set cam_connect_set_ptp_mode=never\n');
		const { camera, of } = await meets({}, { args: ['-e!print(prefs.cam_connect_set_ptp_mode, prefs.cam_connect_unlock_ui)'] }, path);

		expect(camera.log).not.toContain('1007');
		expect(of('warning')).toMatchObject([{ code: 'keepaliveOff', next: expect.stringContaining('--keepalive always') }]);
		expect(of('toolSaid').map(({ line }) => line)).toContain('never\tptpset');
	});

	test('--keepalive always overrides that pref for this connection only', async () => {
		const path = program();
		startupFile('set cam_connect_set_ptp_mode=never\n');
		const { camera, of } = await meets({}, { keepalive: 'always', args: ['-e!print(prefs.cam_connect_set_ptp_mode)'] }, path);

		expect(camera.log).toContain('1007');
		expect(of('toolSaid').map(({ line }) => line)).toContain('never');
	});

	test('a startup file that has connected to this camera keeps its connection', async () => {
		const path = program();
		const camera = await chdkCamera();
		onTestFinished(() => camera[Symbol.asyncDispose]());
		startupFile(`connect -h=127.0.0.1 -p=${camera.port}\n`);
		const client = await here.tools.client('chdkptp', path);
		const end = await attempt(client, jobAt(camera.port, { args: ['-e!print(1)'] }), here.emit, new AbortController().signal);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.log.filter((code) => code === '1002')).toHaveLength(1);
	});

	test('a startup file that has connected to another camera is a usage error, and that camera is released', async () => {
		const path = program();
		const other = await chdkCamera();
		onTestFinished(() => other[Symbol.asyncDispose]());
		startupFile(`connect -h=127.0.0.1 -p=${other.port}\n`);
		const client = await here.tools.client('chdkptp', path);
		const ending = attempt(client, jobAt(other.port + 1, { args: ['-e!print(1)'] }), here.emit, new AbortController().signal);
		await expect(ending).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(`127.0.0.1:${other.port}`) });
		expect(other.closedInOrder).toBe(1);
		expect(here.events.map(({ type }) => type)).not.toContain('connected');
	});

	test('commands run in order on the one session, and the exit code is the last one’s', async () => {
		const good = await meets({}, { args: ['-e!print(con:is_connected())', "-e!print('second')"] });
		expect(good.of('toolSaid').map(({ line }) => line)).toEqual(expect.arrayContaining(['true', 'second']));
		expect(good.end).toMatchObject({ outcome: 'session', exitCode: 0 });

		const bad = await meets({}, { args: ['-enosuchcommand'] });
		expect(bad.end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(bad.end).not.toHaveProperty('lost');
	});

	test('its prompt takes commands from a pipe and ends with it', async () => {
		here.stdin.end('!print("typed")\nversion\n');
		const { end, camera, of } = await meets({}, { talk: 'events' });

		const said = of('toolSaid').map(({ line }) => line);
		expect(said).toContain('typed');
		expect(said.some((line) => line.includes('host:2.9 cam:2.9'))).toBe(true);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.closedInOrder).toBe(1);
	});
});

describe.skipIf(!available)('chdkptp and a camera that refuses', () => {
	test('Init Fail is a rejection', async () => {
		const { end, camera, of } = await meets({ greetings: ['initFail'] }, { args: ["-e!print('never')"] });

		expect(end).toEqual({ outcome: 'rejected', said: 'the camera answered with Init Fail' });
		expect(of('connected')).toEqual([]);
		expect(of('toolSaid')).toEqual([]);
		expect(camera.log).toEqual([]);
	});

	test('a closed port is a refusal', async () => {
		const camera = await chdkCamera();
		await camera[Symbol.asyncDispose]();
		const client = await here.tools.client('chdkptp', program());
		const end = await attempt(client, jobAt(camera.port, LEARN), here.emit, new AbortController().signal);

		expect(end).toEqual({ outcome: 'refused', said: 'Connection refused' });
	});

	test('a camera that hangs up at once is a refusal', async () => {
		expect((await meets({ greetings: ['close'] }, LEARN)).end).toMatchObject({ outcome: 'refused' });
		expect((await meets({ greetings: ['reset'] }, LEARN)).end).toMatchObject({ outcome: 'refused' });
	});

	test('a silent camera is given up, and the program leaves nothing behind', async () => {
		here[Symbol.dispose]();
		here = harness({ limits: { connectMs: 700 } });
		const { end, camera } = await meets({ greetings: ['silent'] }, LEARN);

		expect(end).toMatchObject({ outcome: 'noAnswer' });
		await expect.poll(() => camera.open()).toBe(0);
	});

	test('what is piped in belongs to the attempt that connects', async () => {
		here.stdin.end('!print("typed")\n');
		const path = program();
		expect((await meets({ greetings: ['initFail'] }, { talk: 'events' }, path)).end).toMatchObject({ outcome: 'rejected' });
		const { of } = await meets({}, { talk: 'events' }, path);
		expect(of('toolSaid').map(({ line }) => line)).toContain('typed');
	});
});

describe.skipIf(!available)('chdkptp and a camera that goes away', () => {
	test('in the middle of the steps: the session is lost', async () => {
		const { end, of } = await meets({ hangUp: { operation: 0x1007, nth: 1 } }, { args: ["-e!print('never')"] });

		expect(end).toMatchObject({ outcome: 'session', lost: 'the camera ended it', learnt: { model: 'Canon PowerShot ELPH 130 IS' } });
		expect(of('lost')).toHaveLength(1);
		expect(of('toolSaid').map(({ line }) => line)).not.toContain('never');
	});

	test('at a command: it is lost, and no further command is tried', async () => {
		const args = ['-e!con:ptp_get_object_handles()', "-e!print('never')"];
		const { end, of } = await meets({ hangUp: { operation: 0x1007, nth: 2 } }, { args });

		expect(end).toMatchObject({ outcome: 'session', lost: 'the camera ended it' });
		expect(of('lost')).toHaveLength(1);
		expect(of('toolSaid').map(({ line }) => line)).not.toContain('never');
	});

	test('at the prompt: the prompt ends by itself', async () => {
		here.stdin.end('!con:ptp_get_object_handles()\n!print("never")\n');
		const { end, of } = await meets({ hangUp: { operation: 0x1007, nth: 2 } }, { talk: 'events' });

		expect(end).toMatchObject({ outcome: 'session', lost: 'the camera ended it' });
		expect(of('toolSaid').map(({ line }) => line)).not.toContain('never');
	});
});

describe.skipIf(!available)('chdkptp and a camera that falls silent, where the system does not show what a process waits for', () => {
	beforeEach(() => {
		here[Symbol.dispose]();
		here = harness({ platform: 'darwin', limits: { connectMs: 10_000, silentMs: 1500, lostMs: 0, quitMs: 1000 } });
	});
	const SILENT = 'the camera does not answer any more';

	test('at a command: it is lost, and chdkptp is ended', async () => {
		const goSilent = { operation: 0x1007, nth: 2 };
		const { end, camera, of } = await meets({ goSilent }, { args: ['-e!con:ptp_get_object_handles()'] });
		expect(end).toMatchObject({ outcome: 'session', lost: SILENT });
		expect(of('lost')).toHaveLength(1);
		await expect.poll(() => camera.open()).toBe(0);
	});

	test('at the prompt’s next command', async () => {
		here.stdin.write('!con:ptp_get_object_handles()\n');
		const { end } = await meets({ goSilent: { operation: 0x1007, nth: 2 } });
		expect(end).toMatchObject({ outcome: 'session', lost: SILENT });
	});

	test('when the session is to be closed', async () => {
		const { end } = await meets({ goSilent: { operation: 0x1003, nth: 1 } }, { args: ['-e!print(1)'] });
		expect(end).toMatchObject({ outcome: 'session', lost: SILENT });
	});

	test('an idle prompt, a question of a command and a pause do not end it', async () => {
		const typing = (async () => {
			await here.told('connected');
			await sleep(2500);
			here.stdin.write('!cli.readline("overwrite? ")\n');
			await sleep(2500);
			here.stdin.write('y\n!io.read()\n');
			await sleep(2500);
			here.stdin.end('y\n!sys.sleep(2500)\n!os.execute("sleep 2.5")\n!print("mine")\n');
		})();
		const { end, of } = await meets({});
		await typing;
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(end).not.toHaveProperty('lost');
		expect(of('toolSaid').map(({ line }) => line)).toContain('mine');
	}, 30_000);

	test('a long script on the camera does not end it', async () => {
		here[Symbol.dispose]();
		here = harness({ platform: 'darwin', limits: { connectMs: 10_000, silentMs: 3000 } });
		const { end } = await meets({}, { args: ['-e!for i = 1, 20 do con:script_status() sys.sleep(250) end'] });
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(end).not.toHaveProperty('lost');
	}, 30_000);
});

describe.skipIf(!available)('chdkptp after a killed run', () => {
	test('is found by the comment in its command line, and ended', async () => {
		const { pid: owner } = spawnSync('true');
		const stale = join(here.folder, 'ours/chdkptp', `run-${owner}-1`);
		mkdirSync(stale, { recursive: true });
		const asked = chdkptp.command(jobAt(1), {
			program: program(),
			folder: stale,
			report: join(stale, 'report'),
			templates: '/templates',
			platform: 'darwin',
			env: {},
		});
		const mark = asked.args.filter((arg) => arg.startsWith('-e#'));
		const left = spawn(asked.file, [...mark, '-e!sys.sleep(600000)'], { detached: true, stdio: 'ignore' });
		onTestFinished(() => void left.kill('SIGKILL'));
		const ended = once(left, 'exit');
		using mac = harness({ folder: join(here.folder, 'ours'), platform: 'darwin' });
		expect(await mac.tools.endLeftovers()).toEqual(['chdkptp']);
		await ended;
		expect(existsSync(stale)).toBe(false);
	});

	test('the comment changes neither what it does nor its exit code', async () => {
		const folder = join(here.folder, 'ours/chdkptp/run-1-1');
		expect(spawnSync(program(), [`-e#${folder}`, '-e!print("mine")'], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'mine\n' });
		expect(spawnSync(program(), ['-enosuchcommand', `-e#${folder}`]).status).toBe(1);
	});
});

describe.skipIf(!available || real !== undefined)('chdkptp on this computer', () => {
	test.each([
		['0.11', { state: 'usable', version: '0.11.0-alpha', note: '', next: '' }],
		['0.7-handles', { state: 'usable', version: '0.7.0-alpha' }],
		['0.7', { state: 'tooOld', version: '0.7.0-alpha', note: expect.stringContaining('"connecting" screen') }],
		['no-ip', { state: 'withoutNetwork', version: '0.11.0-alpha', next: expect.stringContaining('PTPIP_SUPPORT=1') }],
	] as const)('%s', async (variant, finding) => {
		expect(await here.tools.find('chdkptp', program(variant))).toMatchObject({ tool: 'chdkptp', ...finding });
	});

	test('one that never answers is given up', async () => {
		here[Symbol.dispose]();
		here = harness({ limits: { probeMs: 300 } });
		expect(await here.tools.find('chdkptp', program('hang'))).toMatchObject({ state: 'broken', note: expect.stringContaining('0.3 s') });
	});

	const folder = fileURLToPath(new URL('../../bin/chdkptp-standin', import.meta.url));

	test('the bare program finds its Lua files beside it, as building it from source leaves them', async () => {
		const spaced = join(here.folder, 'built from source');
		cpSync(folder, spaced, { recursive: true });
		symlinkSync(join(spaced, 'chdkptp'), join(here.folder, 'link'));
		for (const path of [join(folder, 'chdkptp'), join(spaced, 'chdkptp'), join(here.folder, 'link')])
			expect(await here.tools.find('chdkptp', path)).toMatchObject({ state: 'usable', path });
		const client = await here.tools.client('chdkptp', join(here.folder, 'link'));
		expect(client.describe(jobAt(15740))).toContain(`LUA_PATH='${spaced}/lua/?.lua;;'`);
	});

	test('the program without its Lua files is broken, and the advice names the wrapper', async () => {
		mkdirSync(join(here.folder, 'alone'));
		cpSync(join(folder, 'chdkptp'), join(here.folder, 'alone/chdkptp'));
		expect(await here.tools.find('chdkptp', join(here.folder, 'alone/chdkptp'))).toMatchObject({
			state: 'broken',
			next: expect.stringContaining('chdkptp.sh'),
		});
	});

	test('the bare program in a folder that Lua cannot name is used through a link', async () => {
		cpSync(folder, join(here.folder, 'what;is?this!'), { recursive: true });
		const path = join(here.folder, 'what;is?this!/chdkptp');
		for (let time = 0; time < 2; time++) expect(await here.tools.find('chdkptp', path)).toMatchObject({ state: 'usable', path });
		const { end } = await meets({}, { args: ['-e!print("mine")'] }, path);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
	});

	test('the wrapper beside it is preferred', async () => {
		here[Symbol.dispose]();
		here = harness({ env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });
		expect(await here.tools.find('chdkptp')).toMatchObject({ state: 'usable', path: join(folder, 'chdkptp.sh') });
	});

	test('$CHDKPTP names it', async () => {
		const path = program();
		using other = harness({ env: { ...process.env, CHDKPTP: path } });
		expect(await other.tools.find('chdkptp')).toMatchObject({ state: 'usable', path });
	});

	test('too old, and without PTP/IP, are errors before any camera is touched', async () => {
		await expect(here.tools.client('chdkptp', program('0.7'))).rejects.toMatchObject({ code: 'toolTooOld', exitCode: 72 });
		await expect(here.tools.client('chdkptp', program('no-ip'))).rejects.toMatchObject({ code: 'toolWithoutNetwork', exitCode: 72 });
	});
});
