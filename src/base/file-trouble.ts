/** What the system refuses, in words for people. */
import { CanonWifiError } from '#contract/errors.ts';

const WORDS: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'the disk can only be read',
	ENOSPC: 'the disk is full',
	EDQUOT: 'the disk quota is used up',
	EISDIR: 'it is a folder',
	ENOTDIR: 'a part of its path is not a folder',
	ELOOP: 'its path is a circle of links',
	ENAMETOOLONG: 'its path is too long',
	EMFILE: 'too many files are open',
	ENFILE: 'too many files are open on this computer',
	EIO: 'the disk failed',
	EFBIG: 'the file would be larger than is allowed',
	ENOENT: 'there is no such file or folder',
	EEXIST: 'it exists already',
	EBUSY: 'it is in use',
	ETXTBSY: 'it is in use',
	ENOMEM: 'there is not enough memory',
	EAGAIN: 'no more processes are allowed, or there is not enough memory',
	ENOBUFS: 'the network is out of memory',
	ENETDOWN: 'the network is down',
	ENETUNREACH: 'the network cannot be reached',
	EHOSTUNREACH: 'the network cannot be reached',
	EADDRNOTAVAIL: 'this computer does not have that address any more',
};

/** The code of a file system error (`EACCES`), or nothing for anything else. */
export function errnoOf(error: unknown): string | undefined {
	const code = (error as { code?: unknown } | undefined)?.code;
	return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Why a file could not be used, for a sentence. */
export function whyOf(error: unknown): string {
	const code = errnoOf(error);
	if (code !== undefined) return WORDS[code] ?? code;
	return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a failed fsync means that bytes did not get to the disk. Anything else (EINVAL, ENOTSUP, EPERM, ENOSYS) means
 * that this file system has no fsync, or not for this user.
 */
export function losesBytes(error: unknown): boolean {
	return ['EIO', 'ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '');
}

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
const NETWORK = 'Run `canon-wifi doctor`: it says what stands in the way.';

/**
 * Trouble of this computer as an error for people: the system refused something that nobody foresaw. Nothing for what is not
 * the system's, and for codes such as EBADF and EINVAL, which only a fault of ours brings about.
 */
export function systemTrouble(error: unknown): CanonWifiError | undefined {
	const code = errnoOf(error);
	const why = code === undefined ? undefined : WORDS[code];
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

/** What went wrong while a temporary folder was made or filled, as an error for people; anything else as it is. */
export function temporaryTrouble(folder: string, error: unknown): unknown {
	return errnoOf(error) === undefined ? error : new CanonWifiError('noTemporaryFolder', { folder, why: whyOf(error) }, { cause: error });
}
