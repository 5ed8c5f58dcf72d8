/** A lock that is granted in the order of asking. Each waiter can stop waiting. */
export class Mutex {
	#taken = false;
	/** The waiters, in order. */
	readonly #waiting = new Set<() => void>();

	readonly #end = (): void => {
		const [next] = this.#waiting;
		if (next === undefined) this.#taken = false;
		else {
			this.#waiting.delete(next);
			next();
		}
	};

	/** Resolves when the lock is the caller's, with a function that releases it; call that once. Rejects with the signal's reason. */
	async lock(signal?: AbortSignal): Promise<() => void> {
		if (!this.#taken) {
			this.#taken = true;
			return this.#end;
		}
		await new Promise<void>((resolve, reject) => {
			const onAbort = () => {
				this.#waiting.delete(mine);
				reject(signal?.reason);
			};
			const mine = () => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			};
			this.#waiting.add(mine);
			signal?.addEventListener('abort', onAbort, { once: true });
		});
		return this.#end;
	}
}
