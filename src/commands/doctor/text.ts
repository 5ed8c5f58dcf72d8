/** What `doctor` found, for people. */
import { padTo, widthOf, wrap } from '#base/table.ts';
import { type Row, summaryOf } from '#doctor/rules/rows.ts';

const SIGNS: Readonly<Record<Row['state'], string>> = { ok: 'ok', info: 'info', warn: 'warn', error: 'error' };
/** Narrower than this, what was found stands below its topic. */
const SIDE_BY_SIDE = 60;

/** A row for each finding (state, topic, what was found, and below it what to do), then the verdict. */
export function findings(
	rows: readonly Row[],
	{ columns, paint }: { columns: number; paint(state: Row['state'], text: string): string },
): string {
	const topics = Math.max(...rows.map(({ topic }) => widthOf(topic)));
	const wide = columns >= SIDE_BY_SIDE;
	const indent = wide ? 5 + 2 + topics + 2 : 2;
	const lines = rows.flatMap(({ topic, state, text, next }) => {
		const [advice = '', ...commands] = next.split('\n');
		// A command that were broken into lines could not be copied.
		const below = [...wrap(text, columns - indent), ...(next === '' ? [] : wrap(`> ${advice}`, columns - indent)), ...commands];
		const head = `${paint(state, padTo(SIGNS[state], 5))}  ${padTo(topic, topics)}`;
		const block = wide ? [`${head}  ${below.shift() ?? ''}`] : [head.trimEnd()];
		return [...block, ...below.map((line) => `${' '.repeat(indent)}${line}`)];
	});
	return `${[...lines, '', ...wrap(summaryOf(rows), columns)].join('\n')}\n`;
}
