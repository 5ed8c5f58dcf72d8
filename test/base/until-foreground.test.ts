import { expect, test } from 'vitest';
import { untilForeground } from '#base/until-foreground.ts';

/** Waits until the terminal is ours at the look of this number (from 0), or for ever. */
async function waited(oursAt: number, signal = new AbortController().signal, onSleep: () => void = () => {}) {
	const said: string[] = [];
	let looks = 0;
	const stay = () => (looks++ >= oursAt ? 1 : undefined);
	await untilForeground(
		stay,
		async (ms) => {
			said.push(`slept ${ms}`);
			onSleep();
		},
		signal,
		() => said.push('waits'),
	);
	return said;
}

test('it does not wait in the foreground', async () => expect(await waited(0)).toEqual([]));

test('in the background it reports the waiting once and keeps checking', async () => {
	expect(await waited(3)).toEqual(['waits', 'slept 500', 'slept 500']);
});

test('it stops waiting when the signal is aborted', async () => {
	const stop = new AbortController();
	expect(await waited(Number.POSITIVE_INFINITY, stop.signal, () => stop.abort())).toEqual(['waits', 'slept 500']);
});
