/**
 * Serialises all clients' transactions onto the one camera connection, first come, first served. Each client has at most one
 * request outstanding, so this is round-robin.
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

/** The client that sends a request, and its own transaction id for it. */
export interface Requester {
	client: number;
	transactionId: number;
}

/** What a `SharedConnection` reports. */
export interface SharedConnectionHooks {
	/** A client's operation was answered or given up. */
	operationOver(code: number): void;
}

/** The one connection to a camera, shared by its clients. */
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

	/** The PTP/IP connection to the camera. */
	get connection(): PtpipConnection {
		return this.camera.connection;
	}

	/** Number of clients that wait for their turn. */
	get waiting(): number {
		return this.#waiting;
	}

	/** The client's transaction that is under way. */
	get translation(): Translation | undefined {
		return this.#translation;
	}

	/**
	 * Forwards a client's operation unchanged, when its turn comes. Rejects with `ConnectionLost`, or with the signal's reason when
	 * the client gave up; the camera is then ready for the next operation.
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

	/** Runs several operations of our own without any client's in between. */
	async alone<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const done = await this.#takeTurn(signal);
		try {
			return await work();
		} finally {
			done();
		}
	}

	/** Listens to the camera's events until the returned function is called. */
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

/** Whether this response ended the camera's session for everyone. */
export function endsSession(code: number, answer: OperationResponse): boolean {
	return code === OPERATION.closeSession && answer.code === RESPONSE.ok;
}

/** The status fields of a camera that has not connected yet. */
export const UNKNOWN_CAMERA: Pick<HeldStatus, 'model' | 'serial'> = { model: null, serial: null };
