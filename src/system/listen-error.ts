/** Turns the system's error of opening a port into an error of the catalogue. */

import { listenFailure } from '#base/listen-failure.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** The port that could not be opened. */
export interface ListenPlace {
	protocol: 'TCP' | 'UDP';
	address: string;
	port: number;
	/** The flag that chooses another port; `--desc-port PORT` if absent. */
	flag?: string | undefined;
}

/**
 * Returns `portTaken` if another program has the port, `portExcluded` if Windows excludes it, otherwise `cannotListen` with
 * the reason. The system's error is the cause.
 */
export function listenError(error: NodeJS.ErrnoException, at: ListenPlace, platform: string = process.platform): CanonWifiError {
	const { protocol, address, port, flag = '--desc-port PORT' } = at;
	const trouble = listenFailure(error.code, { protocol, port, platform });
	if (trouble.kind === 'taken') return new CanonWifiError('portTaken', { port, address, protocol }, { cause: error });
	if (trouble.kind === 'excluded') return new CanonWifiError('portExcluded', { port, flag }, { cause: error });
	const why = trouble.why === error.code ? error.message : trouble.why;
	return new CanonWifiError('cannotListen', { what: `${protocol} port ${port} of ${address}`, why }, { cause: error });
}
