/** Single operations over a connection, for callers that want a result or an error. */
import { RESPONSE, responseName } from '../../ptp/responses.ts';
import type { PtpipConnection } from './connection.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';
import type { OperationRequest, OperationResponse, Sink, TransactOptions } from './transact.ts';

/** Thrown for any response other than OK. */
export class OperationRefused extends Error {
	override readonly name = 'OperationRefused';
	readonly code: number;
	readonly params: readonly number[];
	constructor(code: number, params: readonly number[]) {
		super(`the camera answered ${responseName(code)}`);
		this.code = code;
		this.params = params;
	}
}

/** Thrown when the camera answers OK after fewer bytes than it announced, or sends more than the caller accepts. */
export class WrongLength extends Error {
	override readonly name = 'WrongLength';
}

export interface PerformOptions extends TransactOptions {
	/** How long Device Busy is repeated. */
	busy?: Pick<Timeouts, 'busyMs' | 'busyPauseMs'> | undefined;
}

/**
 * Runs a transaction that must end with OK, repeating it for a while when the camera answers Device Busy. Throws
 * `OperationRefused`, `WrongLength` and what `transact` throws. Data for the camera must be an array, so that it can be
 * sent again.
 */
export async function perform(
	connection: PtpipConnection,
	request: OperationRequest,
	options: PerformOptions = {},
): Promise<OperationResponse> {
	const { busyMs, busyPauseMs } = options.busy ?? DEFAULT_TIMEOUTS;
	const began = performance.now();
	for (;;) {
		const answer = await connection.transact(request, options);
		if (answer.code === RESPONSE.ok) {
			if (answer.total !== undefined && answer.received !== answer.total)
				throw new WrongLength(`the camera sent ${answer.received} of the ${answer.total} bytes that it announced`);
			return answer;
		}
		if (answer.code !== RESPONSE.deviceBusy || performance.now() - began >= busyMs) throw new OperationRefused(answer.code, answer.params);
		await delay(busyPauseMs, options.signal);
	}
}

/** Like `perform`, and also returns the data. Throws `WrongLength` for more than `atMost` bytes, which are never held in memory. */
export async function fetchData(
	connection: PtpipConnection,
	request: OperationRequest & { atMost: number },
	options: PerformOptions = {},
): Promise<OperationResponse & { data: Uint8Array }> {
	const kept = collector(request.atMost);
	const answer = await perform(connection, { ...request, receive: kept.sink }, options);
	return { ...answer, data: kept.bytes() };
}

/** Waits `ms` milliseconds. Rejects with the signal's reason when it is aborted. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) return reject(signal.reason);
		const onAbort = () => {
			clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve();
		}, ms);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}

/** Collects data in one growing buffer, however small the pieces are. */
function collector(atMost: number): { sink: Sink; bytes(): Uint8Array } {
	let kept = new Uint8Array(0);
	let length = 0;
	return {
		sink: {
			begin(total) {
				length = 0;
				if (total !== undefined && total > atMost) throw new WrongLength(`the camera announced ${total} bytes where ${atMost} are plenty`);
			},
			piece(bytes) {
				const needed = length + bytes.length;
				if (needed > atMost) throw new WrongLength(`the camera sent more than ${atMost} bytes where fewer are plenty`);
				if (needed > kept.length) {
					const larger = new Uint8Array(Math.min(Math.max(needed, kept.length * 2, 1024), atMost));
					larger.set(kept.subarray(0, length));
					kept = larger;
				}
				kept.set(bytes, length);
				length = needed;
			},
		},
		bytes: () => kept.subarray(0, length),
	};
}
