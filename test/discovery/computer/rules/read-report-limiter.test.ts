import { expect, test } from 'vitest';
import { ReadReportLimiter } from '#discovery/computer/rules/read-report-limiter.ts';

test('a camera that reads once, and later again, is reported each time', () => {
	const reads = new ReadReportLimiter();
	expect([0, 100, 5000, 1e6].map((now) => reads.decide('192.168.1.33', now))).toEqual(Array(4).fill({ report: true }));
});

test('a flood of reads is reported now and then, with the number of suppressed ones', () => {
	const reads = new ReadReportLimiter();
	let told = 0;
	let counted = 0;
	let last = 0;
	for (let i = 0; i < 12_689; i++) {
		const { report, suppressed = 0 } = reads.decide('192.168.1.66', (i * 5000) / 12_689);
		if (!report) continue;
		told++;
		counted += suppressed + 1;
		last = i;
	}
	expect(told).toBeGreaterThanOrEqual(5);
	expect(told).toBeLessThanOrEqual(10);
	expect(counted).toBe(last + 1); // none was lost on the way
});

test('in a flood from many addresses each first read is reported, and few others', () => {
	const reads = new ReadReportLimiter();
	const told = new Map<string, number>();
	for (let i = 0; i < 25_300; i++) {
		const from = `192.168.1.${1 + (i % 253)}`;
		if (reads.decide(from, i / 5).report) told.set(from, (told.get(from) ?? 0) + 1);
	}
	expect(told.size).toBe(253);
	expect([...told.values()].reduce((sum, times) => sum + times)).toBeLessThanOrEqual(253 + 6 * 20);
	expect(reads.decide('192.168.1.254', 5060)).toEqual({ report: true, suppressed: expect.any(Number) });
});
