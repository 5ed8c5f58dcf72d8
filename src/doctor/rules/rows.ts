/** The rows of `doctor`, and the exit code that they add up to. */
import { EXIT } from '#contract/errors.ts';

export interface Row {
	/** What was looked at, in a word or two. */
	topic: string;
	state: 'ok' | 'info' | 'warn' | 'error';
	/** What was found, one sentence or two. */
	text: string;
	/** What to do; empty when there is nothing to do. Lines after the first are commands, to be copied as they are. */
	next: string;
	/** Nothing is wrong here, and yet this may keep cameras away. */
	doubt?: true;
	/** Exit code of an error; network if absent. */
	exit?: number;
}

export const row = (topic: string, state: Row['state'], text: string, next = ''): Row => ({ topic, state, text, next });

/** 0 without errors; else the code of the kind that stands most in the way: network before settings. */
export function exitCodeOf(rows: readonly Row[]): number {
	const codes = rows.filter(({ state }) => state === 'error').map(({ exit }) => exit ?? EXIT.network);
	return [EXIT.network, EXIT.settings].find((code) => codes.includes(code)) ?? EXIT.done;
}

/** What all rows add up to, in a sentence. */
export function summaryOf(rows: readonly Row[]): string {
	const errors = rows.filter(({ state }) => state === 'error').length;
	if (errors > 0) return `${errors === 1 ? 'One error stands' : `${errors} errors stand`} in the way.`;
	const doubts = rows.filter(({ doubt }) => doubt).map(({ topic }) => `"${topic}"`);
	if (doubts.length > 0) return `No errors, but a camera may still not find this computer: see ${doubts.join(' and ')}.`;
	return 'No problems found.';
}
