/** What shows events to people or programs. */
import type { Event } from '#contract/events.ts';

export interface Presenter {
	/** Shows one event. Never throws, never waits. */
	on(event: Event): void;
	/** Takes what moves off the screen, for somebody else to write there; the returned function brings it back. */
	still?(): () => void;
	/** Leaves the terminal as it was found. */
	close(): void;
}

/** Passes each event to several presenters (a terminal and a log file). */
export function both(...presenters: readonly Presenter[]): Presenter {
	return {
		on: (event) => {
			for (const presenter of presenters) presenter.on(event);
		},
		close: () => {
			for (const presenter of presenters) presenter.close();
		},
	};
}
