/** Lays out text in columns, for any width. */

/** East Asian wide and full-width forms, and emoji (Unicode's EastAsianWidth.txt, by blocks). */
const WIDE =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const WITHOUT_WIDTH = /[\p{Mn}\p{Me}\u200b-\u200d]/u;

/** Returns the width of a text on a terminal in cells. Wide characters take two cells, combining marks none. */
export function widthOf(text: string): number {
	let width = 0;
	for (const c of text) width += WITHOUT_WIDTH.test(c) ? 0 : WIDE.test(c) ? 2 : 1;
	return width;
}

/** Pads a text with spaces to `width` cells; a wider text stays as it is. */
export function padTo(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Breaks a text at spaces into lines of at most `width` cells. Longer words are cut. */
export function wrap(text: string, width: number): string[] {
	const most = Math.max(8, width);
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ').flatMap((one) => pieces(one, most))) {
		if (line !== '' && widthOf(line) + 1 + widthOf(word) > most) {
			lines.push(line);
			line = word;
		} else line = line === '' ? word : `${line} ${word}`;
	}
	return [...lines, line];
}

/** Returns the text if it fits into `width` cells, otherwise the words that fit and an ellipsis. */
export function shortened(text: string, width: number): string {
	if (widthOf(text) <= width) return text;
	const [first = ''] = wrap(text, width - 1);
	return `${first.replace(/[\s.,:;]+$/, '')}…`;
}

/** Returns the text if it fits into `width` cells, otherwise the characters that fit and an ellipsis. */
export function cutTo(text: string, width: number): string {
	return widthOf(text) <= width ? text : `${pieces(text, Math.max(1, width - 1))[0]}…`;
}

function pieces(word: string, most: number): string[] {
	const parts: string[] = [];
	let part = '';
	for (const c of word) {
		if (widthOf(part) + widthOf(c) > most) {
			parts.push(part);
			part = '';
		}
		part += c;
	}
	return [...parts, part];
}

/**
 * Lays out rows under headings. If they do not fit into `width` cells, each row becomes a block: its first cell alone, and
 * below it the other cells, indented, with their headings.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], width: number): string {
	const widths = headings.map((heading, column) => Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[column] ?? ''))));
	const total = widths.reduce((sum, one) => sum + one + 2, -2);
	if (total <= width) {
		const line = (cells: readonly string[]): string =>
			cells
				.map((cell, column) => padTo(cell, widths[column] ?? 0))
				.join('  ')
				.trimEnd();
		return `${[headings, ...rows].map(line).join('\n')}\n`;
	}
	return rows.map(([first = '', ...others]) => `${wrap(first, width).join('\n')}\n${pairs(headings.slice(1), others, width)}`).join('');
}

/** Lists names and values, one pair per line, indented by two. Values that do not fit continue on the next line. */
export function pairs(names: readonly string[], values: readonly string[], width: number): string {
	const left = Math.max(...names.map(widthOf), 0) + 4;
	return names
		.map((name, index) => {
			const [first = '', ...more] = wrap(values[index] ?? '', width - left);
			return [`  ${padTo(name, left - 2)}${first}`, ...more.map((line) => `${' '.repeat(left)}${line}`)]
				.map((line) => `${line.trimEnd()}\n`)
				.join('');
		})
		.join('');
}
