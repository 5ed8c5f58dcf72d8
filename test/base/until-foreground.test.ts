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

test('in the foreground nothing is waited for', async () => expect(await waited(0)).toEqual([]));

test('in the background it is said once, and looked for again and again', async () => {
	expect(await waited(3)).toEqual(['waits', 'slept 500', 'slept 500']);
});

test('it ends with the signal', async () => {
	const stop = new AbortController();
	expect(await waited(Number.POSITIVE_INFINITY, stop.signal, () => stop.abort())).toEqual(['waits', 'slept 500']);
});
