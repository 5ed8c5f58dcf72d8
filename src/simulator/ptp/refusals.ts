/** Turns errors of the file system into PTP responses. */
import { RESPONSE } from '#protocol/ptp/responses.ts';

/** Returns the response for an error of the file system. Throws any other error again. */
export function responseOf(error: unknown): number {
	const { code } = error as NodeJS.ErrnoException;
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR':
		case 'EISDIR':
			return RESPONSE.invalidObjectHandle; // the handle's object is gone, or something else took its place
		case 'ENOSPC':
		case 'EDQUOT':
		case 'EFBIG':
			return RESPONSE.storeFull;
		case 'EROFS':
			return RESPONSE.storeReadOnly;
		case 'ENAMETOOLONG':
		case 'EINVAL':
			return RESPONSE.invalidParameter;
		case 'EIO':
		case 'ENXIO':
		case 'ENODEV':
			return RESPONSE.storeNotAvailable;
		case undefined:
			throw error;
		default:
			return RESPONSE.accessDenied; // EACCES, EPERM, EEXIST, ELOOP, EBUSY, ...
	}
}
