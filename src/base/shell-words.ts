/** Splits a line that a person typed into words. */

/**
 * Splits a line into words; returns `undefined` if a quotation mark is not closed. Quotation marks keep words together. A
 * backslash escapes a space or quotation mark after it. Anywhere else it stands for itself, because Windows paths are full
 * of backslashes.
 */
export function splitWords(line: string): string[] | undefined {
	const words: string[] = [];
	let word: string | undefined;
	let quote: string | undefined;
	for (let at = 0; at < line.length; at++) {
		const c = line[at] as string;
		const next = line[at + 1];
		if (quote !== "'" && c === '\\' && next !== undefined && (next === '"' || (quote === undefined && (next === ' ' || next === "'")))) {
			word = (word ?? '') + next;
			at++;
		} else if (quote !== undefined) {
			if (c === quote) quote = undefined;
			else word = (word ?? '') + c;
		} else if (c === '"' || c === "'") {
			quote = c;
			word ??= '';
		} else if (/\s/.test(c)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else word = (word ?? '') + c;
	}
	if (quote !== undefined) return undefined;
	if (word !== undefined) words.push(word);
	return words;
}
