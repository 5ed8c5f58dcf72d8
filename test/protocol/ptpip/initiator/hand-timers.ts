/** Time that stands still until it is moved by hand. */
import type { Timers } from '#base/timers.ts';

export interface HandTimers extends Timers {
	/** Lets so many milliseconds pass; what is due by then runs, in order. */
	advance(ms: number): void;
	/** Waits under way. */
	readonly pending: number;
}

export function handTimers(): HandTimers {
	let now = 0;
	const waits = new Set<{ at: number; run: () => void }>();
	return {
		now: () => now,
		after(ms, run) {
			const wait = { at: now + ms, run };
			waits.add(wait);
			return () => waits.delete(wait);
		},
		advance(ms) {
			const until = now + ms;
			for (;;) {
				const [next] = [...waits].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
				if (next === undefined) break;
				waits.delete(next);
				now = Math.max(now, next.at);
				next.run();
			}
			now = until;
		},
		get pending() {
			return waits.size;
		},
	};
}
