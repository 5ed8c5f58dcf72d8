/** What the file system forbids, in PTP's words. */
import { RESPONSE } from '#protocol/ptp/responses.ts';

/** The response for an error of the file system. Throws what is none. */
export function responseOf(error: unknown): number {
	const { code } = error as NodeJS.ErrnoException;
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR':
		case 'EISDIR':
			return RESPONSE.invalidObjectHandle; // it is not (or not any more) what the handle stands for
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
