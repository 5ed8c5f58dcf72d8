import { describe, expect, test } from 'vitest';
import { builtinArgsProblem, parseCommand, parseLine } from '#builtin/rules/arguments.ts';
import { CanonWifiError } from '#contract/errors.ts';

test.each([
	[['info'], { do: 'info' }],
	[['ls'], { do: 'ls', path: undefined }],
	[['ls', 'DCIM/100CANON'], { do: 'ls', path: 'DCIM/100CANON' }],
	[['ls', '--', '-odd'], { do: 'ls', path: '-odd' }],
	[['get', 'IMG_0001.JPG'], { do: 'get', files: ['IMG_0001.JPG'], all: false, to: '.' }],
	[['get', '--to', 'out', 'a.jpg', 'b.jpg'], { do: 'get', files: ['a.jpg', 'b.jpg'], all: false, to: 'out' }],
	[['get', 'a.jpg', '--to=out'], { do: 'get', files: ['a.jpg'], all: false, to: 'out' }],
	[['get', '--all'], { do: 'get', files: [], all: true, to: '.' }],
	[['get', '--to', 'o', '--', '--all'], { do: 'get', files: ['--all'], all: false, to: 'o' }],
	[['lua', 'return', '1'], { do: 'lua', code: 'return 1' }],
	[['help'], { do: 'help' }],
	[['exit'], { do: 'quit' }],
])('%j', (words, command) => {
	expect(parseCommand(words)).toEqual(command);
	expect(builtinArgsProblem(words)).toBeUndefined();
});

test('no ARGS are the prompt', () => {
	expect(builtinArgsProblem([])).toBeUndefined();
});

test.each([
	[['gte', 'IMG_0001.JPG'], 'Did you mean `get IMG_0001.JPG`?'],
	[['inof'], 'Did you mean `info`?'],
	[['get', '--al'], 'Did you mean --all?'],
	[['--summary'], 'The commands are'],
	[['get'], 'get --all'],
	[['get', ''], '--all'],
	[['get', 'a.jpg', '--to'], 'For example'],
	[['get', 'a.jpg', '--to='], 'For example'],
	[['get', 'a', '--to', 'x', '--to', 'y'], 'one folder'],
	[['get', '--all', 'a.jpg'], 'Leave one out'],
	[['ls', 'a', 'b'], 'quotation marks'],
	[['ls', '-l'], 'ls PATH'],
	[['lua'], 'For example'],
	[['lua', ' '], 'For example'],
	[['info', 'x'], 'commands are'],
	[['\u001b[31mred'], 'commands are'],
])('%j is told before anything is opened', (words, next) => {
	const problem = builtinArgsProblem(words);
	expect(problem).toBeInstanceOf(CanonWifiError);
	expect(problem).toMatchObject({ code: 'usage', exitCode: 64, next: expect.stringContaining(next) });
	expect(problem?.message).not.toContain('\u001b');
});

describe('a line', () => {
	test.each([
		['', undefined],
		['  # a comment', undefined],
		['get "my file.jpg" --to \'C:\\Own Pictures\'', { do: 'get', files: ['my file.jpg'], all: false, to: 'C:\\Own Pictures' }],
		['get a\\ b.jpg', { do: 'get', files: ['a b.jpg'], all: false, to: '.' }],
		['get x --to C:\\out', { do: 'get', files: ['x'], all: false, to: 'C:\\out' }],
		['lua return "a  b", \'c', { do: 'lua', code: 'return "a  b", \'c' }],
		['ls ""', { do: 'ls', path: '' }],
	])('%j', (line, command) => {
		expect(parseLine(line)).toEqual(command);
	});

	test('with an open quotation mark is not guessed at', () => {
		expect(parseLine('get "a')).toMatchObject({ code: 'usage' });
	});
});
