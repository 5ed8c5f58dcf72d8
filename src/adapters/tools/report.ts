/** The file that a tool reports to, read while it grows. */
import { closeSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { Lines } from './lines.ts';

/** Size in bytes from which the file is emptied: tools append, so what they write next begins it anew. */
const EMPTIED_FROM = 1 << 20;

/**
 * Read without waiting: whoever hears a tool's stdout looks here first, since the tool reports before it prints, and
 * two ways of waiting would turn that round.
 */
export class Report {
	readonly #file: number;
	readonly #lines = new Lines();
	readonly #piece = new Uint8Array(1 << 16);
	#at = 0;
	#closed = false;

	/** Makes the file, empty and for this user alone. */
	constructor(path: string) {
		this.#file = openSync(path, 'w+', 0o600);
	}

	/** The lines that have come since the last call. */
	read(): string[] {
		const lines: string[] = [];
		for (;;) {
			const size = this.#closed ? 0 : readSync(this.#file, this.#piece, 0, this.#piece.length, this.#at);
			if (size === 0) break;
			this.#at += size;
			lines.push(...this.#lines.push(this.#piece.subarray(0, size)));
		}
		if (this.#at >= EMPTIED_FROM) {
			ftruncateSync(this.#file, 0);
			this.#at = 0;
		}
		return lines;
	}

	close(): void {
		if (!this.#closed) closeSync(this.#file);
		this.#closed = true;
	}
}
