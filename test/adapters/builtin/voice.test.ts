import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { streamVoice } from '../../../src/adapters/builtin/voice.ts';
import { widthOf } from '../../../src/core/table.ts';

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
	const voice = streamVoice(io, () => 0);
	voice.transfer({ file: 'DCIM/写真写真写真.JPG', to: 'x', bytes: 1, total: 2, state: 'running' });
	voice.quiet();
	const [, shown = '', spaces = ''] = String(stderr.read()).split('\r');
	expect(shown).toContain('写真');
	expect(spaces).toBe(' '.repeat(widthOf(shown)));
});
