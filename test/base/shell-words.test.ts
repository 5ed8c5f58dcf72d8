import { expect, test } from 'vitest';
import { splitWords } from '#base/shell-words.ts';

test.each([
	['', []],
	['  a  b ', ['a', 'b']],
	[`-i "-e lua x = 'y'" a\\ b`, ['-i', "-e lua x = 'y'", 'a b']],
	['say "" \'\'', ['say', '', '']],
	[`"a \\" b" \\' 'a\\'`, ['a " b', "'", 'a\\']],
	['--filename C:\\new\\%f.%C "D:\\own pictures"', ['--filename', 'C:\\new\\%f.%C', 'D:\\own pictures']],
])('the words of %j', (line, words) => {
	expect(splitWords(line)).toEqual(words);
});

test.each(['get "a', "it's"])('an open quotation mark is not guessed at: %s', (line) => {
	expect(splitWords(line)).toBeUndefined();
});
