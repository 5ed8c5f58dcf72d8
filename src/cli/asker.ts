/**
 * Asks a person, in such a way that every question ends: by its answer, by Esc or Ctrl-C, by a signal to the process, or by
 * the end of the keyboard's input. Of the last two clack knows nothing by itself and would wait for ever.
 */
import type { EventEmitter } from 'node:events';
import { Stopped } from '../core/stopped.ts';

export interface AskerOptions {
	/** The keyboard. */
	input: Pick<EventEmitter, 'on' | 'off'>;
	/** The process is to end. */
	signal: AbortSignal;
	/** Keeps the screen free for the question. */
	screen<T>(ask: () => Promise<T>): Promise<T>;
}

/** Throws the signal's reason, or `Stopped` when a question was left in any other way; `ask` must end when its signal is aborted. */
export function asker({ input, signal, screen }: AskerOptions): <T>(ask: (stop: AbortSignal) => Promise<T>) => Promise<Exclude<T, symbol>> {
	return async <T>(ask: (stop: AbortSignal) => Promise<T>) => {
		signal.throwIfAborted();
		// Of this question alone: a prompt that was answered still hears its signal, and would take the next one's keyboard away.
		const ended = new AbortController();
		const end = () => ended.abort();
		// Ctrl-D closes the line reader, which then pauses its input. So does an answer, but that has come by the next turn.
		let pausing: NodeJS.Immediate | undefined;
		const onPause = () => {
			pausing ??= setImmediate(end);
		};
		signal.addEventListener('abort', end, { once: true });
		input.on('pause', onPause);
		try {
			const answer = await screen(() => ask(ended.signal));
			signal.throwIfAborted();
			if (typeof answer === 'symbol') throw new Stopped('SIGINT');
			return answer as Exclude<T, symbol>;
		} finally {
			clearImmediate(pausing);
			input.off('pause', onPause);
			signal.removeEventListener('abort', end);
		}
	};
}
