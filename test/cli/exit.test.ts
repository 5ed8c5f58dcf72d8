/** Trouble of this computer is told as such; only a fault of ours is one. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorEvent } from '#cli/exit.ts';
import { EXIT } from '#contract/errors.ts';

function thrown(work: () => unknown): unknown {
	try {
		work();
	} catch (error) {
		return error;
	}
	throw new Error('nothing was thrown');
}
const system = (code: string, more: object = {}) =>
	Object.assign(new Error(`${code}: in Node's words`), { code, syscall: 'open', ...more });

describe('a failure of this computer', () => {
	test.each<[what: string, error: unknown, message: string, next: RegExp]>([
		[
			'a missing file',
			thrown(() => readFileSync('/nonexistent/a')),
			// Windows' Node names the drive, too.
			`${resolve('/nonexistent/a')} cannot be used: there is no such file or folder.`,
			/Check/,
		],
		[
			'a missing folder',
			thrown(() => mkdtempSync('/nonexistent/b-')),
			'/nonexistent/b-XXXXXX cannot be used: there is no such file or folder.',
			/Check/,
		],
		[
			'a full disk',
			system('ENOSPC', { syscall: 'write' }),
			'The system refused what is needed here (write): the disk is full.',
			/Make room/,
		],
		['too many files', system('EMFILE', { path: '/a' }), '/a cannot be used: too many files are open.', /ulimit -n/],
		[
			'too many processes',
			system('EAGAIN', { syscall: 'spawn node' }),
			'The system refused what is needed here (spawn node): no more processes are allowed, or there is not enough memory.',
			/ulimit -u/,
		],
		['a folder that is gone', system('ENOENT', { syscall: 'uv_cwd' }), 'The current folder cannot be used: it no longer exists.', /cd/],
		[
			'the network',
			system('ENETUNREACH', { syscall: 'send' }),
			'The system refused what is needed here (send): the network cannot be reached.',
			/doctor/,
		],
		['a path that moves the cursor', system('EACCES', { path: 'a\u001b[2J' }), 'a\\x1b[2J cannot be used: permission denied.', /Check/],
	])('%s', (_, error, message, next) => {
		const event = errorEvent(error);
		expect(event).toMatchObject({ code: 'systemRefused', message, exitCode: EXIT.system });
		expect(event.next).toMatch(next);
	});
});

describe('a bug of ours', () => {
	test.each<[string, unknown]>([
		['a TypeError', new TypeError('x is not a function')],
		['a file that was closed', system('EBADF')],
		['a wrong argument', system('EINVAL')],
		['one of Node’s own', Object.assign(new Error('wrong'), { code: 'ERR_INVALID_ARG_TYPE' })],
		['a text', 'text'],
		['nothing', undefined],
	])('%s', (_, error) => expect(errorEvent(error)).toMatchObject({ code: 'bug', exitCode: EXIT.bug }));
});
