import { expect, test } from 'vitest';
import { splitWords } from '#base/shell-words.ts';

test.each([
	['', []],
	['  a  b ', ['a', 'b']],
	[`-i "-e lua x = 'y'" a\\ b`, ['-i', "-e lua x = 'y'", 'a b']],
	['say "" \'\'', ['say', '', '']],
	[`"a \\" b" \\' 'a\\'`, ['a " b', "'", 'a\\']],
	['--filename C:\\new\\%f.%C "D:\\own pictures"', ['--filename', 'C:\\new\\%f.%C', 'D:\\own pictures']],
])('splits %j into words', (line, words) => {
	expect(splitWords(line)).toEqual(words);
});

test.each(['get "a', "it's"])('returns nothing for a quotation mark that is not closed: %s', (line) => {
	expect(splitWords(line)).toBeUndefined();
});
