import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { prompter } from '#cli/prompter.ts';
import { Stopped } from '#contract/errors.ts';

/** A question that ends as it is told to, and counts how often it was asked. */
function question() {
	const [input, process] = [new EventEmitter(), new EventEmitter()];
	const stop = new AbortController();
	const asks: ((answer: string) => void)[] = [];
	const ask = (signal: AbortSignal) =>
		new Promise<string | symbol>((resolve) => {
			asks.push(resolve);
			signal.addEventListener('abort', () => resolve(Symbol('cancelled')), { once: true });
		});
	const asking = prompter({ input, process, signal: stop.signal, screen: (asked) => asked() });
	const answer = asking(ask);
	answer.catch(() => {});
	return { input, process, stop, asks, answer };
}
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('the end of the input ends the question', async () => {
	const { input, answer, asks } = question();
	input.emit('pause');
	await expect(answer).rejects.toBeInstanceOf(Stopped);
	expect(asks).toHaveLength(1);
});

test('asks again after Ctrl-Z and fg, although the line reader pauses its input', async () => {
	const { input, process, answer, asks } = question();
	process.emit('SIGCONT');
	input.emit('pause');
	await settled();
	expect(asks).toHaveLength(2);
	asks[1]?.('studio');
	expect(await answer).toBe('studio');
	expect([input.listenerCount('pause'), process.listenerCount('SIGCONT')]).toEqual([0, 0]);
});

test('ends a question asked again when the process is to end', async () => {
	const { process, stop, answer, asks } = question();
	process.emit('SIGCONT');
	stop.abort(new Stopped('SIGTERM'));
	await expect(answer).rejects.toMatchObject({ exitCode: 143 });
	expect(asks).toHaveLength(1);
});
