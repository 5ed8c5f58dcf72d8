/** The clock of this computer. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '#base/clock.ts';

/** Longest delay of Node's timers, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** The real clock. */
export const systemClock: Clock = {
	now: () => performance.now(),
	date: () => new Date(),
	sleep: async (ms, signal) => {
		for (let left = ms; left > 0 && signal?.aborted !== true; left -= LONGEST_MS) await once(Math.min(left, LONGEST_MS), signal);
	},
};

function once(ms: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal?.addEventListener('abort', done, { once: true });
	});
}
