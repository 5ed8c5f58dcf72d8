import { expect, test } from 'vitest';
import { Turns } from '#protocol/ptpip/initiator/turns.ts';

test('one at a time, in the order of asking', async () => {
	const turns = new Turns();
	const order: number[] = [];
	await Promise.all(
		[1, 2, 3].map(async (n) => {
			const done = await turns.take();
			order.push(n);
			await new Promise((resolve) => setImmediate(resolve));
			order.push(n);
			done();
		}),
	);
	expect(order).toEqual([1, 1, 2, 2, 3, 3]);
});

test('one that stops waiting loses its place, and those behind it do not wait for it', async () => {
	const turns = new Turns();
	const done = await turns.take();
	const tired = new AbortController();
	const waiting = turns.take(tired.signal);
	const behind = turns.take();
	tired.abort(new Error('tired'));
	await expect(waiting).rejects.toThrow('tired');
	done();
	(await behind)();
	// Who has had its turn is not disturbed by an abort that comes later.
	const late = new AbortController();
	const end = await turns.take(late.signal);
	late.abort();
	const next = turns.take();
	end();
	(await next)();
});
