/** An abort signal of its own that also follows another one. */
export interface ChildAbort {
	readonly signal: AbortSignal;
	abort(reason: unknown): void;
	/** Stops following the outer signal. Call it when the work is over. */
	release(): void;
}

/** Makes an abort signal that aborts when `outer` does, and by itself through `abort`. */
export function childAbort(outer: AbortSignal): ChildAbort {
	const own = new AbortController();
	const follow = () => own.abort(outer.reason);
	if (outer.aborted) follow();
	else outer.addEventListener('abort', follow, { once: true });
	return { signal: own.signal, abort: (reason) => own.abort(reason), release: () => outer.removeEventListener('abort', follow) };
}
