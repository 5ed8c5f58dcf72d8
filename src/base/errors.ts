/** Failures: what the system refuses, in words for people, and failures by their code in the public catalogue. */

/** Words for error codes. */
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

/** The code of a file system error (`EACCES`), or nothing for anything else. */
export function errnoOf(error: unknown): string | undefined {
	const code = (error as { code?: unknown } | undefined)?.code;
	return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Why a file could not be used, for a sentence. */
export function whyOf(error: unknown): string {
	const code = errnoOf(error);
	if (code !== undefined) return ERRNO_MESSAGES[code] ?? code;
	return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a failed fsync means that bytes did not get to the disk. Anything else (EINVAL, ENOTSUP, EPERM, ENOSYS) means
 * that this file system has no fsync, or not for this user.
 */
export function losesBytes(error: unknown): boolean {
	return ['EIO', 'ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '');
}

/** A failure by its code in the catalogue (contract/errors.ts), with the facts that the words there are made of. */
export class CodedError extends Error {
	override readonly name = 'CodedError';
	readonly code: string;
	readonly facts: Readonly<Record<string, unknown>>;
	/** What to do about it, where the facts hold that. */
	readonly next: string | undefined;

	constructor(code: string, facts: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
		super(typeof facts.problem === 'string' ? facts.problem : code, options);
		this.code = code;
		this.facts = facts;
		this.next = typeof facts.next === 'string' ? facts.next : undefined;
	}
}
