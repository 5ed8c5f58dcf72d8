/** What stands on the terminal: the panel, what the keys do, and the latest events below. */
import type { Screen } from '../events.ts';
import { cut } from './fit.ts';
import { type FrameStyle, hint, panel } from './panel.ts';

export interface Viewed {
	model: string;
	screen: Screen;
	/** Words of events, the latest last. */
	told: readonly string[];
}

/** Lines that fit `columns` x `rows`; the last row stays empty, so that nothing scrolls. */
export function view({ model, screen, told }: Viewed, columns: number, rows: number, style: FrameStyle): string[] {
	const top = [...panel(screen, model, columns, style), cut(` ${hint(screen)}`, columns), ''];
	const room = rows - 1 - top.length;
	const latest = room > 0 ? told.slice(-room) : [];
	return [...top, ...latest.map((line) => cut(line, columns))].slice(0, Math.max(1, rows - 1));
}
