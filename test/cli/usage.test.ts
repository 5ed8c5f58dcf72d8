/** The built program as a stranger calls it: help, misspellings, wrong values. Nothing here opens anything. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCall } from '#cli/program.ts';
import { COMMANDS } from '#cli/table.ts';
import { BIN, finish, type RunOptions } from '../e2e/program.ts';
import { skipUnless } from '../support/skip.ts';

const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version as string;
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const calls = COMMANDS.filter(({ hidden }) => hidden !== true).flatMap(({ name, subcommands = [] }) => [
	name,
	...subcommands.map((sub) => `${name} ${sub.name}`),
]);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'cw-usage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it with settings of its own, which a wrong call must not even make. */
const settings = () => join(folder, 'settings');
const run = (args: readonly string[], options: RunOptions = {}) =>
	finish(args, { ...options, env: { CANON_WIFI_CONFIG_DIR: settings(), ...options.env } });

describe('help and version', () => {
	test('prints a short help with two examples without arguments', async () => {
		const { code, lines, stderr } = await run([]);
		expect([code, stderr]).toEqual([0, '']);
		expect(lines.filter((line) => line.startsWith('  canon-wifi '))).toHaveLength(2);
		expect(lines.length).toBeLessThan(10);
	});

	test.concurrent.each(['-V', '--version'])('%s is one line', async (flag) => {
		const { code, lines, stderr } = await run([flag]);
		expect([code, lines, stderr]).toEqual([0, [version], '']);
	});

	test.concurrent.each(['-h', '--help', 'help'])('%s lists every command', async (flag) => {
		const { code, lines, stderr } = await run([flag]);
		expect([code, stderr]).toEqual([0, '']);
		for (const name of calls.filter((call) => !call.includes(' ')))
			expect(lines.some((line) => line.startsWith(`  ${name} `) || line === `  ${name}`)).toBe(true);
	});

	test('prints the help of a command by its name', async () => {
		const [one, other] = await Promise.all([run(['help', 'connect']), run(['connect', '-h'])]);
		expect([one.code, one.lines]).toEqual([0, other.lines]);
	});

	test.skipIf(skipUnless(process.platform === 'linux', 'only Linux has a `script` that runs a command'))(
		'every help fits a window of 80 and of 40 columns',
		() => {
			for (const columns of [80, 40]) {
				const each = ['', ...calls].map((call) => `"${process.execPath}" "${BIN}" ${call} --help || exit 1; echo "=== ${call}"`);
				const text = execFileSync('script', ['-qec', `stty cols ${columns}; ${each.join('; ')}`, '/dev/null'], { encoding: 'utf8' });
				const lines = text.replaceAll('\r', '').split('\n');
				expect(lines.filter((line) => line.startsWith('=== '))).toHaveLength(calls.length + 1);
				expect(lines.filter((line) => line.length > columns)).toEqual([]);
				// Narrow or not: every flag is there.
				for (const [long, { hidden }] of COMMANDS.flatMap(({ flags = {} }) => Object.entries(flags)))
					if (hidden !== true) expect(text).toContain(`--${long}`);
			}
		},
	);

	test.each([
		['--help', ['base.js', 'main.js']],
		['--version', ['base.js', 'main.js']],
		// No such network: it ends as soon as it is ready to answer.
		['serve 203.0.113.77', ['base.js', 'main.js', 'run.js', 'serve.js']],
	])('%s loads few files, and no large library', async (call, files) => {
		const coverage = join(folder, `coverage ${call}`);
		await run(call.split(' '), { env: { NODE_V8_COVERAGE: coverage } });
		const loaded = readdirSync(coverage).flatMap((file) =>
			(JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] }).result
				.map(({ url }) => url)
				.filter((url) => url.startsWith('file:'))
				.map((url) => fileURLToPath(url)),
		);
		const ours = loaded.filter((file) => file.startsWith(dist));
		expect(ours.map((file) => basename(file)).sort()).toEqual(files);
		expect(loaded.filter((file) => file !== BIN && !file.startsWith(dist))).toEqual([]);
		expect(ours.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(call.startsWith('serve') ? 320_000 : 120_000);

		const has = (files: readonly string[], word: string) => files.some((file) => readFileSync(file, 'utf8').includes(word));
		const all = readdirSync(dist).map((name) => join(dist, name));
		for (const [library, word] of Object.entries(WORDS_OF)) {
			expect(has(all, word), `${library} is in the bundle`).toBe(true);
			if (library === 'node-ssdp' && call.startsWith('serve')) continue;
			expect(has(ours, word), `${library} is loaded`).toBe(false);
		}
	});
});

