/** The help fitted to the window: where two columns have no room, what a word means stands below it. */
import { Help } from 'commander';
import { wrap } from '#base/table.ts';

/** A description beside its term needs at least this many columns. */
const LEAST_BESIDE = 40;

/** For commander's `configureHelp`: one row of a list. */
export function helpRow(term: string, termWidth: number, description: string, helper: Help): string {
	const width = helper.helpWidth ?? 80;
	if (description === '' || width - termWidth - 4 >= LEAST_BESIDE)
		return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
	return [`  ${term}`, ...wrap(description, width - 6).map((line) => `      ${line}`)].join('\n');
}

/** Breaks lines that are longer than the window (usage, examples), indenting what follows. */
export function fitted(text: string, width: number): string {
	return text
		.split('\n')
		.flatMap((line) => {
			if (line.length <= width) return [line];
			const indent = /^ */.exec(line)?.[0] ?? '';
			const [first = '', ...more] = wrap(line.trimStart(), width - indent.length - 2);
			return [`${indent}${first}`, ...more.map((one) => `${indent}  ${one}`)];
		})
		.join('\n');
}
