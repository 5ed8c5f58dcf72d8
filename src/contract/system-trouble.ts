/** What the system refuses and nobody foresaw, as errors for people. */
import { ERRNO_MESSAGES, errnoOf } from '#base/errors.ts';
import { CanonWifiError } from './errors.ts';

/** What to do about some of them; the others are about one file or folder. */
const NEXT: Readonly<Record<string, string>> = {
	ENOSPC: 'Make room on that disk, then run the same command again.',
	EDQUOT: 'Make room on that disk, then run the same command again.',
	EROFS: 'Choose a folder on a disk that can be written.',
	EMFILE: 'Allow more open files, for example with `ulimit -n 1024`, then run the same command again.',
	ENFILE: 'Close other programs, then run the same command again.',
	ENOMEM: 'Close other programs or allow more memory, then run the same command again.',
	EAGAIN: 'Close other programs or allow more processes (`ulimit -u`), then run the same command again.',
	ENOBUFS: 'Wait a moment, then run the same command again.',
};
const CHECK = 'Check that it can be used, then run the same command again; -v --log-file FILE records more.';
const NETWORK = 'Run `canon-wifi doctor` to find the cause.';

/**
 * Trouble of this computer as an error for people: the system refused something that nobody foresaw. Nothing for what is not
 * the system's, and for codes such as EBADF and EINVAL, which only a fault of ours brings about.
 */
export function systemTrouble(error: unknown): CanonWifiError | undefined {
	const code = errnoOf(error);
	const why = code === undefined ? undefined : ERRNO_MESSAGES[code];
	if (code === undefined || why === undefined) return undefined;
	const { syscall, path } = error as { syscall?: unknown; path?: unknown };
	// Node's name for asking where we are.
	if (syscall === 'uv_cwd')
		return new CanonWifiError(
			'systemRefused',
			{
				what: 'The current folder cannot be used',
				why: 'it no longer exists',
				next: 'Change to another folder with `cd`, then run the same command again.',
			},
			{ cause: error },
		);
	const what =
		typeof path === 'string'
			? `${path} cannot be used`
			: `The system refused what is needed here${typeof syscall === 'string' ? ` (${syscall})` : ''}`;
	const next = NEXT[code] ?? (/^E(?:NET|HOST|ADDR)/.test(code) ? NETWORK : CHECK);
	return new CanonWifiError('systemRefused', { what, why, next }, { cause: error });
}
