/** From anything thrown to an `error` event. What is neither a CanonWifiError nor a failure of this computer is our bug and shows its stack. */

import { CodedError } from '#base/errors.ts';
import { CanonWifiError, EXIT, fromTrouble } from '#contract/errors.ts';
import type { EventOf } from '#contract/events.ts';
import { systemTrouble } from '#contract/system-trouble.ts';

/** The `error` event for anything thrown. */
export function errorEvent(error: unknown): EventOf<'error'> {
	const known = error instanceof CanonWifiError ? error : error instanceof CodedError ? fromTrouble(error) : systemTrouble(error);
	if (known !== undefined) return { type: 'error', code: known.code, message: known.message, next: known.next, exitCode: known.exitCode };
	const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return {
		type: 'error',
		code: 'bug',
		message: `This is a bug in canon-wifi: ${message}`,
		next: 'Please report it with the lines above; -v --log-file FILE records more.',
		exitCode: EXIT.bug,
	};
}
