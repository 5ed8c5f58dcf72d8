import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyReport, end, read } from '#tools/chdkptp/report.ts';
import type { Exit, Observation, OutputLine } from '#tools/tool.ts';
import { capture } from './chdkptp-captures.ts';

const PROGRAM = '/opt/chdkptp/chdkptp.sh';

function observe(lines: readonly OutputLine[], exit: Exit): Observation[] {
	let seen = emptyReport(PROGRAM);
	const all: Observation[] = [];
	for (const line of lines) {
		const [next, ...observations] = read(seen, line);
		seen = next;
		all.push(...observations);
	}
	return [...all, ...end(seen, exit)];
}

const report = (...lines: string[]): OutputLine[] => lines.map((text) => ({ from: 'report', text }));
const ENDED: Exit = { code: 0, signal: null, stopped: false };
const ofCapture = (name: string): Observation[] => observe(capture(name).lines, capture(name).exit);

describe('recorded runs', () => {
	test('0.11: learnt, connected, kept alive, unlocked; and the end says nothing more', () => {
		expect(ofCapture('session-0.11')).toEqual([
			{ saw: 'learnt', learnt: { model: 'Canon PowerShot ELPH 130 IS' } },
			{ saw: 'learnt', learnt: { serial: 'C0FFEE000042' } },
			{ saw: 'learnt', learnt: { firmware: '1-8.0.1.0' } },
			{ saw: 'learnt', learnt: { chdk: '2.9' } },
			{ saw: 'learnt', learnt: { os: 'dryos' } },
			{ saw: 'connected' },
			{ saw: 'keepalive', operation: 'GetObjectHandles' },
			{ saw: 'unlock', done: true, levent: 4482, os: 'dryos' },
		]);
	});

	test('0.7 of 2020 on a VxWorks camera', () => {
		expect(ofCapture('session-0.7-2020').slice(-2)).toEqual([
			{ saw: 'keepalive', operation: 'GetObjectHandles' },
			{ saw: 'unlock', done: true, levent: 4418, os: 'vxworks' },
		]);
	});

	test('0.7 of 2018 cannot keep the camera', () => {
		expect(ofCapture('session-0.7-2018').slice(-2)).toMatchObject([
			{ saw: 'warning', warning: { code: 'keepaliveFailed' } },
			{ saw: 'unlock', done: false, why: 'off' },
		]);
	});

	test('a camera without CHDK', () => {
		expect(ofCapture('without-chdk')).toEqual(
			expect.arrayContaining([
				{ saw: 'learnt', learnt: { chdk: false } },
				{ saw: 'unlock', done: false, why: 'noChdk' },
			]),
		);
	});

	test.each([
		['init-fail', 'rejected', 'the camera answered with Init Fail'],
		['port-closed', 'refused', 'Connection refused'],
		['hung-up', 'refused', 'the camera closed the connection'],
		['reset', 'refused', 'the camera broke the connection off'],
	])('%s', (name, outcome, said) => {
		expect(ofCapture(name)).toEqual([{ saw: 'refusal', outcome, said }]);
	});

	test('a build without PTP/IP is an error', () => {
		expect(ofCapture('without-ptpip')).toMatchObject([{ saw: 'error', error: { code: 'toolWithoutNetwork', exitCode: 72 } }]);
	});

	test.each(['lost-at-command', 'lost-in-steps', 'killed-by-sigpipe'])('%s: the session is lost, and that is reported once', (name) => {
		expect(ofCapture(name).filter(({ saw }) => saw === 'lost')).toEqual([{ saw: 'lost', why: 'the camera ended it' }]);
	});

	test.each(['init-fail', 'port-closed', 'hung-up', 'reset', 'lost-at-command'])('%s: however stdout and report interleave', (name) => {
		const { lines, exit } = capture(name);
		const turned = [...lines.filter(({ from }) => from === 'report'), ...lines.filter(({ from }) => from !== 'report')];
		expect(observe(turned, exit).filter(({ saw }) => saw === 'refusal' || saw === 'lost')).toEqual(
			observe(lines, exit).filter(({ saw }) => saw === 'refusal' || saw === 'lost'),
		);
	});
});

describe('when stdout is the terminal and only the report can be read', () => {
	test('a quick failure is a refusal, in chdkptp’s words', () => {
		const lines = report('took=3', 'failed=connection failed');
		expect(observe(lines, { ...ENDED, code: 75 })).toEqual([{ saw: 'refusal', outcome: 'refused', said: 'connection failed' }]);
	});

	test('a failure after the time that the system tries an unused address is noAnswer', () => {
		const lines = report('took=3061', 'failed=connection failed');
		expect(observe(lines, { ...ENDED, code: 75 })).toMatchObject([{ outcome: 'noAnswer' }]);
	});
});

