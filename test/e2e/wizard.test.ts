/** The wizard and the prompts in a real terminal, screen by screen. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { gphoto2IsMissing } from '../tools/harness.ts';
import { network, obstacle } from './network.ts';
import { BIN, event, finish, start } from './program.ts';
import { noTerminal, Terminal, type TerminalOptions } from './terminal.ts';

// Each wait has its own limit; on a busy computer there are many of them.
vi.setConfig({ testTimeout: 120_000 });

const why = noTerminal();
// biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours are what is looked for.
const COLOUR = /\u001b\[[0-9;]+m/;

/** The text of docs/wizard.svg, row by row. */
function picture(): string {
	const svg = readFileSync(new URL('../../docs/wizard.svg', import.meta.url), 'utf8');
	const rows = new Map<string, string>();
	for (const [, y = '', text = ''] of svg.matchAll(/<text x="[^"]*" y="([^"]*)"[^>]*>([^<]*)</g))
		rows.set(y, `${rows.get(y) ?? ''}${text}`);
	return [...rows.values()].join('\n').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What stands between two empty lines of the dialogue's bar, however it was broken into lines. */
function blocks(screen: string): string[] {
	const words = (block: string) =>
		block
			.replace(/^[┌│◇◆└▲] */gm, '')
			.replace(/\s+/g, ' ')
			.trim();
	return screen
		.replace(/^\$ .*\n/, '')
		.split(/^│ *$/m)
		.map(words)
		.filter((block) => block !== '');
}

describe.skipIf(why !== undefined)(`on a terminal${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'cw-wizard-'));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	let rooms = 0;
	/** A room for one test: ports and settings of its own on 127.0.0.1. */
	async function room() {
		const settings = join(folder, `settings-${++rooms}`);
		const [ssdp, ptpip] = [String(await freePort()), String(await freePort())];
		const place = ['--address', '127.0.0.1', '--ssdp-port', ssdp];
		return {
			settings,
			open: (args: string[], options: TerminalOptions = {}) =>
				new Terminal([...args, ...place, '--camera-port', ptpip], {
					...options,
					env: { CANON_WIFI_CONFIG_DIR: settings, ...options.env },
				}),
			camera: (...args: string[]) => start(['simulate', '--json', ...place, '--ptpip-port', ptpip, '--select-after', '0', ...args]),
		};
	}
	/** Answers "What now?": the last of the answers. */
	const leaves = async (it: Terminal) => {
		await it.shows('What now?');
		it.press('Up');
		await it.shows(/● Leave/);
		it.press('Enter');
	};
	const identity = (settings: string) => JSON.parse(readFileSync(join(settings, 'identity.json'), 'utf8')) as { name: string };

	test('the whole dialogue; and the command it ends with does the same without questions', async () => {
		const { open, camera, settings } = await room();
		using it = open(['pair', 'studio']);
		await it.shows('Pair a Canon camera', 'Network: lo 127.0.0.1', "Name on the camera's screen?");
		it.press('den:'); // in the place of what was suggested
		it.press('Enter');
		await it.shows('That cannot be shown');
		it.press('BSpace');
		it.press('Enter');
		const asked = await it.shows('Which client should use the camera?', 'the built-in client', 'nothing yet');
		expect(asked).toMatch(/│ {2}den\n/);
		for (const _ of asked.split('\n').filter((line) => /○ gphoto2|● gphoto2|● chdkptp/.test(line))) it.press('Down');
		await it.shows(/● the built-in client/);
		it.press('Enter');
		await it.shows('On the camera:', '"Add a Device..."', '3. Wait until "den" is in the list.', 'Cameras can find this computer as "den"');
		await it.shows(/Waiting for the camera \(\d+ s\)/);
		await using _camera = camera('--before-set', 'initFail', '--select-after', '2');
		await it.shows('Camera found: 127.0.0.1', 'choose "den" and press SET', /Press SET on the camera; attempt \d \(\d+ s\)/);
		await leaves(it);
		const { code, restored, screen } = await it.end();
		expect({ code, restored }).toEqual({ code: 0, restored: true });
		expect(screen).toMatch(/Connected with the built-in client: Canon PowerShot.*CHDK 2\.9 on\s+│?\s*DryOS/s);
		expect(screen.indexOf('Connected with')).toBeLessThan(screen.indexOf("The camera's screen and buttons are unlocked"));
		expect(screen).toMatch(/└ {2}Saved as "studio"\.\nNext time:\n {2}canon-wifi connect studio\n/);
		expect(screen.match(/read this computer's description/g)).toHaveLength(1);
		// What was waited for has left no trace.
		expect(screen).not.toMatch(/Waiting|attempt|Asking/);
		// The picture in the README is of this dialogue, word for word but for the places and what a busy computer adds.
		const alike = (text: string) =>
			blocks(
				text
					.replace(/\b(?:studio|den)\b/g, 'NAME')
					.replace(/\d+\.\d+\.\d+\.\d+/g, 'ADDRESS')
					.replace(/ on (?:eth0|lo), /, ' on NETWORK, '),
			).filter((block) => !/^(?:Network|Camera found|Port \d+|No camera yet|Saved)/.test(block));
		expect(alike(picture()).length).toBeGreaterThan(8);
		expect(alike(screen)).toEqual(alike(picture()));
		for (const title of ['Next time:', 'The same without questions:'])
			expect([screen, picture()].every((all) => all.includes(`\n${title}\n`))).toBe(true);

		// One line of its own without the bar, longer than the window, to be copied whole.
		const same = /^The same without questions:\n {2}(.*)$/m.exec(it.written)?.[1] ?? '';
		expect(it.brokenLines).toEqual([`  ${same}`]);
		expect(same).toMatch(/^canon-wifi pair studio .*--name den --tool builtin .*--no-input$/);
		await using _again = camera();
		const run = await finish(['-c', same.replace('canon-wifi', `"${process.execPath}" "${BIN}"`)], {
			program: ['sh'],
			env: { CANON_WIFI_CONFIG_DIR: settings },
		});
		expect(run.code, run.stderr).toBe(0);
		expect(run.lines).toEqual(['Saved as "studio". Next time: canon-wifi connect studio']);
	});

	test('Ctrl-C at each question and wait: what was kept is said, the modes are restored, and it goes on from there', async () => {
		const { open, camera, settings } = await room();
		const leave = async (it: Terminal) => {
			it.press('C-c');
			const { code, restored, screen } = await it.end();
			expect({ code, restored }).toEqual({ code: 130, restored: true });
			expect(screen).toMatch(/Run the same command to continue\.$/);
			expect(screen).not.toMatch(/Waiting for|attempt \d|\n\s+at /);
			return screen.replace(/\n│ */g, ' ');
		};
		{
			using it = open(['pair']);
			await it.shows("Name on the camera's screen?");
			expect(await leave(it)).toMatch(/saved: this computer's identity\. No camera was saved/);
		}
		{
			using it = open(['pair']);
			await it.shows("Name on the camera's screen?");
			it.press('C-u', 'attic', 'Enter');
			await it.shows('Which client should use the camera?');
			expect(await leave(it)).toMatch(/its name "attic"/);
			expect(identity(settings).name).toBe('attic');
		}
		{
			using it = open(['pair', '--tool', 'none']);
			await it.shows("Name on the camera's screen?", /│ {2}attic/);
			it.press('Enter');
			await it.shows(/Waiting for the camera/);
			expect(await leave(it)).toMatch(/its name "attic"/);
		}
		{
			await using _camera = camera('--before-set', 'initFail', '--select-after', '600');
			using it = open(['pair', '--tool', 'builtin', '--name', 'attic']);
			await it.shows(/Press SET on the camera; attempt 2/);
			expect(await leave(it)).toMatch(/No camera was saved/);
		}
	});

	test('Ctrl-D, Esc and signals end a question as Ctrl-C does', async () => {
		const { open } = await room();
		const ways: [leave: (it: Terminal) => void, code: number][] = [
			[(it) => it.press('C-d'), 130],
			[(it) => it.press('Escape'), 130],
			[(it) => it.signal('SIGINT'), 130],
			[(it) => it.signal('SIGTERM'), 143],
			[(it) => it.signal('SIGHUP'), 143],
		];
		for (const [leave, expected] of ways)
			for (const question of ["Name on the camera's screen?", 'Which client should use the camera?']) {
				using it = open(['pair', ...(question.startsWith('Which') ? ['--name', 'attic'] : [])]);
				await it.shows(question);
				leave(it);
				const { code, restored, screen } = await it.end();
				expect({ code, restored }, screen).toEqual({ code: expected, restored: true });
				expect(screen).toMatch(/saved: this computer's identity/);
				expect(screen).toMatch(/Run the same command to continue\.$/);
			}
	});

	test.each(['serve', 'connect'])('%s, ended by Ctrl-C while it waits, says so on a line of its own', async (command) => {
		const { settings } = await room();
		const args =
			command === 'serve' ? ['serve', '127.0.0.1', '-p'] : ['connect', '--tool', 'builtin', '--address', '127.0.0.1', '--ssdp-port'];
		using it = new Terminal([...args, String(await freePort())], { env: { CANON_WIFI_CONFIG_DIR: settings } });
		await it.shows('Cameras can find this computer');
		it.press('C-c');
		const { code, restored, screen } = await it.end();
		expect({ code, restored }).toEqual({ code: 130, restored: true });
		expect(screen).toMatch(/\n\^C\n· Stopped\.$/);
	});

	test('a window of 40 columns: nothing is longer than it', async () => {
		const { open, camera } = await room();
		using it = open(['pair'], { columns: 40, rows: 60 });
		await it.shows("Name on the camera's screen?");
		it.press('Enter');
		await it.shows('Which client should use the camera?');
		it.press('Enter');
		await using _camera = camera('--before-set', 'initFail', '--select-after', '1');
		await leaves(it);
		const { code, restored, screen } = await it.end();
		expect({ code, restored }, screen).toEqual({ code: 0, restored: true });
		expect(it.brokenLines.filter((line) => !line.startsWith('  canon-wifi '))).toEqual([]);
		expect(it.written).toMatch(/Next time:\n {2}canon-wifi connect \S+$/m);
	});

	test('the camera stays until the person leaves: copied from, kept for others, left; one session all the time', async () => {
		const { open, camera, settings } = await room();
		const cam = camera();
		await using _camera = cam;
		using it = open(['pair', 'studio', '--tool', 'builtin', '--name', 'attic'], { cwd: folder });
		await it.shows('What now?', /● Open the prompt/);
		it.press('Enter');
		await it.shows(/canon>$/);
		it.press('quit', 'Enter');
		await it.shows(/What now\?(?:(?!What now)[\s\S])*● Open the prompt/);
		it.press('Down', 'Enter');
		await it.shows('Copy to which folder?');
		it.press('copied', 'Enter');
		await it.shows('3 saved', /● Open the prompt/);
		it.press('Down', 'Down', 'Enter');
		await it.shows('is shared at 127.0.0.1', 'gphoto2 --port ptpip:', 'Back to the list');
		const others = await finish(['connect', 'studio', '--via', 'hold', '--tool', 'builtin', '--', 'ls'], {
			env: { CANON_WIFI_CONFIG_DIR: settings },
		});
		expect(others.code, others.stderr).toBe(0);
		it.press('Enter');
		await leaves(it);
		const { code, restored } = await it.end();
		expect({ code, restored }).toEqual({ code: 0, restored: true });
		await cam.until(event('sessionClosed'));
		expect(cam.events.filter(({ type }) => type === 'sessionOpened')).toHaveLength(1);
	});

	test('Ctrl-C at "What now?" leaves the camera, which is saved', async () => {
		const { open, camera } = await room();
		const cam = camera();
		await using _camera = cam;
		using it = open(['pair', 'studio', '--tool', 'builtin', '--name', 'attic']);
		await it.shows('What now?');
		it.press('C-c');
		const { code, restored, screen } = await it.end();
		expect({ code, restored }, screen).toEqual({ code: 130, restored: true });
		expect(screen).toContain('the camera is saved as "studio"');
		await cam.until(event('sessionClosed'));
	});

	test('made narrow in the middle: what comes then fits', async () => {
		const { open, camera } = await room();
		using it = open(['pair', '--tool', 'builtin', '--name', 'attic']);
		await it.shows(/Waiting for the camera/);
		it.resize(44);
		await using _camera = camera('--select-after', '2');
		await leaves(it);
		const { code, screen } = await it.end();
		expect(code, screen).toBe(0);
		const after = screen.slice(screen.indexOf('Camera found'), screen.indexOf('Next time'));
		expect(after.length).toBeGreaterThan(100);
		expect(it.brokenLines.filter((line) => after.replaceAll('\n', '').includes(line.slice(-20)))).toEqual([]);
	});

	test('colours, and no colours when NO_COLOR, --no-color or TERM=dumb say so', async () => {
		const ways: [args: string[], env: Record<string, string>, coloured: boolean][] = [
			[[], {}, true],
			[[], { NO_COLOR: '1' }, false],
			[['--no-color'], {}, false],
			[[], { TERM: 'dumb' }, false],
		];
		await Promise.all(
			ways.map(async ([args, env, coloured]) => {
				const { open, camera } = await room();
				using it = open(['pair', ...args, '--tool', 'builtin'], { env });
				await it.shows("Name on the camera's screen?");
				it.press('Enter');
				await using _camera = camera();
				await leaves(it);
				const { code, screen } = await it.end();
				expect(code, screen).toBe(0);
				expect(screen).toContain('Next time');
				expect(COLOUR.test(it.bytes), `${args} ${JSON.stringify(env)}`).toBe(coloured);
			}),
		);
	});

	test('the prompt of the built-in client: commands, history, Ctrl-C ends a command, Ctrl-D the session', async () => {
		const { open, camera } = await room();
		mkdirSync(join(folder, 'card', 'DCIM', '100CANON'), { recursive: true });
		const film = join(folder, 'card', 'DCIM', '100CANON', 'MVI_0001.MP4');
		writeFileSync(film, '');
		truncateSync(film, 3_000_000_000);
		await using cam = camera('--media', join(folder, 'card'));
		using it = open(['connect', '--tool', 'builtin'], { cwd: folder });
		await it.shows(/Connected with the built-in client/, 'Type help for the commands', /canon>$/);
		it.press('info', 'Enter');
		await it.shows(/Model +Canon PowerShot/, /canon>$/);
		it.press('lss', 'Enter');
		await it.shows('Did you mean');
		it.press('get MVI_0001.MP4 --to .', 'Enter');
		await it.shows(/MVI_0001\.MP4.*MB\/s/);
		it.press('C-c');
		await it.shows('get: cancelled.', /canon>$/);
		it.press('inof', 'C-c');
		await it.shows(/canon>$/);
		it.press('C-c');
		await it.shows("leaving switches the camera's Wi-Fi off", /canon>$/);
		it.press('ls /DCIM/100CANON', 'Enter');
		await it.shows(/MVI_0001\.MP4\s[\s\S]*canon>$/);
		it.press('C-d');
		const { code, restored } = await it.end();
		expect({ code, restored }).toEqual({ code: 0, restored: true });
		await cam.until(event('sessionClosed'));
	});

	describe.skipIf(gphoto2IsMissing)('gphoto2 --shell', () => {
		const atPrompt = /gphoto2: \{.*\} \/>$/;

		test('refusals do not clutter, lines can be edited, and it ends with exit', async () => {
			const { open, camera } = await room();
			await using cam = camera('--before-set', 'initFail', '--select-after', '2');
			using it = open(['connect', '--tool', 'gphoto2']);
			const connected = await it.shows('Connected with gphoto2', atPrompt);
			expect(connected).not.toMatch(/Error|PTP-IP|Press SET|Loading/);
			expect(connected.split('\n').length).toBeLessThan(12);
			it.press('cd /store_00010001/DCIX', 'BSpace', 'M', 'Enter');
			await it.shows(/\/DCIM>$/);
			it.press('ls', 'Enter');
			await it.shows(/100CANON\//);
			it.press('exit', 'Enter');
			const { code, restored, screen } = await it.end();
			expect({ code, restored }, screen).toEqual({ code: 0, restored: true });
			await cam.until(event('sessionClosed'));
		});

		test('Ctrl-C is its own: the first cancels, the second ends it', async () => {
			const { open, camera } = await room();
			await using _camera = camera();
			using it = open(['connect', '--tool', 'gphoto2']);
			await it.shows('Connected with gphoto2', atPrompt);
			it.press('C-c');
			await it.shows('Cancelling');
			expect(it.ended).toBeUndefined();
			it.press('C-c');
			const { restored, screen } = await it.end();
			expect(restored, screen).toBe(true);
			expect(screen).not.toMatch(/\n\s+at |fault in canon-wifi/);
		});
	});

	const noLan = obstacle();
	describe.skipIf(noLan !== undefined)(`with two networks${noLan === undefined ? '' : ` (skipped: ${noLan})`}`, () => {
		let lan: ReturnType<typeof network>;
		beforeAll(() => {
			lan = network({ pc: { last: 20 }, cam: { last: 45, mac: '2c:9e:fc:0a:0b:0c' } });
			const pc = lan.hosts.pc;
			pc?.ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'far0');
			pc?.ip('addr', 'add', '10.88.0.1/24', 'dev', 'eth1');
			pc?.ip('link', 'set', 'eth1', 'up');
			pc?.ip('link', 'set', 'far0', 'up');
		});
		afterAll(() => lan?.[Symbol.dispose]());

		test('it asks which; Ctrl-C there keeps nothing; the answer leads to the camera', async () => {
			const env = { CANON_WIFI_CONFIG_DIR: join(folder, 'two') };
			{
				using it = new Terminal(['pair'], { in: lan.hosts.pc?.name, env });
				await it.shows('Which network is the camera on?', 'eth0 10.77.0.20 (cable)', 'eth1 10.88.0.1 (cable)');
				it.press('C-c');
				const { code, restored, screen } = await it.end();
				expect({ code, restored }).toEqual({ code: 130, restored: true });
				expect(screen).toContain('Stopped; nothing was changed.');
			}
			const address = lan.hosts.cam?.address ?? '';
			await using _camera = start(['simulate', '--json', '--address', address, '--select-after', '0'], { in: lan.hosts.cam?.name });
			using it = new Terminal(['pair', '--tool', 'builtin'], { in: lan.hosts.pc?.name, env, columns: 40 });
			await it.shows('Which network is the camera on?', /● eth0/);
			it.press('Enter');
			await it.shows("Name on the camera's screen?");
			it.press('Enter');
			await leaves(it);
			const { code, screen } = await it.end();
			expect(code, screen).toBe(0);
			expect(screen).toMatch(/Camera found: 10\.77\.0\.45 \(Canon,/);
			expect(it.brokenLines.filter((line) => !line.startsWith('  canon-wifi '))).toEqual([]);
		});
	});
});

test.skipIf(why !== undefined)('no tmux is left running', () => {
	const left = execFileSync('sh', ['-c', `ps -eo args | grep '[t]mux -L cw-${process.pid}-' || true`], { encoding: 'utf8' });
	expect(left).toBe('');
});
