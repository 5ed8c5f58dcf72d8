/** The live view of `hold` on a terminal: a block of lines below the messages, redrawn when it changes. */

import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import { widthOf } from '#base/table.ts';
import type { Emit, Event } from '#contract/events.ts';
import type { HoldStatus } from '#contract/hold-status.ts';
import { marksOf, viewLines } from '#hold/text/view.ts';
import { messageOf } from './messages.ts';

export interface HoldViewOptions {
	write(text: string): void;
	columns(): number;
	/** Milliseconds that never go back. */
	now(): number;
	/** When the terminal is ours. */
	stay?: ForegroundCheck | undefined;
	/** Shows what is not part of the view. */
	show: Emit;
}

/** How often it is looked at, in milliseconds. */
const LOOK_MS = 500;

export interface LiveHold {
	/** Shows an event above the view. */
	emit: Emit;
	/** Shows the status until closed. */
	view(status: () => HoldStatus): { close(): void };
	/** Off the screen while a question is asked there; the returned function brings it back. */
	still(): () => void;
	/** The screen is somebody else's from now on. */
	hide(): void;
}

/** The view, not shown until `view` is called. */
export function liveHold({ write, columns, now, stay = alwaysForeground, show }: HoldViewOptions): LiveHold {
	let shown: readonly string[] = [];
	let look: (() => readonly string[]) | undefined;

	/** In a window that was made narrower meanwhile the terminal has broken lines into several. */
	const erase = () => {
		here();
		const rows = shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns())), 0);
		if (rows > 0) write(`\u001b[${rows}A\r\u001b[J`);
		shown = [];
	};
	let drawnIn: number | undefined;
	/** Whether the terminal is ours. What was drawn in another stay there is no longer ours to erase. */
	const here = () => {
		const now = stay();
		if (now !== drawnIn) shown = [];
		drawnIn = now;
		return now !== undefined;
	};
	let asked = false;
	const draw = () => {
		const lines = asked || !here() ? [] : (look?.() ?? []);
		if (lines.length === shown.length && lines.every((line, n) => line === shown[n])) return;
		erase();
		if (lines.length > 0) write(`${lines.join('\n')}\n`);
		shown = lines;
	};
	let connected = false;
	// Left out: what the view shows anyway, what is only shown for a moment, and what every command of a client causes.
	const inView = (event: Event) => {
		if (event.type === 'connected' || event.type === 'lost') connected = event.type === 'connected';
		return event.type === 'attempt' || messageOf(event)?.level === 'passing' || (event.type === 'unlock' && event.done && connected);
	};

	return {
		emit: (event) => {
			if (inView(event) && look !== undefined) return;
			erase();
			show(event);
			draw();
		},
		view: (status) => {
			let marks = marksOf(status());
			let at = now();
			look = () => {
				const seen = status();
				const lines = viewLines(seen, marks, (now() - at) / 1000, Math.max(8, columns() - 1));
				if (now() - at >= LOOK_MS) {
					marks = marksOf(seen);
					at = now();
				}
				return lines;
			};
			draw();
			const timer = setInterval(draw, LOOK_MS);
			timer.unref();
			return {
				close: () => {
					clearInterval(timer);
					erase();
					look = undefined;
				},
			};
		},
		still: () => {
			erase();
			asked = true;
			return () => {
				asked = false;
				draw();
			};
		},
		hide: () => {
			erase();
			look = undefined;
		},
	};
}
