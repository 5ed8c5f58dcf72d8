/** The only attempt loop, for tools, for hold, and for tools that go through a hold: tries until the camera grants a session. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { ToolId } from '#contract/names.ts';
import type { Attempted, Finished, Refused, Session } from './client.ts';
import { gaveUp, pauseBeforeAttempt, refusal } from './rules/attempts.ts';

/** What is attempted, and until when. */
export interface Attempts {
	tool: ToolId;
	/** Address of the first attempt, IPv4. */
	address: string;
	/** Makes one attempt. See `Client.connect`. */
	connect(address: string, emit: Emit, signal: AbortSignal): Promise<Attempted>;
	/** How long to try, in milliseconds; Infinity for no limit. An attempt that is under way then is given up. */
	limitMs: number;
	/** Waits before the next attempt. Resolves to its address, or undefined when the camera has left. */
	next(failed: number, signal: AbortSignal): Promise<string | undefined>;
	/** Makes the error for when the time is up. The default blames the camera. */
	gaveUp?: ((last: Refused, address: string, attempts: number, seconds: number) => Error) | undefined;
}

/**
 * Makes attempts until the camera grants a session. Emits an `attempt` event before each attempt and another one after each
 * refusal. Resolves to undefined when the camera left. Throws `cameraSilent` or `cameraRefused` when the time is up, what an
 * attempt throws, or the signal's reason.
 */
export async function attemptUntilGranted(
	attempts: Attempts,
	clock: Clock,
	emit: Emit,
	signal: AbortSignal,
): Promise<Session | Finished | undefined> {
	const { tool, limitMs } = attempts;
	const began = clock.now();
	const elapsed = () => clock.now() - began;
	const timeUp = (last: Refused, number: number) => (attempts.gaveUp ?? gaveUp)(last, address, number, Math.round(elapsed() / 1000));
	let { address } = attempts;
	let last: Refused = { outcome: 'noAnswer' };
	for (let number = 1; ; number++) {
		signal.throwIfAborted();
		const attempt = { type: 'attempt', number, tool, address } as const;
		emit(attempt);
		const result = await withinTime(limitMs - elapsed(), clock, signal, (within) => attempts.connect(address, emit, within));
		// An attempt that was cut short says less than the one before it.
		if (result === undefined) throw timeUp(last, number);
		if (result.outcome === 'session' || result.outcome === 'finished') return result;
		signal.throwIfAborted();
		emit({ ...attempt, ...refusal(result) });
		last = result;
		if (elapsed() + pauseBeforeAttempt(number) > limitMs) throw timeUp(last, number);
		const next = await attempts.next(number, signal);
		if (next === undefined) return undefined;
		address = next;
	}
}

/** Runs `work`. Resolves to undefined when it was given up because the time was up. */
async function withinTime<T>(
	ms: number,
	clock: Clock,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	const limited = childAbort(signal);
	const done = new AbortController();
	const over = new Error('the time to connect is over');
	void clock.sleep(Math.max(ms, 1), done.signal).then(() => {
		if (!done.signal.aborted) limited.abort(over);
	});
	try {
		return await work(limited.signal);
	} catch (error) {
		if (error !== over) throw error;
		return undefined;
	} finally {
		done.abort();
		limited.release();
	}
}
