/** Checks a value against a schema. Small enough to be loaded at every start; ajv takes longer to load than a camera may wait. */
import { printable } from '#base/text.ts';
import type { JsonType, Schema } from './schema.ts';

const MATCHES: Readonly<Record<JsonType, (value: unknown) => boolean>> = {
	string: (value) => typeof value === 'string',
	integer: (value) => Number.isInteger(value),
	boolean: (value) => typeof value === 'boolean',
	null: (value) => value === null,
	array: Array.isArray,
	object: isObject,
};

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the first problem as part of a sentence ("profiles[2].tool is none of ..."), or `undefined`. */
export function problemIn(schema: Schema, value: unknown, at = ''): string | undefined {
	const here = at === '' ? 'the whole' : printable(at);
	if (schema.type !== undefined) {
		const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
		if (!types.some((type) => MATCHES[type](value))) return `${here} is not ${types.map(withArticle).join(' or ')}`;
	}
	if (schema.enum !== undefined && !schema.enum.includes(value as string))
		return `${here} is none of ${schema.enum.map(String).join(', ')}`;
	if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern, 'u').test(value))
		return `${here} is not written as it should be`;
	if (schema.minimum !== undefined && typeof value === 'number' && value < schema.minimum) return `${here} is below ${schema.minimum}`;
	if (Array.isArray(value) && schema.items !== undefined) {
		for (const [index, item] of value.entries()) {
			const problem = problemIn(schema.items, item, `${at}[${index}]`);
			if (problem !== undefined) return problem;
		}
	}
	return isObject(value) ? problemInFields(schema, value, at) : undefined;
}

function problemInFields(schema: Schema, value: Record<string, unknown>, at: string): string | undefined {
	const path = (name: string): string => (at === '' ? name : `${at}.${name}`);
	for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${printable(path(name))} is missing`;
	for (const [name, field] of Object.entries(schema.properties ?? {})) {
		if (!Object.hasOwn(value, name)) continue;
		const problem = problemIn(field, value[name], path(name));
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function withArticle(type: JsonType): string {
	return { string: 'a text', integer: 'a whole number', boolean: 'true or false', null: 'null', array: 'a list', object: 'an object' }[
		type
	];
}
