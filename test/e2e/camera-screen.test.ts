/** The camera's screen on a real terminal (script(1) makes one), and a pairing played by hand in two of them. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { BIN, event, type Run, start } from './program.ts';

const none = spawnSync('script', ['--version']).status !== 0;
if (none && process.env.CI === 'true') throw new Error('nothing may be skipped with CI=true, but script(1) is missing');

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(folder, 'card', 'DCIM'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const pidFile = (): string => join(folder, 'pid');

/** The camera on a terminal of 40 x 24; behind it, what `stty` says of the terminal when it is given back. */
function onTerminal(ssdpPort: number, env: Record<string, string> = {}): Run {
	const camera = `${process.execPath} ${BIN} simulate --address 127.0.0.1 --media ${join(folder, 'card')} --ptpip-port 0 --ssdp-port ${ssdpPort}`;
	return start([], {
		program: [
			'script',
			'-qec',
			`stty cols 40 rows 24; sh -c 'echo $$ > ${pidFile()}; exec ${camera}'; code=$?; stty -a; exit $code`,
			'/dev/null',
		],
		openStdin: true,
		env: { TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '', ...env },
	});
}

/** Waits until the terminal shows this. */
const seen = async (run: Run, what: string | RegExp): Promise<void> => {
	const shows = () => (typeof what === 'string' ? run.stdout.includes(what) : what.test(run.stdout));
	for (const end = Date.now() + 30_000; !shows(); ) {
		if (Date.now() > end) throw new Error(`not seen: ${String(what)}\n${run.stdout}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
};

const GIVEN_BACK = '\u001b[?25h\u001b[?1049l';

test.skipIf(none)('a person pairs the camera in two terminals', async () => {
	const ssdpPort = await freePort();
	await using camera = onTerminal(ssdpPort);
	await seen(camera, 'Add a Device...');
	await using computer = start(['serve', '127.0.0.1', '--name', 'STUDIO', '--port', String(ssdpPort), '--json']);
	await computer.until(event('ready'));
	await seen(camera, /▸ STUDIO/);
	expect(camera.stdout).not.toContain('SET is pressed'); // a person is at the keys
	camera.stdin.write('\r');
	await seen(camera, /Connected to device\s*│[\s\S]*STUDIO/);
	camera.stdin.write('q');
	expect(await camera.ended).toBe(75);
	expect(camera.stdout).toContain(GIVEN_BACK);
	expect(camera.stdout).toMatch(/ icanon.* echo /s);
	expect(camera.stdout).toContain('Wi-Fi off: switched off');
});

test.skipIf(none).each([
	['Ctrl-C', '\u0003', 130],
	['Esc', '\u001b', 75],
] as const)('%s ends it, and the terminal is as it was', async (_name, key, code) => {
	await using camera = onTerminal(await freePort());
	await seen(camera, 'Add a Device...');
	camera.stdin.write(key);
	expect(await camera.ended).toBe(code);
	expect(camera.stdout).toContain(GIVEN_BACK);
	expect(camera.stdout).toMatch(/ icanon.* echo /s);
});

test.skipIf(none)('SIGTERM ends it, and the terminal is as it was', async () => {
	await using camera = onTerminal(await freePort());
	await seen(camera, 'Add a Device...');
	process.kill(Number(await readFile(pidFile(), 'utf8')), 'SIGTERM');
	expect(await camera.ended).toBe(143);
	expect(camera.stdout).toContain(GIVEN_BACK);
	expect(camera.stdout).toMatch(/ icanon.* echo /s);
});

test.skipIf(none)('without colours the screen is the same: it has none', async () => {
	await using camera = onTerminal(await freePort(), { NO_COLOR: '1' });
	await seen(camera, 'Add a Device...');
	expect(camera.stdout).toContain('\u001b[?1049h');
	camera.stdin.write('q');
	expect(await camera.ended).toBe(75);
	expect(camera.stdout).toContain(GIVEN_BACK);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one.
	expect(camera.stdout).not.toMatch(/\u001b\[[\d;]*m/);
});

test.skipIf(none).each([
	['TERM=dumb', { TERM: 'dumb' }],
	['CI', { CI: 'true' }],
])('%s: plain lines, and nobody needs to press SET', async (_name, env) => {
	const ssdpPort = await freePort();
	await using camera = onTerminal(ssdpPort, env);
	await seen(camera, 'searches for computers');
	await using computer = start(['serve', '127.0.0.1', '--name', 'STUDIO', '--port', String(ssdpPort), '--json']);
	await computer.until(event('ready'));
	await seen(camera, 'Connected to device STUDIO');
	expect(camera.stdout).not.toContain('\u001b');
	camera.stdin.write('\u0003');
	expect(await camera.ended).toBe(130);
});
