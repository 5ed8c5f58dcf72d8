import { expect, test } from 'vitest';
import { Lately } from '#discovery/computer/rules/lately.ts';

test('what was long ago is forgotten', () => {
	const lately = new Lately(1000, 10);
	lately.did('a', 0);
	lately.did('b', 500);
	expect([lately.has('a', 999), lately.has('a', 1000), lately.has('b', 1000), lately.has('c', 0)]).toEqual([true, false, true, false]);
	lately.did('c', 1000);
	expect(lately.size).toBe(2);
});

test('of too many the one that did it longest ago goes', () => {
	const lately = new Lately(1000, 2);
	for (const [at, address] of ['a', 'b', 'a', 'c'].entries()) lately.did(address, at);
	expect(['a', 'b', 'c'].map((address) => lately.has(address, 4))).toEqual([true, false, true]);
});
