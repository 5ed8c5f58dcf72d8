/** Errors of the operating system in words for people, and errors with a code of the public catalogue. */

/** Texts for the system's error codes, as part of a sentence. */
export const ERRNO_MESSAGES: Readonly<Record<string, string>> = {
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

/** Returns the code of a system error (`EACCES`), or `undefined` for any other error. */
export function errnoOf(error: unknown): string | undefined {
	const code = (error as { code?: unknown } | undefined)?.code;
	return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Says why a file could not be used, as part of a sentence. */
export function whyOf(error: unknown): string {
	const code = errnoOf(error);
	if (code !== undefined) return ERRNO_MESSAGES[code] ?? code;
	return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a failed fsync means that bytes did not reach the disk. Other codes (EINVAL, ENOTSUP, EPERM, ENOSYS) mean that
 * this file system does not support fsync, or not for this user.
 */
export function losesBytes(error: unknown): boolean {
	return ['EIO', 'ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '');
}

/** An error with a code of the catalogue in contract/errors.ts, and the facts that fill in the text there. */
export class CodedError extends Error {
	override readonly name = 'CodedError';
	readonly code: string;
	readonly facts: Readonly<Record<string, unknown>>;
	/** What to do about it, if the facts say so. */
	readonly next: string | undefined;

	constructor(code: string, facts: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
		super(typeof facts.problem === 'string' ? facts.problem : code, options);
		this.code = code;
		this.facts = facts;
		this.next = typeof facts.next === 'string' ? facts.next : undefined;
	}
}
