import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '#session/client.ts';
import { gphoto2 } from '#tools/gphoto2/gphoto2.ts';
import type { Exit, Observation, OutputLine, ProbeResult, ToolPaths } from '#tools/tool.ts';
import { GUID_TEXT, jobAt } from '../harness.ts';

const captures = new URL('../../captures/gphoto2/', import.meta.url);
const paths: ToolPaths = {
	program: '/usr/bin/gphoto2',
	folder: '/ours/run-1-1',
	report: '/ours/run-1-1/report',
	templates: '/templates',
	platform: 'linux',
	env: { HOME: '/home/user' },
};

interface Capture {
	exit: Exit;
	lines: OutputLine[];
}

/** A recorded run; `first` says whose lines are heard before the others, as pipes and files keep no common order. */
function capture(name: string, first: readonly OutputLine['from'][]): Capture {
	const [head = '', ...rest] = readFileSync(new URL(name, captures), 'utf8').split(/^## /m);
	const ended = head.match(/# exit (\S+)/)?.[1] ?? '';
	const lines = rest.flatMap((section) => {
		const [from = '', ...texts] = section.split('\n');
		return texts.map((text): OutputLine => ({ from: from as OutputLine['from'], text }));
	});
	const exit: Exit = ended.startsWith('SIG')
		? { code: null, signal: ended, stopped: false }
		: { code: Number(ended), signal: null, stopped: false };
	return { exit, lines: first.flatMap((from) => lines.filter((line) => line.from === from)) };
}

function tell({ lines, exit }: Capture, job: Job, where = paths): Observation[] {
	let state = gphoto2.start(job, where);
	const told: Observation[] = [];
	for (const line of lines) {
		const [next, ...more] = gphoto2.read(state, line);
		state = next;
		told.push(...more);
	}
	return [...told, ...gphoto2.end(state, exit)];
}

/** Where this library would have to lay out every byte for a log, so that it does without. */
const unlogged: ToolPaths = { ...paths, library: '2.5.30' };

const ORDERS = [
	['report', 'stderr', 'stdout'],
	['stderr', 'stdout', 'report'],
	['stdout', 'stderr', 'report'],
] as const;
const learn = jobAt(15740, { purpose: 'learn' });
const withArgs = jobAt(15740, { args: ['--get-file', 'X'] });

describe('what a recorded run shows, in whatever order its streams are read', () => {
	test.each([
		['refused', learn, 'refused'],
		['unreachable', learn, 'noAnswer'],
		['no-host', learn, 'noAnswer'],
		['init-fail', learn, 'rejected'],
		['late-ack', learn, 'noAnswer'],
		['fin-in-open-session', learn, 'refused'],
	] as const)('%s', (name, job, outcome) => {
		for (const order of ORDERS) {
			const told = tell(capture(`${name}.txt`, order), job);
			expect(told, order.join()).toEqual([{ saw: 'refusal', outcome, said: expect.stringMatching(/\w/) }]);
		}
	});

	test.each([
		['refused', 'refused'],
		['unreachable', 'noAnswer'],
		['no-host', 'noAnswer'],
		['init-fail', 'rejected'],
		['late-ack', 'noAnswer'],
	] as const)('%s, when the log is the user s own', (name, outcome) => {
		for (const order of ORDERS)
			expect(tell(capture(`${name}.plain.txt`, order), withArgs), order.join()).toMatchObject([{ saw: 'refusal', outcome }]);
	});

	test.each([
		['refused', 'refused', ['--get-file', 'X']],
		['unreachable', 'noAnswer', ['--get-file', 'X']],
		['no-host', 'noAnswer', ['--get-file', 'X']],
		['init-fail', 'rejected', ['--get-file', 'X']],
		['late-ack', 'noAnswer', ['--get-file', 'X']],
		['fin-in-open-session', 'rejected', ['--get-file', 'X']],
		['wait-event-init-fail', 'rejected', ['--wait-event=1s']],
		['interval-init-fail', 'rejected', ['--capture-image', '-I', '1', '-F', '2']],
	] as const)('%s, where only the connections can be seen: no line and no exit code is taken for a session', (name, outcome, args) => {
		for (const order of ORDERS)
			expect(tell(capture(`${name}.plain.txt`, order), jobAt(15740, { args }), unlogged), order.join()).toEqual([
				{ saw: 'refusal', outcome, said: expect.stringMatching(/\w/) },
			]);
	});

	test('the connections are the evidence, and what the camera refuses after that is no refusal of the session', () => {
		const { lines, exit } = capture('missing-file.plain.txt', ['stdout', 'stderr']);
		const open = { from: 'sockets', text: 'open' } as const;
		expect(tell({ exit, lines: [open, ...lines] }, withArgs, unlogged)).toEqual([{ saw: 'connected' }]);
		expect(tell({ exit, lines }, withArgs, unlogged)).toEqual([{ saw: 'connected' }]);
	});

	test.each([
		[['--get-file', 'X'], 0, ['connected']],
		[['--capture-tethered=1s'], 0, ['connected']],
		[['--get-file', 'X', '--nonsense'], 1, []],
		[['--debug-logfile=mine', '--version'], 0, []],
		[['--debug-logfile=mine', '--list-cameras'], 0, []],
		[['--get-file'], 0, []],
		[['--list-files', '--help'], 0, []],
		[['--filename', '--list-files', '--version'], 0, []],
	] as const)('%j, exit code %i and not a word said: %j', (args, code, told) => {
		const exit: Exit = { code, signal: null, stopped: false };
		expect(tell({ lines: [], exit }, jobAt(15740, { args }), unlogged).map(({ saw }) => saw)).toEqual(told);
	});

	test('a file of this computer that it cannot read is no refusal of the camera', () => {
		const lines: OutputLine[] = [{ from: 'stderr', text: "*** Error (-1: 'Unspecified error') ***       " }];
		const exit: Exit = { code: 1, signal: null, stopped: false };
		for (const where of [paths, unlogged])
			expect(tell({ lines, exit }, jobAt(15740, { args: ['--upload-file', 'gone'] }), where).map(({ saw }) => saw)).not.toContain(
				'refusal',
			);
	});

	test('a log of errors alone does not decide', () => {
		const job = jobAt(15740, { args: ['--debug', '--debug-loglevel=error', '--list-files'] });
		const lines: OutputLine[] = [
			{ from: 'stderr', text: "0.100000 ptp_ptpip_sendreq (0): 'ret' failed: 'PTP I/O Error' (0x02ff)" },
			{ from: 'stdout', text: "There is no file in folder '/'." },
		];
		const told = tell({ lines, exit: { code: 0, signal: null, stopped: false } }, job, { ...paths, platform: 'darwin' });
		expect(told).toEqual([{ saw: 'connected' }]);
	});

	test('connections that only stand are no evidence of a session after an answer that did not come', () => {
		const lines: OutputLine[] = [
			{ from: 'stderr', text: 'read PTPIPHeader: Connection timed out' },
			{ from: 'sockets', text: 'open' },
		];
		const saws = (...more: OutputLine[]) => {
			let state = gphoto2.start(withArgs, unlogged);
			return [...lines, ...more].flatMap((line) => {
				const [next, ...told] = gphoto2.read(state, line);
				state = next;
				return told.map(({ saw }) => saw);
			});
		};
		expect(saws()).toEqual([]);
		expect(saws({ from: 'sockets', text: 'session' })).toEqual(['connected']);
	});

	test('the log shows that a shell was refused, though the shell goes on', () => {
		// It prints its prompt too; the log is always read before stdout.
		for (const order of ORDERS.slice(0, 1))
			expect(tell(capture('shell-init-fail.txt', order), jobAt(15740)), order.join()).toMatchObject([
				{ saw: 'refusal', outcome: 'rejected' },
			]);
	});

	test('a library without the driver is an error, not a refusal', () => {
		for (const name of ['unknown-port.txt', 'unknown-port.plain.txt'])
			for (const order of ORDERS)
				expect(tell(capture(name, order), learn), order.join()).toMatchObject([
					{ saw: 'error', error: { code: 'toolWithoutNetwork', exitCode: 72 } },
				]);
	});

	test.each([
		['reset-in-file', 'the camera broke it off'],
		['fin-in-file', 'the camera ended it'],
	])('%s: connected first, then lost, once', (name, why) => {
		const told = tell(capture(`${name}.txt`, ORDERS[0]), withArgs).filter(({ saw }) => saw !== 'learnt');
		expect(told.filter(({ saw }) => saw === 'lost').slice(0, 1)).toEqual([{ saw: 'lost', why }]);
		expect(told.map(({ saw }) => saw).indexOf('connected')).toBe(0);
	});

	test('a camera that answers after one time-out is not lost', () => {
		const told = tell(capture('silent-in-list.txt', ORDERS[0]), withArgs);
		expect(told.map(({ saw }) => saw)).toEqual(['learnt', 'connected', 'unlock', 'keepalive']);
	});

	test('a camera that never answered again is lost', () => {
		const { lines, exit } = capture('silent-in-list.txt', ORDERS[0]);
		const told = tell({ exit, lines: lines.filter(({ text }) => !/PTPIP_CMD_RESPONSE.*00000006/.test(text)) }, withArgs);
		expect(told.at(-1)).toEqual({ saw: 'lost', why: 'the camera does not answer any more' });
	});

	test('the I/O error of Ctrl-C in a transfer is not a lost camera', () => {
		let state = gphoto2.start(withArgs, paths);
		const log = capture('reset-in-file.txt', ['report']).lines;
		const told: Observation[] = [];
		for (const line of [...log, { from: 'stderr', text: 'select: Interrupted system call' } as const]) {
			const [next, ...more] = gphoto2.read(state, line);
			state = next;
			told.push(...more);
		}
		told.push(...gphoto2.end(state, { code: 1, signal: null, stopped: false }));
		expect(told.map(({ saw }) => saw)).toEqual(['learnt', 'connected', 'unlock', 'keepalive']);
	});

	test('a signal that was passed on breaks an operation off, and that is no loss; what breaks later is one', () => {
		const log = capture('reset-in-file.txt', ['report']).lines;
		const connected = log.findIndex(({ text }) => text.includes('Sending PTP_OC 0x1004'));
		const signalled: OutputLine = { from: 'sockets', text: 'signalled' };
		const broken: OutputLine[] = Array.from({ length: 3 }, () => ({
			from: 'report',
			text: "0.100000 x (0): 'ret' failed: 'PTP I/O Error' (0x02ff)",
		}));
		const answered: OutputLine = { from: 'report', text: '0.100000 x (2): PTPIP_CMD_RESPONSE (result=0x2001, tid=0x00000004)' };
		const exit: Exit = { code: 1, signal: null, stopped: false };
		const saws = (...lines: OutputLine[]) =>
			tell({ exit, lines: [...log.slice(0, connected + 1), ...lines] }, withArgs).map(({ saw }) => saw);
		expect(saws(signalled, ...broken)).not.toContain('lost');
		expect(saws(signalled, answered, ...broken)).toContain('lost');
		expect(saws(...broken)).toContain('lost');
	});

	test('without the log, an operation that a signal broke off is no loss either', () => {
		const lines: OutputLine[] = [
			{ from: 'sockets', text: 'open' },
			{ from: 'stderr', text: 'select: Interrupted system call' },
			{ from: 'stderr', text: 'PTP I/O Error' },
			{ from: 'stderr', text: "*** Error (-7: 'I/O problem') ***" },
		];
		const exit: Exit = { code: 1, signal: null, stopped: false };
		expect(tell({ lines, exit }, withArgs, unlogged)).toEqual([{ saw: 'connected' }]);
		expect(tell({ lines: lines.filter((_, at) => at !== 1), exit }, withArgs, unlogged).at(-1)).toMatchObject({ saw: 'lost' });
	});

	test('a missing file does not end the session', () => {
		const told = tell(capture('missing-file.txt', ORDERS[0]), withArgs);
		expect(told.map(({ saw }) => saw)).toEqual(['learnt', 'connected', 'unlock', 'keepalive']);
	});

	test('model, serial number, firmware and whether there is CHDK', () => {
		const learnt = { model: 'Canon PowerShot ELPH 130 IS', serial: 'C0FFEE000042', firmware: '1-1.00' };
		const first = (name: string) => tell(capture(name, ORDERS[0]), learn)[0];
		expect(first('summary.txt')).toEqual({ saw: 'learnt', learnt: { ...learnt, chdk: false } });
		expect(first('summary-chdk.txt')).toEqual({ saw: 'learnt', learnt: { ...learnt, chdk: 'present' } });
	});

	test('the summary alone is enough for a profile, but does not show CHDK', () => {
		const told = tell(capture('summary-chdk.plain.txt', ['stdout']), learn).filter((one) => one.saw === 'learnt');
		expect(told.at(-1)).toEqual({
			saw: 'learnt',
			learnt: { model: 'Canon PowerShot ELPH 130 IS', firmware: '1-1.00', serial: 'C0FFEE000042' },
		});
	});

	test('every recording is used', () => {
		const used = readFileSync(new URL(import.meta.url), 'utf8');
		for (const name of readdirSync(captures)) if (name !== 'README.md') expect(used).toContain(name.replace(/(?:\.plain)?\.txt$/, ''));
	});
});

test('no line and no end throws, and an attempt ends in one way', () => {
	const words = [
		'0.1 ptp (2): ptpip connected!',
		'0.1 x (2): Device info:',
		'0.1 x (2): Supported operations:',
		'0.1 x (2): Events Supported:',
		'0.1 x (2): Sending PTP_OC 0x1007 (Get object handles)',
		'0.100000 x (2): PTPIP_CMD_RESPONSE (result=0x2001, tid=0x00000004)',
		"0.100000 x (0): An error occurred in the io-library ('I/O problem')",
		'0.100000 x (2): connecting to ptpip:1.2.3.4.',
		'0.100000 x (0): End of stream after reading 0 bytes',
		"0.100000 x (0): 'ret' failed: 'PTP I/O Error' (0x02ff)",
		'connect cmd: Connection refused',
		"*** Error (-7: 'I/O problem') ***",
		'gphoto2: {/} /> ',
	].map((text) => text.replace(/^0\.1 /, '0.100000 '));
	const line = fc.record({
		from: fc.constantFrom('stdout', 'stderr', 'report'),
		text: fc.oneof(fc.constantFrom(...words), fc.string()),
	}) as fc.Arbitrary<OutputLine>;
	const exit = fc.record({
		code: fc.option(fc.integer({ min: 0, max: 255 })),
		signal: fc.option(fc.constantFrom('SIGPIPE', 'SIGKILL', 'SIGINT')),
		stopped: fc.constantFrom(false, 'asked', 'silent'),
	}) as fc.Arbitrary<Exit>;
	fc.assert(
		fc.property(fc.array(line, { maxLength: 60 }), exit, (lines, how) => {
			const told = tell({ lines, exit: how }, withArgs).map(({ saw }) => saw);
			expect(told.filter((saw) => saw === 'connected' || saw === 'refusal' || saw === 'error').length).toBeLessThan(2);
			if (told.includes('lost')) expect(told.indexOf('connected')).toBeLessThan(told.indexOf('lost'));
		}),
		{ numRuns: 2000 },
	);
});

describe('the end of a session', () => {
	const connected = () =>
		gphoto2.read(gphoto2.start(jobAt(15740), paths), { from: 'stdout', text: 'gphoto2: {/home} /> ', partial: true })[0];
	const end = (exit: Partial<Exit>) => gphoto2.end(connected(), { code: null, signal: null, stopped: false, ...exit });

	test('killed by SIGPIPE: the camera ended it', () =>
		expect(end({ signal: 'SIGPIPE' })).toEqual([{ saw: 'lost', why: 'the camera ended it' }]));
	test('a crash is reported with its signal', () =>
		expect(end({ signal: 'SIGSEGV' })).toEqual([{ saw: 'lost', why: 'gphoto2 was ended by SIGSEGV' }]));
	test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s is not a loss', (signal) => expect(end({ signal })).toEqual([]));
	test('a tool that canon-wifi stopped has not lost its camera', () => expect(end({ signal: 'SIGPIPE', stopped: 'asked' })).toEqual([]));
	test('exit 0 is the end', () => expect(end({ code: 0 })).toEqual([]));
});

describe('the command line', () => {
	const args = (job: Partial<Job>, more: Partial<ToolPaths> = {}) => gphoto2.command(jobAt(15740, job), { ...paths, ...more }).args;
	const log = ['--debug', '--debug-loglevel=debug', '--debug-logfile=/ours/run-1-1/report'];

	test('the port is named only when it is not that of every camera', () => {
		expect(args({}).slice(0, 2)).toEqual(['--port', 'ptpip:127.0.0.1']);
		expect(args({ port: 9000 }).slice(0, 2)).toEqual(['--port', 'ptpip:127.0.0.1:9000:9000']);
	});
	test('interactive is its shell, made to connect first', () =>
		expect(args({})).toEqual(['--port', 'ptpip:127.0.0.1', ...log, '--no-recurse', '--get-all-metadata', '--shell']));
	test('ARGS are passed unchanged', () =>
		expect(args({ args: ['--get-file', 'a b', "it's"] }).slice(-3)).toEqual(['--get-file', 'a b', "it's"]));
	test('to learn is to ask for the summary', () => expect(args({ purpose: 'learn' }).slice(-1)).toEqual(['--summary']));
	test('a log that the user asked for is left to the user', () =>
		expect(args({ args: ['--debug', '--summary'] })).toEqual(['--port', 'ptpip:127.0.0.1', '--debug', '--summary']));
	test('the model is named for an action for which gphoto2 would look for a camera on USB', () => {
		for (const given of [['--about'], ['--get-all-metadata'], ['--list-all-config', '--quiet']])
			expect(args({ args: given }).slice(-given.length - 2)).toEqual(['--camera', 'PTP/IP Camera', ...given]);
		expect(args({ args: ['--about', '-L'] })).not.toContain('--camera');
	});
	test('a value is no option: a file called --port may be fetched', () =>
		expect(args({ args: ['--get-file', '--port'] }).slice(-2)).toEqual(['--get-file', '--port']));
	test('a command line to paste has no log', () => expect(args({}, { report: null })).not.toContain('--debug'));
	test('it speaks English and has settings of its own', () =>
		expect(gphoto2.command(jobAt(15740), paths).env).toMatchObject({ LC_ALL: 'C', HOME: paths.folder, XDG_CONFIG_HOME: paths.folder }));
	test('the settings hold the GUID, in every layout, ended by a newline', () => {
		const settings = gphoto2.prepare(jobAt(15740), paths).filter((file) => file.path.endsWith('/settings'));
		expect(settings.map(({ path }) => path)).toEqual(
			['.gphoto', 'gphoto', 'Library/Application Support/gphoto'].map((folder) => `${paths.folder}/${folder}/settings`),
		);
		for (const file of settings) expect(file).toMatchObject({ content: `ptp2_ip=guid=${GUID_TEXT}\n` });
	});
	test("the user's own line editor settings follow the gate", () => {
		const files = gphoto2.prepare(jobAt(15740), { ...paths, env: { INPUTRC: '/my/rc' } });
		expect(files).toContainEqual({
			path: '/ours/run-1-1/inputrc',
			content: '$include /ours/run-1-1/gate\n$include /etc/inputrc\n$include /my/rc\n',
		});
	});
	test.each([
		[['--port', 'ptpip:192.168.1.9', '-L']],
		[['-L', '--port=usb:']],
		[['--usbid', '04a9:3270', '-L']],
		[['-L', '--camera', '192.168.1.9']],
	])('%j would lead it to another camera, and is told before anything runs', (args) => {
		expect(() => gphoto2.command(jobAt(15740, { args }), paths)).toThrow(
			expect.objectContaining({ code: 'usage', exitCode: 64, next: expect.stringContaining('--camera ADDRESS') }),
		);
	});
	test.each([
		[[], true],
		[['--shell'], true],
		[['--config'], true],
		[['--list-files'], false],
	])('interactive(%j) is %s', (given, is) => expect(gphoto2.interactive(given)).toBe(is));
});

describe('what it is', () => {
	const judge = (answer: Partial<ProbeResult>) =>
		gphoto2.judge([{ stdout: '', stderr: '', exitCode: 0, signal: null, ...answer }], '/x/gphoto2');
	const version = readFileSync(new URL('version.txt', captures), 'utf8');

	test('usable', () =>
		expect(judge({ stdout: version })).toEqual({ state: 'usable', version: '2.5.28', library: '2.5.30', note: '', next: '' }));
	test('without the port driver', () =>
		expect(judge({ stdout: readFileSync(new URL('version-without-ptpip.txt', captures), 'utf8') })).toMatchObject({
			state: 'withoutNetwork',
			version: '2.5.28',
		}));
	test('older than what was tried', () =>
		expect(judge({ stdout: version.replace('gphoto2 2.5.28', 'gphoto2 2.5.9') })).toMatchObject({
			state: 'usable',
			note: expect.stringContaining('older'),
		}));
	test('newer is not older', () =>
		expect(judge({ stdout: version.replace('gphoto2 2.5.28', 'gphoto2 2.10.1') })).toMatchObject({ state: 'usable', note: '' }));
	test('something else', () =>
		expect(judge({ stdout: 'ls (GNU coreutils) 9.1' })).toMatchObject({
			state: 'broken',
			note: expect.stringContaining('it is not gphoto2'),
		}));
	test('a library missing', () =>
		expect(judge({ exitCode: 127, stderr: 'gphoto2: error while loading shared libraries: libgphoto2.so.6: cannot open' })).toMatchObject({
			state: 'broken',
			note: expect.stringContaining('libgphoto2.so.6'),
		}));
});

describe('the log, which with a library before 2.5.31 costs a hex dump of every byte', () => {
	const logs = (args: readonly string[], library: string | undefined, more: Partial<ToolPaths> = {}) => {
		const all = { ...paths, ...(library === undefined ? {} : { library }), ...more };
		return gphoto2.command(jobAt(15740, { args }), all).args.some((arg) => arg.startsWith('--debug'));
	};

	test('is left out of transfers with such a library only', () => {
		for (const args of [['--get-all-files'], ['-P'], ['--capture-image-and-download'], ['--upload-file', 'X']]) {
			expect(logs(args, '2.5.30'), args.join(' ')).toBe(false);
			expect(logs(args, '2.5.31'), args.join(' ')).toBe(true);
		}
		expect(logs(['--get-file', 'X'], undefined)).toBe(true);
		expect(logs(['--get-file', 'X'], '2.5.30', { platform: 'darwin' })).toBe(true);
		for (const args of [['--summary'], ['--list-files'], ['--get-config', 'iso'], [], ['--shell']])
			expect(logs(args, '2.5.30'), args.join(' ')).toBe(true);
	});

	test('without it, both connections are the evidence, unless something went wrong', () => {
		const open: OutputLine = { from: 'sockets', text: 'open' };
		const start = gphoto2.start(withArgs, paths);
		expect(gphoto2.read(start, open).slice(1)).toEqual([{ saw: 'connected' }]);
		const [failed] = gphoto2.read(start, { from: 'stderr', text: "*** Error (-1: 'Unspecified error') ***       " });
		expect(gphoto2.read(failed, open).slice(1)).toEqual([]);
	});

	test.each([
		['fin-in-file', 'the camera ended it'],
		['reset-in-file', 'the camera broke it off'],
		['silent-in-list', 'the camera does not answer any more'],
	])('without it, %s is a lost session, although nothing else told of the connection', (name, why) => {
		const { lines, exit } = capture(`${name}.plain.txt`, ['stderr']);
		expect(tell({ lines, exit }, withArgs)).toEqual([{ saw: 'connected' }, { saw: 'lost', why }]);
	});

	test('without it, what it prints is still passed on as it comes', () => {
		const { file, args } = gphoto2.command(withArgs, { ...paths, library: '2.5.30', stdbuf: '/usr/bin/stdbuf' });
		expect([file, ...args.slice(0, 3)]).toEqual(['/usr/bin/stdbuf', '-oL', '/usr/bin/gphoto2', '--port']);
	});
});

describe('what is said beside the command line that is shown', () => {
	const remark = (args: readonly string[], more: Partial<ToolPaths> = {}) =>
		gphoto2.remark?.(jobAt(15740, { args }), { ...paths, ...more });

	test('what is left out of it', () =>
		expect(remark(['--summary'])).toBe(
			'A run also has --debug --debug-loglevel=debug --debug-logfile=PIPE, so that canon-wifi can follow it; each run has a settings folder of its own.',
		));
	test('why the shell has more options than it needs', () =>
		expect(remark([])).toMatch(/^--no-recurse --get-all-metadata has the shell connect before its first command; a run also has --debug/));
	test('nothing of a log where there is none', () =>
		expect(remark(['--get-all-files'], { library: '2.5.30' })).toBe('Each run has a settings folder of its own.'));
});
