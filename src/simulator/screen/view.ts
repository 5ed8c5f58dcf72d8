/** Lays out the terminal: the panel, what the keys do, and the latest events below. */
import { wrap } from '#base/table.ts';
import type { ScreenContents } from '../events.ts';
import { cut } from './fit.ts';
import { type FrameStyle, hint, panel } from './panel.ts';

/** What is shown. */
export interface Viewed {
	model: string;
	screen: ScreenContents;
	/** Texts of events, the latest last. */
	told: readonly string[];
}

/** Returns lines that fit into `columns` x `rows`. The last row stays empty, so that nothing scrolls. */
export function view({ model, screen, told }: Viewed, columns: number, rows: number, style: FrameStyle): string[] {
	const top = [...panel(screen, model, columns, style), cut(` ${hint(screen)}`, columns), ''];
	const room = rows - 1 - top.length;
	const latest =
		room > 0
			? told
					.slice(-room)
					.flatMap((line) => indented(line, columns))
					.slice(-room)
			: [];
	return [...top, ...latest].slice(0, Math.max(1, rows - 1));
}

/** Breaks a line to the width instead of cutting it, because an address or a name may be at its end. */
function indented(line: string, columns: number): string[] {
	return wrap(line, columns - 2).map((part, n) => cut(n === 0 ? part : `  ${part}`, columns));
}
