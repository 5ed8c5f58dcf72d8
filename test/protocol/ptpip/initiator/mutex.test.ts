import { expect, test } from 'vitest';
import { Mutex } from '#protocol/ptpip/initiator/mutex.ts';

test('one at a time, in the order of asking', async () => {
	const mutex = new Mutex();
	const order: number[] = [];
	await Promise.all(
		[1, 2, 3].map(async (n) => {
			const done = await mutex.lock();
			order.push(n);
			await new Promise((resolve) => setImmediate(resolve));
			order.push(n);
			done();
		}),
	);
	expect(order).toEqual([1, 1, 2, 2, 3, 3]);
});

test('one that stops waiting loses its place, and those behind it do not wait for it', async () => {
	const mutex = new Mutex();
	const done = await mutex.lock();
	const tired = new AbortController();
	const waiting = mutex.lock(tired.signal);
	const behind = mutex.lock();
	tired.abort(new Error('tired'));
	await expect(waiting).rejects.toThrow('tired');
	done();
	(await behind)();
	// Who has had its turn is not disturbed by an abort that comes later.
	const late = new AbortController();
	const end = await mutex.lock(late.signal);
	late.abort();
	const next = mutex.lock();
	end();
	(await next)();
});
