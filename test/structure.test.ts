/** How the files of the program import one another; which room may know which is the linter's (biome.json). */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = new URL('../src/', import.meta.url);
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
	.map((file) => file.replaceAll('\\', '/'))
	.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

interface Import {
	/** As written. */
	specifier: string;
	/** The file it names, by its path below `src/`. */
	file: string;
}

/** Types count too: a reader who follows them must come to an end. Imports on use do not: they are there to load later. */
const importsOf = new Map(files.map((file) => [file, importsIn(file)]));

function importsIn(file: string): Import[] {
	const text = readFileSync(new URL(file, SOURCE), 'utf8');
	return [...text.matchAll(/^(?:import|export) [^;]*?from '([.#][^'?]+)(?:\?\w+)?';/gms)].map(([, specifier = '']) => ({
		specifier,
		file: specifier.startsWith('#') ? specifier.slice(1) : posix.normalize(posix.join(posix.dirname(file), specifier)),
	}));
}

const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** Groups of files that import each other in a circle (Tarjan's strongly connected components). */
function circles(): string[][] {
	const found: string[][] = [];
	const order = new Map<string, number>();
	const lowest = new Map<string, number>();
	const stack: string[] = [];
	const visit = (file: string): number => {
		order.set(file, order.size);
		lowest.set(file, order.get(file) as number);
		stack.push(file);
		for (const { file: next } of importsOf.get(file) ?? []) {
			if (!order.has(next)) lowest.set(file, Math.min(lowest.get(file) as number, visit(next)));
			else if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) as number, order.get(next) as number));
		}
		if (lowest.get(file) === order.get(file)) {
			const circle = stack.splice(stack.indexOf(file));
			if (circle.length > 1) found.push(circle);
		}
		return lowest.get(file) as number;
	};
	for (const file of files) if (!order.has(file)) visit(file);
	return found;
}

test('every import leads to a file', () => {
	const lost = [...importsOf].flatMap(([file, imports]) =>
		imports.filter((one) => !files.includes(one.file)).map((one) => [file, one.specifier]),
	);
	expect(lost.filter(([, specifier]) => !specifier?.endsWith('.d.ts'))).toEqual([]);
	expect([...importsOf.values()].flat().length).toBeGreaterThan(files.length);
});

test('no files import each other in a circle', () => {
	expect(circles()).toEqual([]);
});

test('a file names files of its own room by a relative path, and those of others by the room', () => {
	const wrong = [...importsOf].flatMap(([file, imports]) =>
		imports
			.filter((one) => one.specifier.startsWith('.') !== (roomOf(one.file) === roomOf(file)))
			.map((one) => `${file} imports ${one.specifier}`),
	);
	expect(wrong).toEqual([]);
});
