/** Opens a session with a camera and closes it again, so that callers need not know how either is done. */

import { childAbort } from '#base/child-abort.ts';
import { printable } from '#base/text.ts';
import type { Identity } from '#contract/identity.ts';
import { guidOf } from '#protocol/ptpip/guid.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import { NO_CAMERA, NO_PTPIP } from '#protocol/ptpip/not-a-camera.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { AttemptEnd } from '#session/client.ts';
import { Camera } from './camera.ts';
import { closeOnAbort, type Shutdown } from './shutdown.ts';

/** Which camera to connect to, and as whom. */
export interface CameraEndpoint {
	/** IPv4 address of the camera. */
	address: string;
	port: number;
	identity: Identity;
	/** This computer's name. */
	name: string;
}

/** A camera whose session is open. */
export interface OpenCamera {
	camera: Camera;
	/** Aborted when the caller's signal is, and when the connection is over. */
	over: AbortSignal;
	shutdown: Shutdown;
	/** Why the camera is gone, as part of a sentence; `undefined` while it is there, and if we closed the connection. */
	lost(): string | undefined;
}

/** Time limit for CloseSession, in milliseconds. A camera that is off does not answer. */
const CLOSE_TIMEOUT_MS = 1500;

/**
 * Opens a session, passes it to `use` and closes it in any case. A camera that refuses the connection or the session is a
 * result and not an error. Throws the signal's reason, and what `use` throws.
 */
export async function withCamera(
	{ address, port, identity, name }: CameraEndpoint,
	timeouts: Timeouts,
	signal: AbortSignal,
	use: (open: OpenCamera) => Promise<AttemptEnd>,
): Promise<AttemptEnd> {
	const { connection, failure } = await dial({ host: address, port, guid: guidOf(identity.uuid), name, timeouts, signal });
	if (failure !== undefined) {
		const { outcome } = failure;
		const said = printable(failure.said);
		return failure.outcome === 'rejected' ? { outcome, said, reason: failure.reason } : { outcome, said };
	}
	const camera = new Camera(connection, timeouts);
	// Everything that is awaited ends at once when the camera leaves, even a prompt that waits for a person.
	const over = childAbort(signal);
	void connection.over.then((lost) => over.abort(lost));
	const shutdown = closeOnAbort(connection, signal);
	const lost = () => (connection.lost === undefined || shutdown.dropped ? undefined : printable(connection.lost.message));
	try {
		try {
			await camera.open(over.signal);
		} catch (error) {
			signal.throwIfAborted();
			return notTaken(error);
		}
		return await use({ camera, over: over.signal, shutdown, lost });
	} finally {
		shutdown.release();
		over.release();
		await camera.closeSession(CLOSE_TIMEOUT_MS);
		await connection.close();
	}
}

/** The camera took the connection but refused the session. For a caller that tries again it is the same as a refusal. */
function notTaken(error: unknown): AttemptEnd {
	const refused = (said: string): AttemptEnd => ({ outcome: 'refused', said: printable(said) });
	if (error instanceof ConnectionLost) {
		if (error.kind === 'silent') return { outcome: 'noAnswer', said: printable(error.message) };
		return refused(error.kind === 'broken' ? `${NO_PTPIP}${error.message}` : error.message);
	}
	if (error instanceof OperationRefused) return refused(`no session: ${error.message}`);
	if (error instanceof WrongLength || error instanceof MalformedBytes)
		return refused(`${NO_CAMERA}what it says of itself cannot be read (${error.message})`);
	throw error;
}
