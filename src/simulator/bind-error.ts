/** An address or port that cannot be bound, as an error for people. */
import { CanonWifiError } from '../core/errors.ts';

/** `notOurAddress` when the machine lacks the address, else `cannotListen`. */
export function bindError(error: unknown, address: string, what: string): CanonWifiError {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === 'EADDRNOTAVAIL') return new CanonWifiError('notOurAddress', { given: address, ours: [] }, { cause: error });
	const why = code === 'EADDRINUSE' ? 'another program holds it' : code === 'EACCES' ? 'the system does not allow it' : message;
	return new CanonWifiError('cannotListen', { what, why }, { cause: error });
}
