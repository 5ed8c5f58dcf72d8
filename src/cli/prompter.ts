/**
 * Asks a person so that every question ends: by its answer, by Esc or Ctrl-C, by a signal to the process, or by the end of
 * the keyboard's input. Clack does not notice the last two and would wait indefinitely.
 */
import type { EventEmitter } from 'node:events';
import { Stopped } from '#contract/errors.ts';

export interface PrompterOptions {
	/** The keyboard. */
	input: Pick<EventEmitter, 'on' | 'off'>;
	/** Emits SIGCONT when the process was stopped (Ctrl-Z) and continues. */
	process: Pick<EventEmitter, 'on' | 'off'>;
	/** The process is to end. */
	signal: AbortSignal;
	/** Keeps the screen free for the question. */
	screen<T>(ask: () => Promise<T>): Promise<T>;
}

/**
 * Makes the function that asks. It throws the signal's reason, or `Stopped` when a question was left in any other way; `ask`
 * must end when its signal is aborted. `ask` is called again when the process was stopped and continues: the screen has changed.
 */
export function prompter(options: PrompterOptions): <T>(ask: (stop: AbortSignal) => Promise<T>) => Promise<Exclude<T, symbol>> {
	const { signal } = options;
	return async <T>(ask: (stop: AbortSignal) => Promise<T>) => {
		for (;;) {
			signal.throwIfAborted();
			const { answer, interrupted } = await askOnce(ask, options);
			signal.throwIfAborted();
			if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>;
			if (!interrupted) throw new Stopped('SIGINT');
		}
	};
}

/** `interrupted`: it ended because the process was stopped and continues. */
async function askOnce<T>(
	ask: (stop: AbortSignal) => Promise<T>,
	{ input, process, signal, screen }: PrompterOptions,
): Promise<{ answer: T; interrupted: boolean }> {
	// Of this question alone: a prompt that was answered still hears its signal, and would take the next one's keyboard away.
	const ended = new AbortController();
	const end = () => ended.abort();
	// Ctrl-D closes the line reader, which then pauses its input. So does an answer, but that has come by the next turn; and so
	// does the line reader itself when it goes on after Ctrl-Z.
	let pausing: NodeJS.Immediate | undefined;
	const onPause = () => {
		pausing ??= setImmediate(end);
	};
	let interrupted = false;
	const onContinued = () => {
		interrupted = true;
		onPause();
	};
	signal.addEventListener('abort', end, { once: true });
	input.on('pause', onPause);
	process.on('SIGCONT', onContinued);
	try {
		return { answer: await screen(() => ask(ended.signal)), interrupted };
	} finally {
		clearImmediate(pausing);
		input.off('pause', onPause);
		process.off('SIGCONT', onContinued);
		signal.removeEventListener('abort', end);
	}
}
