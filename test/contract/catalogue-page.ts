/** Pages of docs/ that are made from a catalogue of the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('|  |', '| |');
	return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/** Compares `docs/NAME` with these lines; UPDATE_DOCS=1 writes it first. */
export function expectPage(name: string, lines: readonly string[]): void {
	const file = new URL(`../../docs/${name}`, import.meta.url);
	const text = lines.join('\n');
	if (process.env.UPDATE_DOCS === '1') writeFileSync(file, text);
	expect(readFileSync(file, 'utf8')).toBe(text);
}

/** A text of a catalogue: whole sentences, with every fact filled in. */
export function expectSentences(text: string): void {
	expect(text).toMatch(/^["A-Z`./0-9a-z]/);
	expect(text).toMatch(/[.?!]$/);
	expect(text).not.toMatch(/undefined|\[object|\bnull\b/);
}
