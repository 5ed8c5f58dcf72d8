/** One line of a terminal that is written again and again, and leaves no trace when it has gone. */
import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import { widthOf } from '#base/table.ts';

export interface LiveLine {
	/** Puts this text into the place of what stands there. It must fit the window. `paint` adds what takes no room. */
	show(text: string, paint?: (text: string) => string): void;
	clear(): void;
	readonly shown: boolean;
}

/** In the background nothing is drawn, and what stood there before is no longer ours to erase. */
export function liveLine(write: (text: string) => void, columns: () => number, stay: ForegroundCheck = alwaysForeground): LiveLine {
	let width: number | undefined;
	let drawnIn: number | undefined;
	/** The present stay in the foreground, if there is one; what was drawn in another one is forgotten. */
	const here = () => {
		const now = stay();
		if (now !== drawnIn) width = undefined;
		drawnIn = now;
		return now !== undefined;
	};
	/** In a window that was made narrower meanwhile the terminal has broken the line into several. */
	const erase = () => {
		const above = width === undefined ? 0 : Math.max(0, Math.ceil(width / columns()) - 1);
		return `${above === 0 ? '' : `\u001b[${above}A`}\r\u001b[${above === 0 ? 'K' : 'J'}`;
	};
	return {
		show: (text, paint = (same) => same) => {
			if (!here()) return;
			write(`${erase()}${paint(text)}`);
			width = widthOf(text);
		},
		clear: () => {
			if (here() && width !== undefined) write(erase());
			width = undefined;
		},
		get shown() {
			return here() && width !== undefined;
		},
	};
}
