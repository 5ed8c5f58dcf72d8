/** The program as a job of an interactive shell, in the background and in the foreground of a real terminal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { BIN, event, start } from './program.ts';
import { noTerminal, Terminal } from './terminal.ts';

// Each wait has its own limit; on a busy computer there are many of them.
vi.setConfig({ testTimeout: 120_000 });

const none = noTerminal();

describe.skipIf(none)(`a job of an interactive shell${none === undefined ? '' : ` (${none})`}`, () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'cw-background-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	/** bash with job control; the program is called `cw` there. */
	async function shell() {
		writeFileSync(join(folder, 'cw'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, { mode: 0o755 });
		const it = new Terminal([], {
			columns: 120,
			program: ['bash', '--norc', '--noprofile', '-i'],
			env: { PS1: '> ', PATH: `${folder}:${process.env.PATH}`, CANON_WIFI_CONFIG_DIR: join(folder, 'settings') },
		});
		return { it, place: `--address 127.0.0.1 --ssdp-port ${await freePort()}` };
	}
	/** A line of another program, and then whatever `until` shows. */
	const otherProgram = async (it: Terminal) => {
		it.press('for n in 1 2 3 4 5 6 7 8; do echo "other $n"; sleep 0.25; done; echo all "of them"', 'Enter');
		return it.shows(/^all of them$/m);
	};
	const LINES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `other ${n}`);
	const VIEW = /^[○●] \S+ :\d+ /m;

	test('hold & leaves the lines of other programs alone; fg brings its view, Ctrl-Z and bg take it away', async () => {
		const { it: terminal, place } = await shell();
		using it = terminal;
		it.press(`cw hold ${place} --name studio --listen 127.0.0.1:0 &`, 'Enter');
		await it.shows('is shared at', 'Cameras can find this computer');
		const screen = await otherProgram(it);
		expect(screen).toContain(LINES.join('\n'));
		expect(it.bytes).not.toMatch(VIEW);
		it.press('fg', 'Enter');
		await it.shows(VIEW);
		it.press('C-z');
		await it.shows(/Stopped +cw hold/);
		it.press('bg', 'Enter', 'clear', 'Enter');
		expect(await otherProgram(it)).toContain(LINES.join('\n'));
		expect(it.screen).not.toMatch(VIEW);
		it.press('fg', 'Enter');
		await it.shows(VIEW);
		expect(it.screen).toContain(LINES.join('\n'));
		it.press('C-c');
		await it.shows(/Stopped\.\n>$/);
	});

	test('simulate & has no screen and is not stopped; in the foreground Ctrl-Z gives the terminal back and fg takes it again', async () => {
		const { it: terminal, place } = await shell();
		using it = terminal;
		const ports = `--ptpip-port ${await freePort()} --description-port ${await freePort()}`;
		it.press(`cw simulate ${place} ${ports} &`, 'Enter');
		await it.shows(' is on', 'searches for computers');
		expect(await otherProgram(it)).toContain(LINES.join('\n'));
		it.press('jobs', 'Enter');
		await it.shows(/Running +cw simulate/);
		it.press('kill %1; wait; clear', 'Enter');
		it.press(`cw simulate ${place} ${ports}`, 'Enter');
		const FRAME = 'Esc cancel, q power';
		await it.shows(FRAME);
		it.press('C-z');
		await it.shows(/Stopped +cw simulate/);
		expect(it.screen).not.toContain(FRAME);
		it.press('bg', 'Enter');
		expect(await otherProgram(it)).toContain(LINES.join('\n'));
		it.press('fg', 'Enter');
		await it.shows(FRAME);
		it.press('C-z');
		await it.shows(/Stopped +cw simulate/);
		// It ends in the background: nothing stops it there, and the shell's modes stay.
		it.press('bg; kill -TERM %1; wait; jobs; clear; stty -a | grep -ow -e "-*icanon" -e "-*echo"', 'Enter');
		await it.shows(/^icanon\necho\n>$/m);
	});

	test('a question of the wizard is asked again after Ctrl-Z and fg', async () => {
		const { it: terminal, place } = await shell();
		using it = terminal;
		it.press(`cw pair ${place}`, 'Enter');
		await it.shows("Name on the camera's screen?");
		it.press('C-z');
		await it.shows(/Stopped +cw pair/);
		it.press('clear', 'Enter', 'fg', 'Enter');
		await it.shows("Name on the camera's screen?");
		it.press('C-u', 'attic', 'Enter');
		await it.shows('Which client should use the camera?', /attic/);
		it.press('C-c');
		await it.shows('its name "attic"');
	});

	test('the prompt of the built-in client goes on after Ctrl-Z and fg', async () => {
		const { it: terminal, place } = await shell();
		using it = terminal;
		const port = await freePort();
		await using camera = start(['simulate', '--json', ...place.split(' '), '--ptpip-port', String(port), '--select-after', '0']);
		await camera.until(event('poweredOn'));
		it.press(`cw connect --tool builtin ${place} --camera-port ${port}`, 'Enter');
		await it.shows(/canon>$/);
		it.press('C-z');
		await it.shows(/Stopped +cw connect/);
		it.press('clear', 'Enter', 'fg', 'Enter');
		await it.shows(/canon>$/);
		it.press('ls', 'Enter');
		await it.shows(/DCIM\/\ncanon>$/);
		it.press('C-d');
		await camera.until(event('sessionClosed'));
	});

	test('pair & asks nothing and is not stopped', async () => {
		const { it: terminal, place } = await shell();
		using it = terminal;
		it.press(`cw pair studio ${place} --tool builtin &`, 'Enter');
		await it.shows('Cameras can find this computer');
		it.press('clear; jobs', 'Enter');
		await it.shows(/Running +cw pair/);
		it.press('kill %1', 'Enter');
		await it.shows('Run the same command to continue.');
	});
});
