/** What the files of the core import of one another. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const CORE = new URL('../src/contract/', import.meta.url);
const files = readdirSync(CORE, { recursive: true, encoding: 'utf8' })
	.map((file) => file.replaceAll('\\', '/'))
	.filter((file) => file.endsWith('.ts'));

/** Types count too: a reader who follows them must come to an end. */
const importsOf = new Map(
	files.map((file) => [
		file,
		[...readFileSync(new URL(file, CORE), 'utf8').matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gms)].map(([, to = '']) =>
			posix.normalize(posix.join(posix.dirname(file), to)),
		),
	]),
);

function circleFrom(file: string, way: readonly string[] = []): string | undefined {
	if (way.includes(file)) return [...way.slice(way.indexOf(file)), file].join(' > ');
	return importsOf
		.get(file)
		?.map((next) => circleFrom(next, [...way, file]))
		.find((circle) => circle !== undefined);
}

test('no file imports itself by way of others', () => {
	expect(importsOf.get('events.ts')).toContain('names.ts');
	expect(files.map((file) => circleFrom(file)).filter((circle) => circle !== undefined)).toEqual([]);
});
