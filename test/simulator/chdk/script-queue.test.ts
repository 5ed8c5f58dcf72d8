import { expect, test } from 'vitest';
import { ScriptQueue } from '#simulator/chdk/script-queue.ts';
import { HandClock } from '../world.ts';

function full(): { queue: ScriptQueue<number>; clock: HandClock } {
	const clock = new HandClock();
	const queue = new ScriptQueue<number>(clock);
	for (let n = 0; n < 15; n++) expect(queue.add(n)).toBe(true);
	return { queue, clock };
}
const any = (): boolean => true;

test('15 fit; the oldest comes first', () => {
	const { queue } = full();
	expect(queue.add(15)).toBe(false);
	expect(queue.take()).toBe(0);
	expect(queue.add(15)).toBe(true);
	expect([queue.length, queue.take()]).toEqual([15, 1]);
});

test('who waits for room gets it when one is taken', async () => {
	const { queue } = full();
	const added = queue.addInTime(15, 1000);
	queue.take();
	expect(await added).toBe(true);
	expect(queue.length).toBe(15);
});

test('who waits in vain is told when the time is up, and adds nothing later', async () => {
	const { queue, clock } = full();
	const added = queue.addInTime(15, 1000);
	clock.advance(999);
	clock.advance(1);
	expect(await added).toBe(false);
	queue.take();
	expect(queue.length).toBe(14);
});

test('without a time limit nobody waits', async () => {
	const { queue } = full();
	expect(await queue.addInTime(15, 0)).toBe(false);
	expect(await new ScriptQueue(new HandClock()).takeInTime(any, 0)).toBeUndefined();
});

test('-1 is a day', async () => {
	const clock = new HandClock();
	const queue = new ScriptQueue<number>(clock);
	let got: unknown = 'waits';
	void queue.takeInTime(any, -1).then((message) => {
		got = message;
	});
	clock.advance(86_399_999);
	await Promise.resolve();
	expect(got).toBe('waits');
	clock.advance(1);
	await new Promise(setImmediate);
	expect(got).toBeUndefined();
});

test('messages for others are dropped', async () => {
	const { queue } = full();
	expect(await queue.takeInTime((n) => n === 3, 0)).toBe(3);
	expect(queue.length).toBe(11);
	const waited = queue.takeInTime((n) => n === 99, 1000);
	expect(queue.length).toBe(0);
	queue.add(98);
	queue.add(99);
	expect(await waited).toBe(99);
	expect(queue.length).toBe(0);
});

test('giving up ends the wait', async () => {
	const { queue } = full();
	const added = queue.addInTime(15, 1000);
	queue.giveUp();
	expect(await added).toBe(false);
});
