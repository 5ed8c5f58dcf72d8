/** A session with a camera from its first packet to its last: whoever uses the camera need not know how either is done. */

import { printable } from '#base/text.ts';
import type { Identity } from '#contract/identity.ts';
import { guidOf } from '#protocol/ptpip/guid.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import { NO_CAMERA, NO_PTPIP } from '#protocol/ptpip/not-a-camera.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { Refused } from '#session/client.ts';
import { Camera } from './camera.ts';

/** Which camera, and as whom. */
export interface Endpoint {
	/** IPv4 address. */
	address: string;
	port: number;
	identity: Identity;
	/** This computer's name. */
	name: string;
}

/** How long what is under way may take when the session is ended, in milliseconds. */
const CANCEL_MS = 1500;
/** How long CloseSession may take at the end: a camera that is off answers nothing any more. */
const CLOSE_TIMEOUT_MS = 1500;

/** A camera whose session is open. */
export class OpenCamera {
	readonly camera: Camera;
	readonly #connection: PtpipConnection;
	readonly #over = new AbortController();
	#ending = false;
	#dropped = false;
	#limit: NodeJS.Timeout | undefined;

	constructor(connection: PtpipConnection, limits: Timeouts) {
		this.#connection = connection;
		this.camera = new Camera(connection, limits);
		// What is awaited ends at once when the camera leaves, whatever it is: also a person at the prompt.
		void connection.over.then((lost) => this.#over.abort(lost));
	}

	/** Aborted when the session is to end, and when the connection is over. */
	get over(): AbortSignal {
		return this.#over.signal;
	}

	/** Whether the session was ended from outside. */
	get ending(): boolean {
		return this.#ending;
	}

	/** Why the camera is gone, a sentence part; nothing while it is there, and when it was we who closed the connection. */
	lost(): string | undefined {
		const { lost } = this.#connection;
		return lost === undefined || this.#dropped ? undefined : printable(lost.message);
	}

	/** Ends what is under way, in order; after `CANCEL_MS` the connection is closed, whatever the camera goes on sending. */
	end(reason: unknown = new Error('the session is ended')): void {
		if (this.#ending) return;
		this.#ending = true;
		this.#over.abort(reason);
		this.#limit = setTimeout(() => this.drop(reason), CANCEL_MS);
	}

	/** Closes the connection at once. */
	drop(reason: unknown): void {
		this.#ending = true;
		this.#dropped = true;
		this.#over.abort(reason);
		this.#connection.drop();
	}

	/** Closes the session and the connection. Nothing may be under way any more. */
	async close(): Promise<void> {
		clearTimeout(this.#limit);
		await this.camera.closeSession(CLOSE_TIMEOUT_MS);
		await this.#connection.close();
	}
}

/**
 * Opens a session and lets `prepare` have the camera ready for use: all of that is given up when the signal is aborted. A
 * camera that does not take the connection or the session is a result. When anything fails, the session is closed. Throws
 * the signal's reason, and what `prepare` throws.
 */
export async function openCamera<T>(
	{ address, port, identity, name }: Endpoint,
	limits: Timeouts,
	signal: AbortSignal,
	prepare: (open: OpenCamera) => Promise<T>,
): Promise<Refused | T> {
	const { connection, failure } = await dial({ host: address, port, guid: guidOf(identity.uuid), name, timeouts: limits, signal });
	if (failure !== undefined) {
		const { outcome, said } = failure;
		return { outcome, said: printable(said), ...(failure.outcome === 'rejected' ? { reason: failure.reason } : {}) };
	}
	const open = new OpenCamera(connection, limits);
	const giveUp = () => open.drop(signal.reason);
	if (signal.aborted) giveUp();
	else signal.addEventListener('abort', giveUp, { once: true });
	try {
		try {
			await open.camera.open(open.over);
		} catch (error) {
			signal.throwIfAborted();
			const refused = notTaken(error);
			await open.close();
			return refused;
		}
		return await prepare(open);
	} catch (error) {
		await open.close();
		signal.throwIfAborted();
		throw error;
	} finally {
		signal.removeEventListener('abort', giveUp);
	}
}

/** The camera took the connection but no session: the same to whoever tries again. */
function notTaken(error: unknown): Refused {
	const refused = (said: string): Refused => ({ outcome: 'refused', said: printable(said) });
	if (error instanceof ConnectionLost) {
		if (error.kind === 'silent') return { outcome: 'noAnswer', said: printable(error.message) };
		return refused(error.kind === 'broken' ? `${NO_PTPIP}${error.message}` : error.message);
	}
	if (error instanceof OperationRefused) return refused(`no session: ${error.message}`);
	if (error instanceof WrongLength || error instanceof MalformedBytes)
		return refused(`${NO_CAMERA}what it says of itself cannot be read (${error.message})`);
	throw error;
}
