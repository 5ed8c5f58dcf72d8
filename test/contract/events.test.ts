import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const source = readFileSync(new URL('../../src/contract/events.ts', import.meta.url), 'utf8');
const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');

const types = new Set([...source.matchAll(/type: '(\w+)'/g)].map(([, type]) => type));
const examples = page
	.split('\n')
	.filter((line) => line.startsWith('{"v":1'))
	.map((line) => JSON.parse(line) as { v: number; time: string; type: string });

test('docs/events.md has a row and an example of every event, and of nothing else', () => {
	const rows = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, type]) => type));
	expect([...rows].sort()).toEqual([...types].sort());
	expect([...new Set(examples.map(({ type }) => type))].sort()).toEqual([...types].sort());
});

test('each row names every field that is declared for its event', () => {
	const declared = [...source.slice(source.indexOf('export type Event =')).matchAll(/\{\s*type: '(\w+)'([^}]*)/g)];
	expect(declared.map(([, type]) => type).sort()).toEqual([...types].sort());
	for (const [, type, shape = ''] of declared) {
		const row = page.split('\n').find((line) => line.startsWith(`| \`${type}\` |`));
		const bare = shape.replace(/\/\*.*?\*\/|\[.*?\]/gs, ''); // comments, and names that are open
		for (const [, field] of bare.matchAll(/(\w+)\??:/g)) expect(row, `${type}.${field}`).toContain(`\`${field}\``);
	}
});

test('every example is a line as canon-wifi writes it', () => {
	for (const example of examples) {
		expect(Object.keys(example).slice(0, 3)).toEqual(['v', 'time', 'type']);
		expect(new Date(example.time).toISOString()).toBe(example.time);
	}
});
