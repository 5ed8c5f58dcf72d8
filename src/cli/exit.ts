/** From anything thrown to an `error` event. What is not a CanonWifiError is our bug and shows its stack. */
import { CanonWifiError, EXIT } from '../core/errors.ts';
import type { EventOf } from '../core/events.ts';

/** The `error` event for anything thrown. */
export function errorEvent(error: unknown): EventOf<'error'> {
	if (error instanceof CanonWifiError)
		return { type: 'error', code: error.code, message: error.message, next: error.next, exitCode: error.exitCode };
	const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return {
		type: 'error',
		code: 'bug',
		message: `This is a fault in canon-wifi itself: ${message}`,
		next: 'Please report it with the lines above; -v --log-file FILE records more.',
		exitCode: EXIT.bug,
	};
}
