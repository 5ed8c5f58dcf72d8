/** A promise with the functions that settle it, as `Promise.withResolvers` returns it in newer versions of Node. */
export interface Resolvers<T> {
	readonly promise: Promise<T>;
	resolve(value: T): void;
	reject(error: unknown): void;
}

/** Returns a new promise and the functions that settle it. Node 20 has no `Promise.withResolvers`. */
export function withResolvers<T>(): Resolvers<T> {
	let resolve: (value: T) => void = () => {};
	let reject: (error: unknown) => void = () => {};
	const promise = new Promise<T>((onResolve, onReject) => {
		resolve = onResolve;
		reject = onReject;
	});
	return { promise, resolve, reject };
}
