import { describe, expect, test } from 'vitest';
import { chdkptp } from '#tools/chdkptp/chdkptp.ts';
import type { ProbeResult, ToolPaths } from '#tools/tool.ts';
import { jobAt } from '../harness.ts';
import { capture } from './chdkptp-captures.ts';

const paths: ToolPaths = {
	program: '/opt/chdkptp/chdkptp.sh',
	folder: '/run/ours',
	report: '/run/ours/report',
	templates: '/usr/share/canon-wifi/templates',
	platform: 'linux',
	env: {},
};
const EXEC = '-eexec <"/usr/share/canon-wifi/templates/chdk/connect.lua"';
const command = (more: Parameters<typeof jobAt>[1], where: Partial<ToolPaths> = {}) =>
	chdkptp.command(jobAt(15740, { address: '192.168.1.5', ...more }), { ...paths, ...where });

describe('the command line', () => {
	test('without ARGS it connects and shows its prompt', () => {
		expect(command({ talk: 'terminal' })).toEqual({
			file: '/opt/chdkptp/chdkptp.sh',
			args: [EXEC, '-i'],
			env: {
				CANON_WIFI_HOST: '192.168.1.5',
				CANON_WIFI_PORT: '15740',
				CANON_WIFI_OS: 'auto',
				CANON_WIFI_KEEPALIVE: 'auto',
				CANON_WIFI_UNLOCK: 'auto',
				CANON_WIFI_PURPOSE: 'session',
				CANON_WIFI_TTY: '1',
				CANON_WIFI_REPORT: '/run/ours/report',
				CANON_WIFI_GATE: '/run/ours/gate',
			},
		});
	});

	test('ARGS follow unchanged', () => {
		const args = ['-els -l', '-e=return 1', '-rmy.rc', '-i'];
		expect(command({ args, talk: 'through' }).args).toEqual([EXEC, ...args]);
	});

	test('to learn of a camera the user’s startup files are left out, and it needs no prompt', () => {
		expect(command({ purpose: 'learn' }).args).toEqual(['-r', EXEC]);
	});

	test('policies and OS are passed by environment', () => {
		expect(command({ os: 'vxworks', keepalive: 'never', unlock: 'always' }).env).toMatchObject({
			CANON_WIFI_OS: 'vxworks',
			CANON_WIFI_KEEPALIVE: 'never',
			CANON_WIFI_UNLOCK: 'always',
		});
	});

	test('a path is written as chdkptp reads words', () => {
		expect(command({}, { templates: '/a "b" \\c d' }).args[0]).toBe('-eexec <"/a \\"b\\" \\\\c d/chdk/connect.lua"');
		expect(command({}, { templates: 'C:\\Program Files\\t', platform: 'win32' }).args[0]).toBe(
			'-eexec <"C:\\\\Program Files\\\\t\\\\chdk\\\\connect.lua"',
		);
	});

	test('a comment names the run where a process is only known by its command line', () => {
		expect(command({}, { platform: 'darwin' }).args).toEqual(['-e#/run/ours', EXEC, '-i']);
		expect(command({ purpose: 'learn' }, { platform: 'freebsd' }).args).toEqual(['-e#/run/ours', '-r', EXEC]);
		expect(command({}, { platform: 'darwin', report: null }).args).toEqual([EXEC, '-i']);
	});

	test('a command line to paste has no report and no gate', () => {
		const { env } = command({}, { report: null });
		expect(Object.keys(env)).not.toContain('CANON_WIFI_REPORT');
		expect(Object.keys(env)).not.toContain('CANON_WIFI_GATE');
		expect(chdkptp.prepare(jobAt(1), { ...paths, report: null })).toEqual([]);
	});

	test.each([
		[['ls']],
		[['--help']],
		[['-e', 'ls']],
		[['-g']],
		[['-c']],
		[['-c-h=192.168.1.9', '-i']],
		[['-econnect -h=192.168.1.9']],
		[['-ec']],
		[['-e= c -h=192.168.1.9']],
		[['-h']],
		[['-i', '-h']],
	])('%j is told before anything runs', (args) => {
		expect(() => command({ args })).toThrow(expect.objectContaining({ code: 'usage', exitCode: 64 }));
	});

	test('commands that only begin like connect are passed on', () => {
		const args = ['-ecapmode', '-eclock', '-econnection', '-e!c=1'];
		expect(command({ args }).args).toEqual([EXEC, ...args]);
	});

	test.each<[string[], boolean]>([
		[[], true],
		[['-i'], true],
		[['-els', '-i'], true],
		[['-els'], false],
		[['-els -i'], false],
		[['-i-'], false],
	])('%j: interactive %s', (args, interactive) => {
		expect(chdkptp.interactive(args)).toBe(interactive);
	});
});

describe('what a program answers to the probe', () => {
	const judge = (name: string) => {
		const { stdout, stderr, exit } = capture(name);
		return chdkptp.judge([{ stdout, stderr, exitCode: exit.code, signal: exit.signal }], '/opt/x');
	};

	test.each([
		['probe-0.11', { state: 'usable', version: '0.11.0-alpha', note: '' }],
		['probe-0.7-2020', { state: 'usable', version: '0.7.0-alpha', note: '' }],
		['probe-0.7-2018', { state: 'tooOld', version: '0.7.0-alpha' }],
		['probe-without-ptpip', { state: 'withoutNetwork', version: '0.11.0-alpha' }],
		[
			'probe-bare-program',
			{ state: 'broken', version: null, note: '/opt/x cannot be used as chdkptp: it does not find its own Lua files.' },
		],
		['probe-mixed-versions', { state: 'broken', note: '/opt/x cannot be used as chdkptp: it finds the Lua files of another version.' }],
	])('%s', (name, verdict) => {
		expect(judge(name)).toMatchObject(verdict);
	});

	test.each<[string, Partial<ProbeResult>, string]>([
		['nothing', {}, 'it says nothing'],
		['something else', { stdout: 'usage: other [options]\n' }, 'it does not answer like chdkptp'],
		['too late', { problem: 'it did not end within 5 s' }, 'it did not end within 5 s'],
	])('%s', (_, answer, why) => {
		expect(chdkptp.judge([{ stdout: '', stderr: '', exitCode: 0, signal: null, ...answer }], '/opt/x')).toMatchObject({
			state: 'broken',
			note: `/opt/x cannot be used as chdkptp: ${why}.`,
		});
	});

	test('the probe skips the user’s startup files and holds nothing that a shell or Windows would take apart', () => {
		const [probe] = chdkptp.probes;
		expect(probe?.args[0]).toBe('-r');
		expect(probe?.args[1]).toMatch(/^-e![^"\n]+$/);
	});
});

test('the advice says where to get it and what to do without it', () => {
	for (const platform of ['linux', 'darwin', 'win32'] as const) expect(chdkptp.install(platform)).toMatch(/assembla\.com.*--tool builtin/);
});
