/** Screen and keys back through CHDK, without disturbing a script of a client or its messages. */

import type { CameraOs } from '#protocol/chdk/os.ts';
import { CHDK, EXECUTE, LANGUAGE, LEVENT, SCRIPT_ERROR, SCRIPT_STATUS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { delay, fetchData, type PerformOptions, perform } from '#protocol/ptpip/initiator/operations.ts';

/** Longest error message that is believed. */
const MESSAGE_BYTES = 64 * 1024;
/** The script is one call; it ends within a moment. */
const SCRIPT_LOOKS = 50;
const LOOK_MS = 10;
/** A camera that is busy is asked again later, not waited for. */
const AT_ONCE: PerformOptions = { busy: { busyMs: 0, busyPauseMs: 0 } };

export type UnlockEnd = { done: true; levent: number } | { done: false; why: 'scriptRunning' | 'messagesWaiting' | 'failed' };

/**
 * Runs the one call that unlocks. To be run while no client's operation can come between. Rejects when the camera
 * refuses CHDK's operation or is gone.
 * @param evenWithMessages also while messages of a client's script wait: ours makes none unless it fails
 */
export async function unlockScreen(
	connection: PtpipConnection,
	os: CameraOs,
	evenWithMessages: boolean,
	signal: AbortSignal,
): Promise<UnlockEnd> {
	const options = { ...AT_ONCE, signal };
	const chdk = (params: readonly number[], source?: Uint8Array) =>
		perform(
			connection,
			{ code: OPERATION.chdk, params, ...(source === undefined ? {} : { send: { total: source.length, pieces: [source] } }) },
			options,
		);
	const status = async () => (await chdk([CHDK.scriptStatus])).params[0] ?? 0;

	const before = await status();
	if ((before & SCRIPT_STATUS.running) !== 0) return { done: false, why: 'scriptRunning' };
	const waiting = (before & SCRIPT_STATUS.messages) !== 0;
	if (waiting && !evenWithMessages) return { done: false, why: 'messagesWaiting' };

	const levent = LEVENT[os].unlock;
	// No flags that flush: what waits belongs to a client.
	const source = new TextEncoder().encode(`post_levent_to_ui(${levent})\0`);
	const [id = 0, failure = SCRIPT_ERROR.none] = (await chdk([CHDK.executeScript, LANGUAGE.lua | EXECUTE.noKill], source)).params;
	if (failure === SCRIPT_ERROR.running) return { done: false, why: 'scriptRunning' };
	for (let looks = 0; looks < SCRIPT_LOOKS; looks++) {
		const now = await status();
		if ((now & SCRIPT_STATUS.running) === 0) {
			const spoke = !waiting && (now & SCRIPT_STATUS.messages) !== 0;
			const failed = failure !== SCRIPT_ERROR.none || (spoke && (await readOwn(connection, id, options)));
			return failed ? { done: false, why: 'failed' } : { done: true, levent };
		}
		await delay(LOOK_MS, signal);
	}
	return { done: false, why: 'failed' };
}

/** Takes away the message of our own script, which can only be an error. */
async function readOwn(connection: PtpipConnection, id: number, options: PerformOptions): Promise<boolean> {
	const { params } = await fetchData(connection, { code: OPERATION.chdk, params: [CHDK.readScriptMsg], atMost: MESSAGE_BYTES }, options);
	return params[2] === id;
}