/** A text that stands in a library's code and nowhere else. */
const WORDS_OF = {
	execa: 'ExecaError',
	conf: 'accessPropertiesByDotNotation',
	'@clack/prompts': 'to navigate',
	'node-ssdp': 'node-ssdp',
};

/** A wrong call: what is said of it on stderr, two sentences and no more. */
async function refused(args: readonly string[]) {
	const { code, lines, stderr } = await run(args);
	expect(lines).toEqual([]);
	expect(stderr).toMatch(/^error: .+[.?!]\n {2}\S.*[.?!]\n$/);
	expect(stderr).not.toMatch(/undefined|\[object|node:/);
	const [what = '', next = ''] = stderr.split('\n').map((line) => line.trim());
	return { code, what: what.slice('error: '.length), next };
}

test.concurrent.each(['pairr', 'help dctor', '-q', 'connect --tol', 'serve my-laptop', 'doctor -- ls', 'connect nosuch'])(
	'with --json an error is an event and the result is the last line: %s',
	async (args) => {
		const [said, json] = await Promise.all([refused(args.split(' ')), run(['--json', ...args.split(' ')])]);
		expect(json.stderr).toBe('');
		expect(json.code).toBe(said.code);
		expect(json.events).toHaveLength(json.lines.length);
		expect(json.events).toMatchObject([
			{ v: 1, type: 'error', message: said.what, next: said.next, exitCode: said.code },
			{ v: 1, type: 'result', ok: false, exitCode: said.code },
		]);
	},
);

describe('a wrong call is refused and does nothing', () => {
	test.concurrent.each<[args: string, what: RegExp, next: RegExp]>([
		['pairr', /Unknown command 'pairr'/, /Did you mean pair\?/],
		['conect studio', /Unknown command/, /Did you mean connect\?/],
		['profiles lst', /no command "profiles lst"/, /Did you mean profiles list\?/],
		['help dctor', /no command "dctor"/, /Did you mean doctor\?/],
		['connect --tol gphoto2', /Unknown option '--tol'/, /Did you mean --tool\?.*connect --help/],
		['doctor --jsn', /Unknown option '--jsn'/, /Did you mean --json\?/],
		['pair --reconnect', /Unknown option '--reconnect'/, /pair --help/],
		['connect -x', /Unknown option '-x'/, /`canon-wifi connect --help`/],
		['-q', /No command is given/, /`canon-wifi --help`/],
		['-- studio', /No command is given/, /`canon-wifi --help`/],
		['connect a b', /Too many arguments for 'connect'/, /connect --help/],
		['connect --tool gphoto', /'gphoto' is invalid.*gphoto2, chdkptp, builtin, none/, /connect --help/],
		['connect --os windows', /'windows' is invalid/, /connect --help/],
		['connect --tool', /argument missing/, /connect --help/],
		['serve -P 99999', /port number from 1 to 65535/, /serve --help/],
		['serve -P 80x', /port number/, /serve --help/],
		['connect --timeout soon', /number of seconds/, /connect --help/],
		['connect --timeout -5', /number of seconds/, /connect --help/],
		['serve 127.0.0.1 -- ls', /`serve` takes nothing after "--"/, /`connect`/],
		['doctor -- ls', /`doctor` takes nothing after "--"/, /`connect`/],
		['profiles show', /Missing required argument/, /`canon-wifi profiles show --help`/],
		['completion', /Missing required argument/, /completion --help/],
		['completion csh', /no completion for "csh"/, /zsh/],
		['serve my-laptop', /LAN_IP must be an IPv4 address.*"my-laptop" is a name/, /doctor/],
		['serve fe80::1', /IPv6/, /doctor/],
		['serve ::ffff:127.0.0.1', /IPv6/, /doctor/],
		['serve 192.168.1', /does not have four numbers/, /doctor/],
		['serve 192.168.1.256', /LAN_IP must be an IPv4 address/, /doctor/],
		['serve 0192.168.1.2', /leading zero/, /doctor/],
		['serve 127.0.0.1 -6', /IPv6 is not served/, /Leave -6 out/],
		['serve 127.0.0.1 --address 127.0.0.2', /Both/, /one of them/],
		['connect --address eth0', /--address must be an IPv4 address/, /doctor/],
		['connect --camera elph', /--camera must be an IPv4 address/, /camera's address/],
		['pair a/b', /cannot be called "a\/b"/, /another name/],
		['pair --name a:b', /cannot be shown on a camera.*":"/, /--name/],
		['connect --tool-path /bin/sh', /not which it is/, /--tool gphoto2 or --tool chdkptp/],
		['connect --tool none -- --summary', /no tool to pass arguments to/, /another --tool/],
		['connect --tool builtin -- gte --all', /no command "gte"/, /get/],
		['connect --tool builtin -- get', /get/, /get/],
		['simulate --address 127.0.0.1 --model nosuch', /no camera model "nosuch"/, /--model/],
		['simulate --address 127.0.0.1 --media /nonexistent', /cannot be a card/, /DCIM/],
		['profiles set', /Missing required argument/, /profiles set --help/],
		['identity new', /Cannot ask here/, /--yes/],
	])('%s', async (args, what, next) => {
		const said = await refused(args.split(' '));
		expect(said).toMatchObject({ code: 64, what: expect.stringMatching(what), next: expect.stringMatching(next) });
	});

	test.concurrent.each<[args: string, code: number]>([
		['connect nosuch', 66],
		['profiles show nosuch', 66],
		['profiles remove nosuch', 66],
		['serve 203.0.113.77', 69],
		['connect --interface wlan77', 69],
		['simulate --address 203.0.113.77', 69],
		['connect --tool gphoto2 --tool-path /nonexistent/gphoto2', 72],
		['connect --tool chdkptp --tool-path /', 72],
		['identity import /nonexistent', 78],
		['profiles import /nonexistent', 78],
	])('%s: exit code %i', async (args, code) => {
		expect(await refused(args.split(' '))).toMatchObject({ code });
	});

	describe('on Windows, where PowerShell drops a bare --,', () => {
		/** This program, told that it runs on Windows. */
		const windows = "data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})";
		const onWindows = (...args: string[]) => run(args, { program: [process.execPath, '--import', windows, BIN] });
		const advice = /PowerShell drops a bare --, so write "--" with the quotes, or run canon-wifi\.cmd/;

		test.concurrent.each([
			['connect get --all', 64],
			['connect studio get', 64],
			['connect --list-files', 64],
			['connect info', 66],
			['hold ./my-script.sh', 66],
		])('%s is told how to quote it', async (args, code) => {
			const { stderr, ...ended } = await onWindows(...args.split(' '));
			expect(ended.code).toBe(code);
			expect(stderr).toMatch(advice);
			expect((await run(args.split(' '))).stderr).not.toMatch(process.platform === 'win32' ? /^$/ : advice);
		});

		test.concurrent.each(['pairr', 'serve --all', 'profiles show nosuch', 'connect nosuch -- get', 'connect --tool gphoto'])(
			'%s is not',
			async (args) => {
				expect((await onWindows(...args.split(' '))).stderr).not.toMatch(advice);
			},
		);

		test('shows it in quotes in the help', async () => {
			const { stdout } = await onWindows('connect', '--help');
			expect(stdout).toContain('[profile] ["--" ARGS...]\n');
			expect(stdout).toContain('  canon-wifi connect studio "--" --get-all-files\n');
		});
	});

	test('accepts the long names of the old scripts without showing them', async () => {
		expect(parseCall(['serve', '--iface', 'eth7', '--file-path', 'x.xml'], version, 80, 'linux')).toMatchObject({
			flags: { interface: 'eth7', descPath: 'x.xml' },
		});
		expect(await refused(['serve', '--iface', 'nosuch0'])).toMatchObject({ code: 69, what: expect.stringContaining('"nosuch0"') });
		expect((await run(['serve', '--help'])).lines.join('\n')).not.toMatch(/--iface|--file-path/);
		expect(await refused(['serve', '--ifac', 'x'])).toMatchObject({ code: 64 });
	});

	test('prints what a person typed without control characters', async () => {
		for (const args of [['\u001b[2J'], ['connect', '\u001b]0;x\u0007'], ['serve', '\u009b2J'], ['connect', '--\u001b[31m']]) {
			const { stderr, code } = await run(args);
			expect([64, 66]).toContain(code);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
			expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
		}
	});

	test('saves nothing in all this except what looking up a profile or tool needs', () => {
		const made = existsSync(settings()) ? readdirSync(settings()) : [];
		expect(made.filter((name) => name !== 'tools' && name !== 'identity.json')).toEqual([]);
	});
});
