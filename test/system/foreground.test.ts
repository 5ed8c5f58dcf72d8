import { describe, expect, test } from 'vitest';
import { foregroundInPs, foregroundInStat } from '#base/foreground.ts';
import { type ForegroundSystem, foreground } from '#system/foreground.ts';

const stat = (group: number, foregroundGroup: number, name = 'node') =>
	`4711 (${name}) S 1 ${group} 100 34816 ${foregroundGroup} 4194304 1500 0`;

test.each([
	['our group has it', stat(4711, 4711), true],
	['the shell has it', stat(4711, 100), false],
	['no terminal of its own', stat(4711, -1), true],
	['a name that looks like fields', stat(4711, 100, 'a) S 1 100 100 1 100 ('), false],
	['nothing', '', undefined],
	['something else', 'no such file', undefined],
])('/proc/self/stat: %s', (_, text, expected) => expect(foregroundInStat(text)).toBe(expected));

test.each([
	['  4711  4711\n', true],
	[' 4711   100\n', false],
	['4711 -1\n', true],
	['4711 0\n', true],
	['', undefined],
	['ps: error\n', undefined],
])('ps says %j', (text, expected) => expect(foregroundInPs(text)).toBe(expected));

/** A system whose clock and foreground group are set by hand. */
function system(platform: string) {
	const state = { now: 0, has: 4711 as number | undefined, asked: [] as string[], continued: () => {} };
	const say = (how: string, text: (has: number) => string) => {
		state.asked.push(how);
		if (state.has === undefined) throw new Error('not here');
		return text(state.has);
	};
	const ps = (has: number) => `4711 ${has}\n`;
	const handed: ForegroundSystem = {
		platform,
		now: () => state.now,
		stat: () => say('stat', (has) => stat(4711, has)),
		psNow: () => say('psNow', ps),
		ps: async () => say('ps', ps),
		onContinued: (listener) => {
			state.continued = listener;
		},
	};
	return Object.assign(state, { stay: foreground(handed) });
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Linux', () => {
	test('it is asked at most five times a second, and each return to the foreground is a new stay', () => {
		const it = system('linux');
		const first = it.stay();
		expect(first).toEqual(expect.any(Number));
		it.has = 100;
		it.now = 199;
		expect(it.stay()).toBe(first);
		expect(it.asked).toHaveLength(1);
		it.now = 200;
		expect(it.stay()).toBeUndefined();
		it.has = 4711;
		it.now = 399;
		expect(it.stay()).toBeUndefined();
		it.now = 400;
		expect(it.stay()).toEqual(expect.any(Number));
		expect(it.stay()).not.toBe(first);
		expect(it.asked).toHaveLength(3);
	});

	test('after a stop it asks at once, and the stay is a new one even if nothing was drawn meanwhile', () => {
		const it = system('linux');
		const first = it.stay();
		it.continued();
		expect(it.stay()).not.toBe(first);
		it.has = 100;
		it.continued();
		expect(it.stay()).toBeUndefined();
	});

	test('without /proc we count as in the foreground', () => {
		const it = system('linux');
		it.has = undefined;
		expect(it.stay()).toEqual(expect.any(Number));
	});
});

describe('macOS', () => {
	test('it waits for ps the first time, and later asks rarely and without waiting', async () => {
		const it = system('darwin');
		it.has = 100;
		expect(it.stay()).toBeUndefined();
		expect(it.asked).toEqual(['psNow']);
		it.has = 4711;
		it.now = 4999;
		expect(it.stay()).toBeUndefined();
		it.now = 5000;
		expect(it.stay()).toBeUndefined();
		await settled();
		expect(it.stay()).toEqual(expect.any(Number));
		expect(it.asked).toEqual(['psNow', 'ps']);
	});

	test('after a stop we count as in the background until ps has answered', async () => {
		const it = system('darwin');
		const first = it.stay();
		it.continued();
		expect(it.stay()).toBeUndefined();
		await settled();
		expect(it.stay()).toEqual(expect.any(Number));
		expect(it.stay()).not.toBe(first);
		it.has = 100;
		it.continued();
		await settled();
		expect(it.stay()).toBeUndefined();
	});

	test('without ps we count as in the foreground', async () => {
		const it = system('darwin');
		it.has = undefined;
		expect(it.stay()).toEqual(expect.any(Number));
		it.continued();
		await settled();
		expect(it.stay()).toEqual(expect.any(Number));
	});
});

test('on Windows we are always in the foreground', () => {
	const it = system('win32');
	expect(it.stay()).toEqual(expect.any(Number));
	expect(it.asked).toEqual([]);
});
