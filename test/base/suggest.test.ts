import { expect, test } from 'vitest';
import { nearest } from '#base/suggest.ts';

test.each([
	['tol', 'tool'],
	['otol', 'tool'],
	['unlok', 'unlock'],
	['keepallive', 'keepalive'],
	['TOOLPATH', 'toolPath'],
	['zzz', undefined],
	['', undefined],
])('the word nearest to %j is %j', (word, meant) => {
	expect(nearest(word, ['tool', 'toolPath', 'unlock', 'keepalive'])).toBe(meant);
});
