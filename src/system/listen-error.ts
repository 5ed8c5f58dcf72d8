/** Why a port could not be listened on, as our error. */

import { listenFailure } from '#base/listen-failure.ts';
import { CanonWifiError } from '#contract/errors.ts';

export interface ListenPlace {
	protocol: 'TCP' | 'UDP';
	address: string;
	port: number;
	/** The flag that chooses another port; `--desc-port PORT` if absent. */
	flag?: string;
}

/**
 * `portTaken` when somebody else has it, `portExcluded` when Windows keeps it, else `cannotListen` with the reason; the
 * system's error is the cause.
 */
export function listenError(error: NodeJS.ErrnoException, at: ListenPlace, platform: string = process.platform): CanonWifiError {
	const { protocol, address, port, flag = '--desc-port PORT' } = at;
	const trouble = listenFailure(error.code, { protocol, port, platform });
	if (trouble.kind === 'taken') return new CanonWifiError('portTaken', { port, address, protocol }, { cause: error });
	if (trouble.kind === 'excluded') return new CanonWifiError('portExcluded', { port, flag }, { cause: error });
	const why = trouble.why === error.code ? error.message : trouble.why;
	return new CanonWifiError('cannotListen', { what: `${protocol} port ${port} of ${address}`, why }, { cause: error });
}
