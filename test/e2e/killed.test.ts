/** `kill -9` of the program: the tool that it had started does not keep the camera. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { skipUnless } from '../support/skip.ts';
import { event, start } from './program.ts';

const STANDIN = fileURLToPath(new URL('../bin/gphoto2-logs', import.meta.url));
let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'cw-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lives = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
	} catch {
		return false;
	}
};

async function connect(env: Record<string, string>) {
	const place = ['--config-dir', join(folder, 'settings'), '--address', '127.0.0.1', '--ssdp-port', String(await freePort())];
	const tool = ['--tool', 'gphoto2', '--tool-path', STANDIN, '--camera', '127.0.0.1'];
	return start(['--json', 'connect', ...place, ...tool, '--no-input', '--', '--list-files'], {
		env: { FAKE_OUT: join(folder, 'pid'), ...env },
	});
}
const skip = skipUnless(process.platform === 'linux', 'only Linux has signals, and pipes with names, as the stand-in uses them');
const toolPid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'));

test.skipIf(skip)('a gphoto2 that says anything ends by itself, and its log is nowhere on the disk', async () => {
	await using run = await connect({});
	await run.until(event('connected'));
	const pid = toolPid();
	expect(lives(pid)).toBe(true);
	run.kill('SIGKILL');
	await run.ended;
	await vi.waitFor(() => expect(lives(pid)).toBe(false), 10_000);
});

test.skipIf(skip)('one that says nothing is ended by the next start, before the camera is waited for', async () => {
	await using killed = await connect({ FAKE_QUIET: '1' });
	await killed.until(event('connected'));
	const pid = toolPid();
	killed.kill('SIGKILL');
	await killed.ended;
	expect(lives(pid)).toBe(true);
	await using next = await connect({ FAKE_QUIET: '1' });
	expect(await next.until(event('warning', { code: 'leftoverEnded' }))).toMatchObject({ message: expect.stringContaining('gphoto2') });
	expect(next.events.some(event('ready'))).toBe(false);
	expect(lives(pid)).toBe(false);
});
