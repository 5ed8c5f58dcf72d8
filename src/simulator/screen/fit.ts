/** Cuts and pads text to columns of a terminal. */
import { widthOf } from '#base/table.ts';

/** Cuts a text to `columns` cells. A cut text ends in `...` if there is room for that. */
export function cut(text: string, columns: number): string {
	if (widthOf(text) <= columns) return text;
	const end = columns > 6 ? '...' : '';
	let kept = '';
	for (const c of text) {
		if (widthOf(kept + c + end) > columns) break;
		kept += c;
	}
	return kept + end;
}

/** Cuts or pads a text to exactly `columns` cells. */
export function fitTo(text: string, columns: number): string {
	const kept = cut(text, columns);
	return kept + ' '.repeat(Math.max(0, columns - widthOf(kept)));
}
