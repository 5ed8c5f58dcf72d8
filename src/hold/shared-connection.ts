/**
 * The camera as its one client has it: one transaction at a time, whoever asks, in the order of asking. As every client
 * asks one thing at a time, that is a round of all who want something.
 */

import type { Camera } from '#camera/camera.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { Mutex } from '#protocol/ptpip/initiator/mutex.ts';
import type { OperationRequest, OperationResponse } from '#protocol/ptpip/initiator/transact.ts';
import type { PacketOf } from '#protocol/ptpip/packet.ts';
import type { Translation } from './rules/event-ids.ts';

/** Who asks, and under which number. */
export interface Requester {
	client: number;
	transactionId: number;
}

export interface SharedConnectionHooks {
	/** An operation of a client has been answered, or given up. */
	operationOver(code: number): void;
}

export class SharedConnection {
	readonly camera: Camera;
	readonly #hooks: SharedConnectionHooks;
	readonly #turns = new Mutex();
	#waiting = 0;
	#translation: Translation | undefined;

	constructor(camera: Camera, hooks: SharedConnectionHooks) {
		this.camera = camera;
		this.#hooks = hooks;
	}

	get connection(): PtpipConnection {
		return this.camera.connection;
	}

	/** Clients that wait for their turn. */
	get waiting(): number {
		return this.#waiting;
	}

	/** The transaction of a client that is under way. */
	get translation(): Translation | undefined {
		return this.#translation;
	}

	/**
	 * A client's operation in its turn, passed on as it is. Rejects with `ConnectionLost`, or with the signal's reason when
	 * the client gave up: the camera is then ready for the next.
	 */
	async exchange({ client, transactionId }: Requester, request: OperationRequest, signal: AbortSignal): Promise<OperationResponse> {
		const done = await this.#takeTurn(signal);
		try {
			return await this.connection.transact(request, {
				signal,
				keepSession: true,
				began: (camera) => {
					this.#translation = { client, camera, own: transactionId };
				},
			});
		} finally {
			this.#translation = undefined;
			this.#hooks.operationOver(request.code);
			done();
		}
	}

	/** Several operations of our own that no client's may come between. */
	async alone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const done = await this.#takeTurn(signal);
		try {
			return await work();
		} finally {
			done();
		}
	}

	/** Hears the camera's events until the function that comes back is called. */
	listen(listener: (event: PacketOf<'event'>) => void): () => void {
		return this.connection.listen(listener);
	}

	async #takeTurn(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		this.#waiting++;
		try {
			const done = await this.#turns.lock(signal);
			if (this.connection.lost === undefined && !signal.aborted) return done;
			done();
			throw this.connection.lost ?? signal.reason;
		} finally {
			this.#waiting--;
		}
	}
}

/** Whether this answer has ended the session for all: one that was passed on although it does that. */
export function endsSession(code: number, answer: OperationResponse): boolean {
	return code === OPERATION.closeSession && answer.code === RESPONSE.ok;
}

/** What is known of a camera that is not there. */
export const UNKNOWN_CAMERA: Pick<HeldStatus, 'model' | 'serial'> = { model: null, serial: null };
