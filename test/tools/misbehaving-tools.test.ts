/** Tools that misbehave. Nothing of them is left over, and no wait is without end. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { anyIsAlive } from '#tools/run/processes.ts';
import { attempt } from '../support/attempt.ts';
import { harness, jobAt } from './harness.ts';

const bin = (name: string): string => fileURLToPath(new URL(`../bin/${name}`, import.meta.url));
const forever = new AbortController().signal;
const ARGS = { args: ['--do'] };

describe.skipIf(process.platform === 'win32')('a tool that', () => {
	test('never connects is ended at the time limit', async () => {
		using here = harness({ limits: { connectMs: 150 } });
		const end = await attempt(await here.gphoto2(bin('gphoto2-silent')), jobAt(1), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'noAnswer' });
		expect(here.events).toEqual([]);
	});

	test('is aborted while it connects rejects with the reason of the abort', async () => {
		using here = harness();
		const stop = new AbortController();
		const ending = attempt(await here.gphoto2(bin('gphoto2-silent')), jobAt(1), here.emit, stop.signal);
		stop.abort(new Error('Ctrl-C'));
		await expect(ending).rejects.toThrow('Ctrl-C');
	});

	test('ignores SIGTERM is killed, which is not reported as a lost camera', async () => {
		using here = harness({ limits: { quitMs: 150 } });
		const stop = new AbortController();
		const ending = attempt(await here.gphoto2(bin('gphoto2-stubborn')), jobAt(1, ARGS), here.emit, stop.signal);
		await here.told('connected');
		stop.abort();
		expect(await ending).toMatchObject({ outcome: 'session', exitCode: null, signal: 'SIGKILL' });
		expect(here.events.map(({ type }) => type)).not.toContain('lost');
	});

	test('hides behind a wrapper script leaves no orphan', async () => {
		using here = harness({ limits: { quitMs: 150 } });
		process.env.FAKE_PID = join(here.folder, 'pid');
		const stop = new AbortController();
		const ending = attempt(await here.gphoto2(bin('gphoto2-wrapper')), jobAt(1, ARGS), here.emit, stop.signal);
		await here.told('connected');
		while (!existsSync(process.env.FAKE_PID) || readFileSync(process.env.FAKE_PID, 'utf8') === '') await sleep(5);
		const pid = Number(readFileSync(process.env.FAKE_PID, 'utf8'));
		expect(await anyIsAlive([pid], process.platform)).toBe(true);
		stop.abort();
		await ending;
		expect(await anyIsAlive([pid], process.platform)).toBe(false);
	});

	test('dies of SIGPIPE has lost its camera', async () => {
		using here = harness();
		const end = await attempt(await here.gphoto2(bin('gphoto2-sigpipe')), jobAt(1, ARGS), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', signal: 'SIGPIPE', lost: 'the camera ended it', learnt: { model: 'sigpipe' } });
	});

	test('prints nothing has its exit code passed on', async () => {
		using here = harness();
		process.env.FAKE_OUT = join(here.folder, 'out');
		here.stdin.end('for the tool\n');
		const end = await attempt(await here.gphoto2(bin('gphoto2-seven')), jobAt(1, ARGS), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 7 });
		expect(readFileSync(process.env.FAKE_OUT, 'utf8')).toBe('for the tool\n');
	});

	test('is refused after it has read some of stdin leaves all of it to the next attempt', async () => {
		using here = harness();
		process.env.FAKE_OUT = join(here.folder, 'eaten');
		const client = await here.gphoto2(bin('gphoto2-second-time'));
		here.stdin.end('abcdefgh\n');
		const job = jobAt(1, { ...ARGS, talk: 'through' });
		expect(await attempt(client, job, here.emit, forever)).toMatchObject({ outcome: 'refused', said: 'Connection refused' });
		expect(readFileSync(process.env.FAKE_OUT, 'utf8')).toBe('abcd');
		expect(await attempt(client, job, here.emit, forever)).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(here.stdout.text).toBe('Model: second\nabcdefgh\n');
		expect(here.stderr.text).toBe('');
	});

	test('prints endlessly is slowed down by a slow reader, and ends when the reader goes', async () => {
		let taken = 0;
		const slow = new Writable({
			highWaterMark: 1 << 14,
			write(piece: Uint8Array, _encoding, done) {
				taken += piece.length;
				if (taken > 1 << 20) this.destroy();
				else setImmediate(done);
			},
		});
		using here = harness({ stdout: slow });
		const end = await attempt(await here.gphoto2(bin('gphoto2-flood')), jobAt(1, { ...ARGS, talk: 'through' }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session' });
		expect(end).not.toHaveProperty('lost');
		expect(taken).toBeLessThan(2 << 20);
	});

	test('cannot be started is an error of canon-wifi', async () => {
		using here = harness();
		const path = here.script('gphoto2', '#!/no/such/interpreter\n');
		await expect(here.gphoto2(path)).rejects.toMatchObject({ code: 'toolPathWrong', exitCode: 72 });
	});

	test.skipIf(process.platform !== 'linux')('waits indefinitely for a silent camera has lost it', async () => {
		using here = harness({ limits: { silentMs: 300, lostMs: 0 } });
		await using server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		// As chdkptp does: connected, and then a read without a limit.
		const path = here.script(
			'chdkptp',
			`#!/bin/bash
case "$*" in *version=*) printf 'version=0.11.0-x\\nnetwork=true\\nsteps=handles\\n'; exit ;; esac
exec 3<>"/dev/tcp/$CANON_WIFI_HOST/$CANON_WIFI_PORT"
printf 'connected=now\\nready=yes\\n' >>"$CANON_WIFI_REPORT"
read -r -u 3 line
`,
		);
		server.on('connection', (socket) => socket.on('error', () => {}));
		const client = await here.tools.client('chdkptp', path);
		const end = await attempt(client, jobAt(port, { args: ['-els'] }), here.emit, forever);
		expect(end).toMatchObject({ outcome: 'session', lost: 'the camera does not answer any more' });
		expect(here.events.map(({ type }) => type)).toEqual(['connected', 'lost']);
	});

	test('outlived a killed program is ended by the next run', async () => {
		using here = harness();
		const owner = spawn('true');
		await once(owner, 'exit');
		const stale = join(here.folder, 'ours/gphoto2', `run-${owner.pid}-1`);
		mkdirSync(stale, { recursive: true });
		const left = spawn('sleep', ['600'], { env: { ...process.env, CANON_WIFI_RUN: stale }, detached: true, stdio: 'ignore' });
		const ended = once(left, 'exit');
		process.env.FAKE_OUT = join(here.folder, 'out');
		here.stdin.end();
		await attempt(await here.gphoto2(bin('gphoto2-seven')), jobAt(1, ARGS), here.emit, forever);
		expect(await ended).toEqual([null, 'SIGTERM']);
		expect(existsSync(stale)).toBe(false);
	});
});
