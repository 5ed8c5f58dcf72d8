/** Events as they are, one JSON object a line: docs/events.md is the contract. */
import type { Event } from '#contract/events.ts';
import type { Presenter } from './presenter.ts';

/** Writes each event as one line. */
export function ndjson(write: (text: string) => void, now: () => Date): Presenter {
	return {
		on: ({ type, ...fields }: Event) => write(`${JSON.stringify({ v: 1, time: now().toISOString(), type, ...fields })}\n`),
		close: () => {},
	};
}
