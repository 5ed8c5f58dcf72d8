import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIMULATE } from '#commands/simulate/flags.ts';
import { FAULT_SPECS } from '#simulator/faults/fault.ts';
import { models } from '#simulator/models/catalogue.ts';
import { FLOWS } from '#simulator/options.ts';

const text = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');

/** Told in one sentence each by the help; where the camera stands needs no page. */
const SELF_EVIDENT = ['interface'];

test.each(Object.entries(SIMULATE.flags).flatMap(([long, flag]) => ('hidden' in flag || SELF_EVIDENT.includes(long) ? [] : [long])))(
	'docs/simulator.md names --%s',
	(long) => {
		expect(text).toContain(`--${long}`);
	},
);

test('it names every flow, model and fault', () => {
	for (const flow of FLOWS) expect(text).toContain(`--flow ${flow}`);
	for (const { id } of models) expect(text).toContain(`\`${id}\``);
	for (const fault of Object.keys(FAULT_SPECS)) expect(text).toContain(`\`${fault}=`);
});

/** Names in quotes within a part of the source that declares the events. */
function declared(from: string, to: string, pattern: RegExp): string[] {
	const source = readFileSync(new URL('../../src/simulator/events.ts', import.meta.url), 'utf8');
	const part = source.slice(source.indexOf(from), source.indexOf(to, source.indexOf(from)));
	return [...part.matchAll(pattern)].map(([, name = '']) => name);
}

test('it names every event, every screen and every reason to go off', () => {
	const types = declared('export type SimulatorEvent =', 'export type SimulatorEmit', /\btype: '(\w+)'/g);
	const screens = declared('export type ScreenContents =', 'export type SimulatorEvent', /shows: '(\w+)'/g);
	const reasons = declared('export type OffReason =', 'export type ScreenContents', /\| '(\w+)'/g);
	expect([types.length, screens.length, reasons.length].every((count) => count > 5)).toBe(true);
	const section = text.slice(text.indexOf('## Events: `--json`'), text.indexOf('## What is not modelled'));
	for (const name of [...types, ...screens, ...reasons]) expect(section).toContain(`\`${name}\``);
});

test('every rule says how sure it is, and every source that is named is listed', () => {
	const levels = ['seen', 'reported', 'inferred', 'assumed'];
	const rules = text.split('\n').filter((line) => /^\| .* \|$/.test(line) && line.split('|').length > 5);
	expect(rules.length).toBeGreaterThan(50);
	for (const rule of rules.filter((line) => !line.startsWith('| Rule'))) expect(levels).toContain(rule.split('|')[3]?.trim());
	const sources = text.slice(text.indexOf('## Sources'));
	for (const [, name = ''] of text.matchAll(/\[([a-z0-9-]+)(?: issues)?\]/g))
		expect(sources).toMatch(new RegExp(`^\\|.*\\b${name}\\b.*\\|.*\\|$`, 'm'));
});
