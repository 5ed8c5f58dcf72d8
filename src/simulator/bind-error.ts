/** Turns the system's error of binding an address or port into an error of the catalogue. */

import { CodedError } from '#base/errors.ts';
import { listenFailure } from '#base/listen-failure.ts';

/** What could not be bound. `what` is its name for people. */
export interface BoundPlace {
	address: string;
	what: string;
	protocol: 'TCP' | 'UDP';
	port: number;
}

/** Returns `notOurAddress` if the computer does not have the address, otherwise `cannotListen`. */
export function bindError(error: unknown, { address, what, protocol, port }: BoundPlace, platform: string = process.platform): CodedError {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === 'EADDRNOTAVAIL') return new CodedError('notOurAddress', { given: address, ours: [] }, { cause: error });
	const trouble = listenFailure(code, { protocol, port, platform });
	const words = {
		taken: 'another program holds it',
		excluded: 'it lies in a range that Windows keeps for Hyper-V, WSL2 or Docker, or a program has it for itself alone',
	};
	const why = trouble.kind !== 'other' ? words[trouble.kind] : trouble.why === code ? message : trouble.why;
	return new CodedError('cannotListen', { what, why }, { cause: error });
}
