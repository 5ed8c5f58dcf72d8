/**
 * Our stdin, for the attempt that connects. What a refused attempt was given is kept and given to the next one; nothing
 * is read before the first.
 */
import type { Readable, Writable } from 'node:stream';

/** Bytes kept for another attempt. No more is read until the attempt is known to be connected. */
export const KEPT_BYTES = 1 << 16;

/** Stdin while it belongs to one attempt. */
export interface Attached {
	/** The attempt is connected: what it was given is its own, and the rest may flow. */
	confirm(): void;
	/** The attempt is over. */
	detach(): void;
}

/** Our stdin, given to one attempt after the other. */
export class ReplayableStdin {
	readonly #open: () => Readable;
	#source: Readable | undefined;
	#kept: Uint8Array[] = [];
	#ended = false;

	/** `open` is called at the first attempt; after that the stream is ours. */
	constructor(open: () => Readable) {
		this.#open = open;
	}

	/** Gives `to` all that was kept, then what comes; its end is passed on. Errors of `to` (a tool that has gone) are swallowed. */
	attach(to: Writable): Attached {
		this.#source ??= this.#open();
		const source = this.#source;
		let confirmed = false;
		let full = false;

		const flow = (): void => {
			if (full || (!confirmed && this.#keptBytes >= KEPT_BYTES)) source.pause();
			else source.resume();
		};
		const give = (bytes: Uint8Array): void => {
			if (to.destroyed || to.writableEnded) return;
			full = !to.write(bytes) || full;
		};
		const onData = (chunk: Uint8Array | string): void => {
			const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
			if (!confirmed) this.#kept.push(bytes);
			give(bytes);
			flow();
		};
		const onEnd = (): void => {
			this.#ended = true;
			to.end();
		};
		const onDrain = (): void => {
			full = false;
			flow();
		};

		to.on('error', () => {});
		to.on('drain', onDrain);
		for (const bytes of this.#kept) give(bytes);
		if (this.#ended || source.readableEnded || source.destroyed) onEnd();
		else {
			source.on('data', onData).once('end', onEnd).once('error', onEnd).once('close', onEnd);
			flow();
		}
		return {
			confirm: () => {
				confirmed = true;
				this.#kept = [];
				if (!this.#ended) flow();
			},
			detach: () => {
				source.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
				to.off('drain', onDrain);
				source.pause();
			},
		};
	}

	/** Lets go of the stream, so that it keeps no process alive. */
	close(): void {
		this.#source?.pause();
		(this.#source as { unref?: () => void } | undefined)?.unref?.();
	}

	get #keptBytes(): number {
		return this.#kept.reduce((sum, bytes) => sum + bytes.length, 0);
	}
}
