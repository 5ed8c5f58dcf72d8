/** A tool's output on its way to ours: kept back until the attempt is known to be connected, then passed on as it comes. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** Bytes kept back. A tool that has said more than this is waited for until its attempt is decided. */
const KEPT_BYTES = 1 << 16;

/** Writes to `to` and waits while it is full. False when nobody reads there any more. */
async function give(to: Writable, bytes: Uint8Array): Promise<boolean> {
	if (to.destroyed || to.writableEnded) return false;
	if (to.write(bytes)) return true;
	const over = new AbortController();
	const { signal } = over;
	try {
		await Promise.race(['drain', 'close'].map((event) => once(to, event, { signal })));
		return !to.destroyed;
	} catch {
		return false;
	} finally {
		over.abort();
	}
}

/** Where one stream of a tool goes. */
export class HeldOutput {
	readonly #to: Writable | null;
	#kept: Uint8Array[] = [];
	#bytes = 0;
	#state: 'held' | 'open' | 'dropped';
	/** The writes so far, in order; false once nobody reads them. */
	#written: Promise<boolean> = Promise.resolve(true);
	#decide: () => void = () => {};
	readonly #decided = new Promise<void>((resolve) => {
		this.#decide = resolve;
	});

	/** `null`: nowhere. `held`: keep all back until `release` or `drop`. */
	constructor(to: Writable | null, held: boolean) {
		this.#to = to;
		this.#state = held ? 'held' : 'open';
	}

	/** No more is taken until the attempt is decided. */
	get full(): boolean {
		return this.#state === 'held' && this.#bytes >= KEPT_BYTES;
	}

	/** What was kept back may go on, now. */
	release(): void {
		if (this.#state !== 'held') return;
		this.#state = 'open';
		for (const bytes of this.#kept) this.#write(bytes);
		this.#kept = [];
		this.#decide();
	}

	/** What was kept back, and all that follows, is not wanted. */
	drop(): void {
		if (this.#state !== 'held') return;
		this.#state = 'dropped';
		this.#kept = [];
		this.#decide();
	}

	/** Settles when there is room for more. False: nobody reads it any more. */
	async pass(bytes: Uint8Array): Promise<boolean> {
		if (this.#to === null || this.#state === 'dropped') return true;
		if (this.#state === 'open') return this.#write(bytes);
		this.#kept.push(bytes);
		this.#bytes += bytes.length;
		if (this.full) await this.#decided;
		return true;
	}

	/** Settles when all that may go on has gone. */
	async flushed(): Promise<void> {
		await this.#written;
	}

	#write(bytes: Uint8Array): Promise<boolean> {
		const to = this.#to;
		this.#written = this.#written.then((read) => read && to !== null && give(to, bytes));
		return this.#written;
	}
}

/**
 * Reads a stream to its end: what `look` leaves of each piece goes to `output`. `idle` is called with true while it waits for
 * more and with false while it has something in hand. Ends early, and calls `unread`, when nobody reads ours any more.
 */
export async function pump(
	from: Readable | null,
	output: HeldOutput,
	on: { look(bytes: Uint8Array): Uint8Array; idle(waiting: boolean): void; unread(): void },
): Promise<void> {
	if (from === null) return;
	try {
		on.idle(true);
		for await (const bytes of from as AsyncIterable<Uint8Array>) {
			on.idle(false);
			const passed = output.pass(on.look(bytes));
			// Nothing is under way until the attempt is decided: a tool that has ended is judged by what is known of it.
			if (output.full) on.idle(true);
			if (!(await passed)) {
				on.unread();
				return;
			}
			on.idle(true);
		}
	} catch {
		// The tool's end of the pipe broke: as good as its end.
	}
}
