import { expect, test } from 'vitest';
import { Reads } from '#discovery/computer/rules/reads.ts';

test('a camera that reads once, and later again, is told of each time', () => {
	const reads = new Reads();
	expect([0, 100, 5000, 1e6].map((now) => reads.judge('192.168.1.33', now))).toEqual(Array(4).fill({ tell: true }));
});

test('a flood of readings is told of now and then, with the number of those left untold', () => {
	const reads = new Reads();
	let told = 0;
	let counted = 0;
	let last = 0;
	for (let i = 0; i < 12_689; i++) {
		const { tell, untold = 0 } = reads.judge('192.168.1.66', (i * 5000) / 12_689);
		if (!tell) continue;
		told++;
		counted += untold + 1;
		last = i;
	}
	expect(told).toBeGreaterThanOrEqual(5);
	expect(told).toBeLessThanOrEqual(10);
	expect(counted).toBe(last + 1); // none was lost on the way
});

test('in a flood from everywhere the first reading of each address is told of, and few besides', () => {
	const reads = new Reads();
	const told = new Map<string, number>();
	for (let i = 0; i < 25_300; i++) {
		const from = `192.168.1.${1 + (i % 253)}`;
		if (reads.judge(from, i / 5).tell) told.set(from, (told.get(from) ?? 0) + 1);
	}
	expect(told.size).toBe(253);
	expect([...told.values()].reduce((sum, times) => sum + times)).toBeLessThanOrEqual(253 + 6 * 20);
	expect(reads.judge('192.168.1.254', 5060)).toEqual({ tell: true, untold: expect.any(Number) });
});
