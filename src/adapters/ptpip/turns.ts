/** First come, first served: one at a time, each may stop waiting. */
export class Turns {
	#last: Promise<void> = Promise.resolve();

	/** Resolves when it is the caller's turn, with the function that ends it. Rejects with the signal's reason. */
	async take(signal?: AbortSignal): Promise<() => void> {
		let done: () => void = () => {};
		const before = this.#last;
		this.#last = new Promise((resolve) => {
			done = resolve;
		});
		const aborted = await new Promise<boolean>((resolve) => {
			const onAbort = () => resolve(true);
			signal?.addEventListener('abort', onAbort, { once: true });
			void before.then(() => {
				signal?.removeEventListener('abort', onAbort);
				resolve(false);
			});
		});
		if (!aborted) return done;
		// Those behind still wait for the one in front.
		void before.then(done);
		throw signal?.reason;
	}
}
