import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { widthOf } from '#base/table.ts';
import { streamOutput } from '#builtin/output.ts';

test('a progress line with wide letters is taken away as wide as it was', () => {
	const stderr = new PassThrough();
	const io = {
		stdin: new PassThrough(),
		stdout: new PassThrough(),
		stderr,
		stdinIsTerminal: true,
		stdoutIsTerminal: true,
		stderrIsTerminal: true,
		columns: () => 40,
		interrupt: () => {},
	};
	const output = streamOutput(io, () => 0);
	output.transfer({ file: 'DCIM/写真写真写真.JPG', to: 'x', bytes: 1, total: 2, state: 'running' });
	output.quiet();
	const [, shown = '', spaces = ''] = String(stderr.read()).split('\r');
	expect(shown).toContain('写真');
	expect(spaces).toBe(' '.repeat(widthOf(shown)));
});

test('in the background there is no progress line, and lines are written all the same', () => {
	let stay: number | undefined;
	let now = 0;
	const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
	const terminals = { stdinIsTerminal: true, stdoutIsTerminal: true, stderrIsTerminal: true };
	const output = streamOutput({ stdin, stdout, stderr, ...terminals, columns: () => 40, stay: () => stay, interrupt: () => {} }, () => now);
	const running = (bytes: number) => {
		now += 1000;
		output.transfer({ file: 'IMG_0001.JPG', to: 'x', bytes, total: 4, state: 'running' });
		return String(stderr.read() ?? '');
	};
	expect(running(1)).toBe('');
	output.err('A line.');
	expect(String(stderr.read())).toBe('A line.\n');
	stay = 1;
	expect(running(2)).toContain('IMG_0001.JPG');
	// It went to the background and came back: what it drew there before is not taken away.
	stay = 2;
	output.err('Another line.');
	expect(String(stderr.read())).toBe('Another line.\n');
});
