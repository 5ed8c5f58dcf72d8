/** A screen on which a question can be asked: while it is open, nothing else is written. */
import type { Event } from '#contract/events.ts';
import { messageOf } from './messages.ts';
import type { Presenter } from './presenter.ts';

export interface Interruptible extends Presenter {
	/** Runs the question. Events that arrive meanwhile are queued and shown afterwards, except transient ones. */
	asking<T>(ask: () => Promise<T>): Promise<T>;
}

/** Events kept while a question is open; a person may be away for an hour. */
const MOST_KEPT = 1000;

/** Makes a presenter pause while a question is open. */
export function interruptible(shown: Presenter): Interruptible {
	let kept: Event[] | undefined;
	return {
		on: (event) => {
			if (kept === undefined) shown.on(event);
			else if (kept.length < MOST_KEPT && messageOf(event)?.level !== 'passing') kept.push(event);
		},
		asking: async (ask) => {
			if (kept !== undefined) return ask();
			const goOn = shown.still?.();
			kept = [];
			try {
				return await ask();
			} finally {
				const meanwhile = kept;
				kept = undefined;
				goOn?.();
				for (const event of meanwhile) shown.on(event);
			}
		},
		close: () => shown.close(),
	};
}
