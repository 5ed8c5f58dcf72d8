/** An address or port that cannot be bound, as an error for people. */

import { CodedError } from '#base/errors.ts';
import { listenFailure } from '#base/listen-failure.ts';

/** What was to be bound: its words for people, and the port. */
export interface BoundPlace {
	address: string;
	what: string;
	protocol: 'TCP' | 'UDP';
	port: number;
}

/** `notOurAddress` when the machine lacks the address, else `cannotListen`. */
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
