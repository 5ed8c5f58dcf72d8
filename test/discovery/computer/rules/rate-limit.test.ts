import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWERS, RateLimit } from '#discovery/computer/rules/rate-limit.ts';

const limit = () => new RateLimit(ANSWERS);

test('a neighbour gets five answers a second, and five more in the next', () => {
	const rate = limit();
	const granted = (from: number) => Array.from({ length: 20 }, (_, i) => rate.take('camera', from + i)).filter(Boolean).length;
	expect([granted(0), granted(500), granted(1000), granted(1100), granted(2100)]).toEqual([5, 0, 5, 0, 5]);
});

test('no second has more than five answers for one neighbour or fifty in all, preferred or not', () => {
	const question = fc.record({ neighbour: fc.integer({ min: 1, max: 40 }), after: fc.integer({ min: 0, max: 60 }) });
	fc.assert(
		fc.property(fc.array(question, { minLength: 50, maxLength: 400 }), (questions) => {
			const rate = limit();
			let now = 0;
			const granted: { neighbour: string; at: number }[] = [];
			for (const { neighbour, after } of questions) {
				now += after;
				if (rate.take(String(neighbour), now, neighbour > 20)) granted.push({ neighbour: String(neighbour), at: now });
			}
			for (const { at, neighbour } of granted) {
				const second = granted.filter((one) => one.at > at - 1000 && one.at <= at);
				expect(second.length).toBeLessThanOrEqual(50);
				expect(second.filter((one) => one.neighbour === neighbour).length).toBeLessThanOrEqual(5);
			}
		}),
	);
});

test.each([
	[1, 5, 5],
	[5, 5, 25],
	[8, 4, 32],
	[30, 1, 30],
])('%i neighbours that ask %i times a second are all answered', (neighbours, perSecond, inAll) => {
	const rate = limit();
	let answered = 0;
	for (let tick = 0; tick < 10 * inAll; tick++) if (rate.take(`neighbour ${tick % neighbours}`, (tick * 1000) / inAll)) answered++;
	expect(perSecond * neighbours * 10).toBe(answered);
});

interface Noise {
	sources: number;
	/** Questions a second, of all together. */
	perSecond: number;
	/** Who asks next: one after the other, or anybody. */
	source(n: number): number;
}

interface Camera {
	/** When it asks first; then every second. In milliseconds, like `until`. */
	from: number;
	until: number;
	/** Once answered, it reads the description and is preferred from then on. */
	reads?: boolean;
	preferred?: boolean;
}

/** Which of the camera's questions were answered, and how many of the others'. */
function under({ perSecond, source }: Noise, { from, until, reads = false, preferred = false }: Camera) {
	const rate = limit();
	const camera: boolean[] = [];
	let others = 0;
	for (let n = 0; (n * 1000) / perSecond < until; n++) {
		const now = (n * 1000) / perSecond;
		if (now >= from + camera.length * 1000) camera.push(rate.take('camera', now, preferred || (reads && camera.includes(true))));
		if (rate.take(`noise ${source(n)}`, now)) others++;
	}
	return { camera, first: camera.indexOf(true), others, remembered: rate.remembered };
}

const inTurn = (sources: number, perSecond: number): Noise => ({ sources, perSecond, source: (n) => n % sources });
/** Chance that is the same each time: a hash of the question's number. */
const byChance = (sources: number, perSecond: number, seed: number): Noise => ({
	sources,
	perSecond,
	source: (n) => Math.floor(((Math.imul((n + seed) ^ ((n + seed) >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32) * sources),
});

/** Noise of a home network: each source between once and forty times a second. */
const home = fc
	.record({ sources: fc.integer({ min: 2, max: 253 }), each: fc.integer({ min: 1, max: 40 }), chance: fc.boolean(), seed: fc.nat(1e6) })
	.map(({ sources, each, chance, seed }) => (chance ? byChance(sources, sources * each, seed) : inTurn(sources, sources * each)));
const phase = fc.integer({ min: 0, max: 999 });

describe('under the noise of a whole home network', () => {
	test('a camera that arrives is answered at its first or second request', () => {
		fc.assert(
			fc.property(home, phase, (noise, after) => {
				const from = 8000 + after;
				expect(under(noise, { from, until: from + 2000 }).first).toBeOneOf([0, 1]);
			}),
			{ numRuns: 40 },
		);
	});

	test('a camera that is there from the start is answered within eight seconds', () => {
		fc.assert(
			fc.property(home, phase, (noise, from) => {
				expect(under(noise, { from, until: from + 8000 }).first).toBeGreaterThanOrEqual(0);
			}),
			{ numRuns: 40 },
		);
	});

	test.each([1200, 4800, 10_000])(
		'%i questions a second of 240 are so loud that a camera among them is answered soon and often',
		(perSecond) => {
			const { camera } = under(inTurn(240, perSecond), { from: 500, until: 10_000 });
			expect(camera.slice(0, 2)).toContain(true);
			expect(camera.filter(Boolean).length).toBeGreaterThanOrEqual(8);
		},
	);

	test('a camera that has read the description is answered every time', () => {
		fc.assert(
			fc.property(home, phase, (noise, after) => {
				const { camera, first } = under(noise, { from: 8000 + after, until: 20_000, reads: true });
				expect(camera.slice(first)).not.toContain(false);
			}),
			{ numRuns: 20 },
		);
	});

	test('the others are answered too', () => {
		for (const perSecond of [200, 480, 10_000])
			expect(under(inTurn(240, perSecond), { from: 0, until: 10_000 }).others).toBeGreaterThan(300);
	});
});

test.each([
	['one neighbour that asks 10,000 times a second', inTurn(1, 10_000)],
	['ten neighbours that ask as often as they would be answered', inTurn(10, 50)],
	['ten neighbours that ask 1,000 times a second', inTurn(10, 10_000)],
])('%s take nothing from a camera', (_who, noise) => {
	for (const from of [500, 5500]) expect(under(noise, { from, until: from + 5000 }).camera).not.toContain(false);
});

test('a known camera among 60,000 forged addresses is answered every time', () => {
	const { camera } = under(byChance(60_000, 10_000, 7), { from: 500, until: 8000, preferred: true });
	expect(camera).toHaveLength(8);
	expect(camera).not.toContain(false);
});

test('a limited number of neighbours is remembered', () => {
	const { remembered } = under(inTurn(1e6, 2000), { from: 0, until: 70_000 });
	expect(remembered.asking).toBeLessThanOrEqual(ANSWERS.neighbours);
	expect(remembered.answered).toBeLessThanOrEqual(60 * ANSWERS.all);
});
