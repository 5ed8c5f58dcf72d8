/** A session from the moment the camera grants it to its end. */

import { childAbort } from '#base/child-abort.ts';
import type { Emit } from '#contract/events.ts';
import type { CameraWatch } from '#discovery/camera-watch.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { Session, SessionEnd } from './client.ts';

/** Why a session counts as lost when its camera searches again. */
const LEFT = 'it searches for a computer again, so it has left the session';

/** Passes on only the first `lost` event, because the client and the network watch may both notice the loss. */
export function lostOnce(emit: Emit): Emit {
	let lost = false;
	return (event) => {
		if (event.type === 'lost') {
			if (lost) return;
			lost = true;
		}
		emit(event);
	};
}

/** Lets the session begin and awaits its end. When the signal is aborted, the session is closed in an orderly way. */
export async function runSession(session: Session, signal: AbortSignal): Promise<SessionEnd> {
	const close = () => session.close();
	if (signal.aborted) close();
	else signal.addEventListener('abort', close, { once: true });
	try {
		session.begin();
		return await session.ended;
	} finally {
		signal.removeEventListener('abort', close);
	}
}

/** How a watched session ended. */
export interface WatchedEnd {
	end: SessionEnd;
	/** Since when the camera has been back, in the clock's milliseconds; undefined if it is not. */
	back: number | undefined;
}

/**
 * Like `runSession`, but also watches the network. A camera that searches for a computer has left its session, which TCP does not
 * notice when the battery was pulled. Searches can be forged, so a client that can ask the camera does so. Otherwise the session
 * is closed as lost.
 */
export async function runWatched(
	session: Session,
	camera: DetectedCamera,
	watch: CameraWatch,
	emit: Emit,
	signal: AbortSignal,
): Promise<WatchedEnd> {
	const over = childAbort(signal);
	let back: number | undefined;
	let lost: string | undefined;
	const watching = (async () => {
		for (;;) {
			const since = await watch.leftSession(camera, over.signal);
			if (since === undefined) return;
			back = since;
			if (session.answers === undefined) {
				lost = LEFT;
				emit({ type: 'lost', address: camera.address, why: LEFT });
				return session.close();
			}
			if (!(await session.answers())) return;
			back = undefined;
		}
	})();
	try {
		const end = await runSession(session, signal);
		return { end: lost === undefined ? end : { ...end, lost }, back };
	} catch (error) {
		// A client's error about a camera that is gone does not matter.
		if (lost === undefined) throw error;
		return { end: { exitCode: null, signal: null, lost, learnt: session.info }, back };
	} finally {
		over.abort('the session is over');
		over.release();
		await watching;
	}
}
