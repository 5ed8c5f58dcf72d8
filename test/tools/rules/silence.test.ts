import { describe, expect, test } from 'vitest';
import { effortInCsv, effortInPs } from '#tools/rules/effort.ts';
import { alive, isDue, isSilent, looked, unwatched, type Watched } from '#tools/rules/silence.ts';

const LIMIT_MS = 30_000;
const LOOK_MS = 3000;

/** Looks at a tool by a hand clock until `until`; `effort` says what it has done at a time. When it is taken for silent, or nothing. */
function watch(from: Watched, until: number, effort: (now: number) => string | undefined): number | undefined {
	let state = from;
	for (let now = state.seenAt; now <= until; now += 500) {
		if (!isDue(state, now, LOOK_MS)) continue;
		state = looked(state, effort(now), now, LIMIT_MS);
		if (isSilent(state, LIMIT_MS)) return now;
	}
	return undefined;
}

const HOUR = 3_600_000;
const stands = () => '10=0:00.03';

describe('a tool without time-outs', () => {
	test('is silent when it is at work and does nothing for the whole limit, counted from the first look', () => {
		expect(watch(alive(unwatched, 1000, 'work'), HOUR, stands)).toBe(1000 + LOOK_MS + LIMIT_MS);
	});

	test('is never silent at its prompt', () => {
		expect(watch(alive(unwatched, 0, 'away'), HOUR, stands)).toBeUndefined();
		expect(watch(alive(alive(unwatched, 0, 'work'), 5000, 'away'), HOUR, stands)).toBeUndefined();
	});

	test('is never silent when it has not said that it is at work', () => {
		expect(watch(unwatched, HOUR, stands)).toBeUndefined();
		expect(watch(alive(unwatched, 0), HOUR, stands)).toBeUndefined();
	});

	test('is not silent as long as it does something now and then', () => {
		expect(watch(alive(unwatched, 0, 'work'), HOUR, (now) => `10=${Math.floor(now / 25_000)}`)).toBeUndefined();
	});

	test('is not silent when the system does not say what it does', () => {
		expect(watch(alive(unwatched, 0, 'work'), HOUR, () => undefined)).toBeUndefined();
		expect(watch(alive(unwatched, 0, 'work'), HOUR, (now) => (now % 20_000 < 2500 ? undefined : stands()))).toBeUndefined();
	});

	test('has the whole limit again after each word', () => {
		let state = looked(looked(alive(unwatched, 0, 'work'), 'x', 3000, LIMIT_MS), 'x', 30_000, LIMIT_MS);
		state = alive(state, 32_000);
		expect(isSilent(looked(state, 'x', 35_000, LIMIT_MS), LIMIT_MS)).toBe(false);
		expect(watch(state, HOUR, () => 'x')).toBe(32_000 + LOOK_MS + LIMIT_MS);
	});

	test('has the whole limit again after the computer has slept', () => {
		const before = looked(alive(unwatched, 0, 'work'), 'x', 3000, LIMIT_MS);
		const woken = looked(before, 'x', 3000 + HOUR, LIMIT_MS);
		expect(isSilent(woken, LIMIT_MS)).toBe(false);
		expect(isSilent(looked(woken, 'x', 3000 + HOUR + 29_000, LIMIT_MS), LIMIT_MS)).toBe(false);
	});
});

describe('what a tool has done', () => {
	/** Laid out as macOS prints them (adv_cmds, print.c: minutes, seconds and hundredths). */
	const PS = `    1     0   1:02.33
 4711   501   0:01.20
 4720  4711   0:00.00
 4721  4720   0:00.31
`;
	/** Laid out by the documentation of ConvertTo-Csv in Windows PowerShell 5.1: all values in quotation marks, CRLF. */
	const CSV = [
		'"ProcessId","ParentProcessId","KernelModeTime","UserModeTime","ReadOperationCount","WriteOperationCount","OtherOperationCount"',
		'"4","0","1211406250","0","4","10","2211"',
		'"4711","501","312500","156250","40","12","612"',
		'"4720","4711","156250","0","9","3","88"',
		'"4900","4711","","","","",""',
		'',
	].join('\r\n');

	test('on macOS is the processor time of the tool and all that it started', () => {
		expect(effortInPs(PS, 4720)).toBe('4720=0:00.00 4721=0:00.31');
		expect(effortInPs(PS, 4722)).toBeUndefined();
		expect(effortInPs('ps: time: keyword not found\n', 4720)).toBeUndefined();
	});

	test('on Windows is also what it has read and written', () => {
		expect(effortInCsv(CSV, 4720)).toBe('4720=156250,0,9,3,88');
		expect(effortInCsv(CSV, 4711)).toBe('4711=312500,156250,40,12,612 4720=156250,0,9,3,88 4900=,,,,');
		expect(effortInCsv(CSV, 99)).toBeUndefined();
		expect(effortInCsv('', 4720)).toBeUndefined();
	});
});
