import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widthOf } from '#base/table.ts';
import { formatDuration, progressLine, Rate } from '#transfer/rules/progress.ts';

const half = { name: 'MVI_0001.MP4', bytes: 150_000_000, total: 300_000_000, bytesPerSecond: 5_000_000 };

test('a wide terminal shows name, bar, share, rate and time left', () => {
	expect(progressLine(half, 80)).toBe('MVI_0001.MP4 [###############---------------]  50% 5.0 MB/s 0:30');
});

test('forty columns show all but the bar', () => {
	const line = progressLine(half, 40);
	expect(line).toBe('MVI_0001.MP4  50% 5.0 MB/s 0:30');
});

test('an unknown size shows what has come', () => {
	expect(progressLine({ ...half, total: undefined }, 80)).toBe('MVI_0001.MP4 150 MB 5.0 MB/s');
});

test('no line is wider than the terminal, whatever the name', () => {
	const name = fc.string({ unit: 'binary', maxLength: 100 });
	fc.assert(
		fc.property(
			name,
			fc.nat(),
			fc.option(fc.nat(), { nil: undefined }),
			fc.integer({ min: 11, max: 200 }),
			(text, bytes, total, columns) => {
				const line = progressLine({ name: text, bytes, total, bytesPerSecond: 1e6 }, columns);
				expect(widthOf(line)).toBeLessThan(columns);
				expect(line).not.toMatch(/\p{Cc}/u);
			},
		),
	);
});

test('the rate is that of the last seconds', () => {
	const rate = new Rate();
	expect(rate.bytesPerSecond).toBeUndefined();
	for (let at = 0; at <= 10_000; at += 100) rate.mark(at, at * 1000);
	expect(rate.bytesPerSecond).toBeCloseTo(1e6, -4);
	for (let at = 10_100; at <= 20_000; at += 100) rate.mark(at, 10_000_000);
	expect(rate.bytesPerSecond).toBe(0);
});

test.each([
	[0, '0:00'],
	[6.2, '0:07'],
	[754, '12:34'],
	[3723, '1:02:03'],
])('%f s are %s', (seconds, text) => {
	expect(formatDuration(seconds)).toBe(text);
});
