/** Text cut and filled to columns of a terminal. */
import { widthOf } from '#base/table.ts';

/** The beginning of the text that fits; what is cut ends in `...` where there is room for that. */
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

/** The same, filled with blanks. */
export function fitTo(text: string, columns: number): string {
	const kept = cut(text, columns);
	return kept + ' '.repeat(Math.max(0, columns - widthOf(kept)));
}
