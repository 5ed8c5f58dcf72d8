/** The rows that `doctor` prints, and its exit code. */
import { EXIT } from '#contract/errors.ts';

/** The result of one check. */
export interface Row {
	/** What was checked, in a word or two. */
	topic: string;
	state: 'ok' | 'info' | 'warn' | 'error';
	/** What was found, in one or two sentences. */
	text: string;
	/** What to do; empty if there is nothing to do. Lines after the first are commands to copy as they are. */
	next: string;
	/** Nothing is wrong here, but this may still keep cameras away. */
	doubt?: true | undefined;
	/** Exit code of an error; network if absent. */
	exit?: number | undefined;
}

/** Makes a row. */
export const row = (topic: string, state: Row['state'], text: string, next = ''): Row => ({ topic, state, text, next });

/** Returns 0 without errors, otherwise the exit code of the most serious kind: network before settings. */
export function exitCodeOf(rows: readonly Row[]): number {
	const codes = rows.filter(({ state }) => state === 'error').map(({ exit }) => exit ?? EXIT.network);
	return [EXIT.network, EXIT.settings].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** Sums up all rows in a sentence. */
export function summaryOf(rows: readonly Row[]): string {
	const errors = rows.filter(({ state }) => state === 'error').length;
	if (errors > 0) return `${errors === 1 ? 'One error stands' : `${errors} errors stand`} in the way.`;
	const doubts = rows.filter(({ doubt }) => doubt).map(({ topic }) => `"${topic}"`);
	if (doubts.length > 0) return `No errors, but a camera may still not find this computer: see ${doubts.join(' and ')}.`;
	return 'No problems found.';
}