describe('ends', () => {
	const connected = report('model=A', 'connected=now', 'ready=yes');
	test.each<[string, OutputLine[], Exit, Observation[]]>([
		['given up', [], { code: null, signal: 'SIGKILL', stopped: 'silent' }, [expect.objectContaining({ outcome: 'noAnswer' })]],
		[
			'killed by SIGPIPE in the handshake',
			[],
			{ code: null, signal: 'SIGPIPE', stopped: false },
			[expect.objectContaining({ outcome: 'refused' })],
		],
		['we ended it', connected, { code: null, signal: 'SIGTERM', stopped: 'asked' }, []],
		['Ctrl-C', connected, { code: null, signal: 'SIGINT', stopped: false }, []],
		['SIGPIPE', connected, { code: null, signal: 'SIGPIPE', stopped: false }, [{ saw: 'lost', why: 'the camera ended it' }]],
		['SIGPIPE behind the wrapper', connected, { code: 141, signal: null, stopped: false }, [{ saw: 'lost', why: 'the camera ended it' }]],
		['a crash', connected, { code: null, signal: 'SIGSEGV', stopped: false }, [{ saw: 'lost', why: 'chdkptp was ended by SIGSEGV' }]],
		[
			'no memory was left',
			connected,
			{ code: null, signal: 'SIGKILL', stopped: false },
			[{ saw: 'lost', why: 'chdkptp was ended by SIGKILL' }],
		],
		['a failed command', connected, { code: 1, signal: null, stopped: false }, []],
	])('%s', (_, lines, exit, told) => {
		const before = lines.length === 0 ? 0 : observe(lines, ENDED).length;
		expect(observe(lines, exit).slice(before)).toEqual(told);
	});

	const unlocking = report('model=A', 'connected=now', 'keepalive=GetObjectHandles');
	const first: Observation[] = [
		{ saw: 'learnt', learnt: { model: 'A' } },
		{ saw: 'connected' },
		{ saw: 'keepalive', operation: 'GetObjectHandles' },
	];
	test.each<[string, OutputLine[], Exit, Observation[]]>([
		[
			'the camera goes silent',
			[],
			{ code: null, signal: 'SIGKILL', stopped: 'silent' },
			[{ saw: 'lost', why: 'the camera does not answer any more' }],
		],
		['SIGPIPE', [], { code: null, signal: 'SIGPIPE', stopped: false }, [{ saw: 'lost', why: 'the camera ended it' }]],
		['we ended it', [], { code: null, signal: 'SIGTERM', stopped: 'asked' }, []],
		['lost, said so', report('lost=I/O error'), { code: 75, signal: null, stopped: false }, [{ saw: 'lost', why: 'the camera ended it' }]],
	])('between connecting and unlocking: %s', (_, more, exit, told) => {
		expect(observe([...unlocking, ...more], exit)).toEqual([...first, ...told]);
	});

	test('reports nothing of a session before its steps are done', () => {
		let seen = emptyReport(PROGRAM);
		const told: Observation[][] = [];
		for (const line of report('connected=now', 'keepalive=GetObjectHandles', 'unlock=done 4482 dryos', 'ready=yes')) {
			const [next, ...observations] = read(seen, line);
			seen = next;
			told.push(observations);
		}
		expect(told.map((all) => all.map(({ saw }) => saw))).toEqual([[], [], [], ['connected', 'keepalive', 'unlock']]);
	});

	test('a program that ended without connecting fails with its last line', () => {
		const lines: OutputLine[] = [{ from: 'stderr', text: 'ERROR: connect.lua: No such file or directory' }];
		expect(observe(lines, { ...ENDED, code: 1 })).toMatchObject([
			{ saw: 'error', error: { code: 'toolFailed', message: expect.stringContaining('No such file') } },
		]);
	});

	test('an error in the template is toolFailed', () => {
		expect(observe(report('started=0.12', 'problem=attempt to index nil'), { ...ENDED, code: 75 })).toMatchObject([
			{ saw: 'error', error: { code: 'toolFailed' } },
		]);
	});
});

describe('values that cameras choose', () => {
	test('bytes come back as text', () => {
		expect(observe(report('model=PowerShot %3D%25 %C3%A9%1B%5B2J', 'connected=now'), ENDED)[0]).toEqual({
			saw: 'learnt',
			learnt: { model: 'PowerShot =% é\u001b[2J' },
		});
	});

	test('an empty serial number is null', () => {
		expect(observe(report('serial=', 'connected=now'), ENDED)[0]).toEqual({ saw: 'learnt', learnt: { serial: null } });
	});

	test('invalid UTF-8 and lone percent signs do no harm', () => {
		expect(observe(report('model=%FF%zz%', 'connected=now'), ENDED)[0]).toEqual({ saw: 'learnt', learnt: { model: '\ufffd%zz%' } });
	});

	test('an unknown operating system is null', () => {
		expect(observe(report('os=linux', 'connected=now'), ENDED)[0]).toEqual({ saw: 'learnt', learnt: { os: null } });
	});

	test('no line and no end throws', () => {
		const from = fc.constantFrom('stdout', 'stderr', 'report') as fc.Arbitrary<OutputLine['from']>;
		const key = fc.constantFrom('', 'model=', 'unlock=', 'failed=', 'took=', 'chdk=', 'connected=', 'lost=', 'ERROR: ');
		const line = fc.record({ from, text: fc.tuple(key, fc.string({ unit: 'binary' })).map((parts) => parts.join('')) });
		const exit = fc.record({
			code: fc.option(fc.integer({ min: 0, max: 255 })),
			signal: fc.option(fc.constantFrom('SIGPIPE', 'SIGSEGV', 'SIGTERM')),
			stopped: fc.constantFrom(false, 'asked', 'silent') as fc.Arbitrary<Exit['stopped']>,
		});
		fc.assert(
			fc.property(fc.array(line), exit, (lines, how) => {
				const told = observe(lines, how);
				const connected = told.some(({ saw }) => saw === 'connected');
				const decided = told.some(({ saw }) => saw === 'refusal' || saw === 'error' || saw === 'lost');
				expect(connected || decided || how.stopped === 'asked').toBe(true);
				expect(told.filter(({ saw }) => saw === 'lost').length).toBeLessThan(2);
			}),
		);
	});
});
