/** First come, first served: one at a time, each may stop waiting. */
export class Mutex {
	#taken = false;
	/** Those who wait, in order. */
	readonly #waiting = new Set<() => void>();

	readonly #end = (): void => {
		const [next] = this.#waiting;
		if (next === undefined) this.#taken = false;
		else {
			this.#waiting.delete(next);
			next();
		}
	};

	/** Resolves when it is the caller's turn, with the function that ends it, to be called once. Rejects with the signal's reason. */
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
