import { describe, expect, test } from 'vitest';
import { judgeName } from '#contract/identity.ts';

const LONG = /longer than 16 characters/;
const FOREIGN = /outside ASCII/;

describe('a name for the camera’s screen', () => {
	test.each(['studio', "Anna's PC", 'x'.repeat(16)])('%s is fine', (name) => {
		expect(judgeName(name)).toEqual({});
	});

	test.each([
		['', /empty/],
		['  ', /empty/],
		['a:b', /":"/],
		['a\u0007b', /control/],
		['a\u2028b', /control/],
		['x'.repeat(201), /200/],
	])('%j cannot be shown', (name, why) => {
		expect(judgeName(name).refused).toMatch(why);
	});

	test('what is doubtful about it is all told', () => {
		expect(judgeName('x'.repeat(17)).warning).toMatch(LONG);
		expect(judgeName('Büro').warning).toMatch(FOREIGN);
		const both = judgeName('Büro im zweiten Stock').warning;
		expect(both).toMatch(LONG);
		expect(both).toMatch(FOREIGN);
	});
});
