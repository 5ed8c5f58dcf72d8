import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWERS, RateLimit } from '../../../src/core/ssdp/rate.ts';

const limit = () => new RateLimit(ANSWERS);

test('a neighbour gets five a second, and again five in the next', () => {
	const rate = limit();
	const granted = (from: number) => Array.from({ length: 20 }, (_, i) => rate.take('camera', from + i)).filter(Boolean).length;
	expect([granted(0), granted(500), granted(1000), granted(1100), granted(2100)]).toEqual([5, 0, 5, 0, 5]);
});

test('in no second do more than five of one neighbour or fifty in all get through', () => {
	const question = fc.record({ neighbour: fc.integer({ min: 1, max: 40 }), after: fc.integer({ min: 0, max: 60 }) });
	fc.assert(
		fc.property(fc.array(question, { minLength: 50, maxLength: 400 }), (questions) => {
			const rate = limit();
			let now = 0;
			const granted: { neighbour: string; at: number }[] = [];
			for (const { neighbour, after } of questions) {
				now += after;
				if (rate.take(String(neighbour), now)) granted.push({ neighbour: String(neighbour), at: now });
			}
			for (const { at, neighbour } of granted) {
				const second = granted.filter((one) => one.at > at - 1000 && one.at <= at);
				expect(second.length).toBeLessThanOrEqual(50);
				expect(second.filter((one) => one.neighbour === neighbour).length).toBeLessThanOrEqual(5);
			}
		}),
	);
});

describe('a camera that asks now and then is answered while', () => {
	/** Noise of `neighbours`, each asking `perSecond` times a second for three seconds; after the first, a camera asks now and then. */
	function camera(neighbours: number, perSecond: number): { asked: number; answered: number; others: number } {
		const rate = limit();
		const total = { asked: 0, answered: 0, others: 0 };
		const ticks = 3 * perSecond * neighbours;
		for (let tick = 0; tick < ticks; tick++) {
			const now = (tick * 3000) / ticks;
			if (rate.take(`noise ${tick % neighbours}`, now)) total.others++;
			if (now < 1000 || tick % Math.ceil(ticks / 7) !== 7) continue;
			total.asked++;
			if (rate.take('camera', now)) total.answered++;
		}
		return total;
	}

	test.each([
		['one neighbour asks 10,000 times a second', 1, 10_000],
		['ten neighbours ask as often as they would be answered', 10, 5],
		['ten neighbours ask 1,000 times a second', 10, 1000],
		['a whole subnet asks 40 times a second', 253, 40],
	])('%s', (_noise, neighbours, perSecond) => {
		const { asked, answered, others } = camera(neighbours, perSecond);
		expect(asked).toBeGreaterThan(2);
		expect(answered).toBe(asked);
		expect(others).toBeGreaterThanOrEqual(neighbours === 1 ? 15 : 100); // the others are not shut out either
	});
});

test('however many neighbours there are, only so many are remembered', () => {
	const rate = limit();
	for (let i = 0; i < 5000; i++) rate.take(`10.0.${i >> 8}.${i & 255}`, i);
	expect(rate.remembered).toBe(ANSWERS.neighbours);
});
