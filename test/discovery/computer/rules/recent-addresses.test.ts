import { expect, test } from 'vitest';
import { RecentAddresses } from '#discovery/computer/rules/recent-addresses.ts';

test('an address is forgotten after a while', () => {
	const lately = new RecentAddresses(1000, 10);
	lately.add('a', 0);
	lately.add('b', 500);
	expect([lately.has('a', 999), lately.has('a', 1000), lately.has('b', 1000), lately.has('c', 0)]).toEqual([true, false, true, false]);
	lately.add('c', 1000);
	expect(lately.size).toBe(2);
});

test('the address added longest ago is forgotten when there are too many', () => {
	const lately = new RecentAddresses(1000, 2);
	for (const [at, address] of ['a', 'b', 'a', 'c'].entries()) lately.add(address, at);
	expect(['a', 'b', 'c'].map((address) => lately.has(address, 4))).toEqual([true, false, true]);
});
