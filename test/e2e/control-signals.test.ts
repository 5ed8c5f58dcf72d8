/** SIGUSR1 and SIGUSR2: they belong to the tool that runs, do nothing otherwise, and never open a debugger. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, type Run, start } from './program.ts';

const PLACE = ['--address', '127.0.0.1'];
const why = obstacle();

/** Answers each of the signals with a line in `$SIGNALS`, until the file `$SIGNALS.end` is there. */
const CONTROLLED = `#!/bin/sh
[ "$1" = --version ] && { printf 'gphoto2 2.5.99\\nlibgphoto2_port 0.12.2 iolibs: ptpip\\n'; exit 0; }
trap 'echo USR1 >> "$SIGNALS"' USR1
trap 'echo USR2 >> "$SIGNALS"' USR2
echo ready
echo started >> "$SIGNALS"
while [ ! -e "$SIGNALS.end" ]; do sleep 0.05; done
`;
const WRAPPER = `#!/bin/sh
"$(dirname "$0")/gphoto2" "$@"
`;

describe.skipIf(why !== undefined)(`control signals${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;
	beforeAll(() => {
		lan = network({ pc: { last: 20 } });
		folder = mkdtempSync(join(tmpdir(), 'cw-control-'));
		mkdirSync(join(folder, 'bin'));
		for (const [name, text] of [
			['gphoto2', CONTROLLED],
			['wrapper', WRAPPER],
		] as const) {
			writeFileSync(join(folder, 'bin', name), text);
			chmodSync(join(folder, 'bin', name), 0o755);
		}
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		rmSync(folder, { recursive: true, force: true });
	});

	let runs = 0;
	/** A run with a folder of its own, and what its tool was sent. */
	function run(args: readonly string[]): { it: Run; log: string; sent(): string[] } {
		const log = join(folder, `signals-${++runs}`);
		const it = start(['--config-dir', join(folder, `settings-${runs}`), ...args], {
			in: lan.hosts.pc?.name,
			openStdin: true,
			env: { SIGNALS: log },
		});
		return { it, log, sent: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
	}

	/** Sends both signals until the tool has had both: the first may be merged with the next. */
	async function sendBoth(it: Run, sent: () => string[]): Promise<void> {
		for (const name of ['SIGUSR1', 'SIGUSR2'] as const) {
			it.kill(name);
			await vi.waitFor(() => expect(sent()).toContain(name.slice(3)), { timeout: 10_000 });
		}
	}

	test.each([
		['serve', ['serve', '127.0.0.1', '--json']],
		['a connect that waits', ['connect', '--json', '--no-input', ...PLACE, '--tool', 'builtin']],
		['a pair that waits', ['pair', '--json', '--no-input', ...PLACE, '--tool', 'builtin']],
		['a hold that waits', ['hold', '--json', '--no-input', ...PLACE]],
	])('%s takes no notice of them', async (_, args) => {
		const { it } = run(args);
		await using _run = it;
		await it.until(event('ready'));
		for (let n = 0; n < 3; n++) for (const name of ['SIGUSR1', 'SIGUSR2'] as const) it.kill(name);
		it.kill('SIGINT');
		expect(await it.ended).toBe(130);
		// The debugger would say so here.
		expect(it.stderr).toBe('');
	});

	test.each(['gphoto2', 'wrapper'])('connect hands them to its tool (%s), and the session goes on', async (program) => {
		const { it, log, sent } = run([
			...['connect', '--json', '--no-input', ...PLACE, '--camera', '127.0.0.1', '--tool', 'gphoto2'],
			...['--tool-path', join(folder, 'bin', program), '--', '--wait-event=60s', '--debug-logfile=none'],
		]);
		await using _run = it;
		await vi.waitFor(() => expect(sent()).toContain('started'), { timeout: 20_000 });
		await sendBoth(it, sent);
		writeFileSync(`${log}.end`, '');
		expect(await it.ended).toBe(0);
		expect(it.stderr).toBe('');
	});

	test('a command of hold gets them', async () => {
		await using camera = start(['simulate', '--json', ...PLACE, '--select-after', '0'], { in: lan.hosts.pc?.name });
		const { it, log, sent } = run([
			'hold',
			'--json',
			'--no-input',
			...PLACE,
			'--listen',
			'127.0.0.1:0',
			'--',
			join(folder, 'bin', 'gphoto2'),
		]);
		await using _run = it;
		await vi.waitFor(() => expect(sent()).toContain('started'), { timeout: 20_000 });
		await sendBoth(it, sent);
		writeFileSync(`${log}.end`, '');
		expect(await it.ended).toBe(0);
		camera.kill('SIGKILL');
	});
});
