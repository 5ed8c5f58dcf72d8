/** An abort of one's own that also follows somebody else's. */
export interface ChildAbort {
	readonly signal: AbortSignal;
	abort(reason: unknown): void;
	/** Stops following. To be called when the work is over. */
	release(): void;
}

/** Aborts with `outer`, or alone. */
export function childAbort(outer: AbortSignal): ChildAbort {
	const own = new AbortController();
	const follow = () => own.abort(outer.reason);
	if (outer.aborted) follow();
	else outer.addEventListener('abort', follow, { once: true });
	return { signal: own.signal, abort: (reason) => own.abort(reason), release: () => outer.removeEventListener('abort', follow) };
}
