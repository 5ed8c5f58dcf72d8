/** Bytes from the camera to a file: what comes while one write is under way goes into the next one together. */
import type { FileHandle } from 'node:fs/promises';
import type { Sink } from '../ptpip/connection.ts';

/** What is written to; `node:fs/promises` handles fit. */
export type WritableFile = Pick<FileHandle, 'writev'>;

export class FileSink implements Sink {
	/** Several transactions fill one file: the next is asked for while the last bytes of this are being written. */
	readonly ownPace = true;
	/** Where the next byte goes: bytes in the file so far, those on their way included. */
	position: number;
	readonly #file: WritableFile;
	readonly #onBytes: () => void;
	#atMost = Number.POSITIVE_INFINITY;
	#waiting: Uint8Array[] = [];
	#next: Promise<void> | undefined;
	#writing: Promise<void> = Promise.resolve();
	#written: number;
	#failed = false;
	#failure: unknown;

	/** Writes from `position` on; `onBytes` is called whenever bytes have come. */
	constructor(file: WritableFile, position: number, onBytes: () => void) {
		this.#file = file;
		this.position = position;
		this.#written = position;
		this.#onBytes = onBytes;
	}

	/** Refuses what goes beyond this place in the file. */
	limitTo(atMost: number): this {
		this.#atMost = atMost;
		return this;
	}

	/** Resolves when all that came is in the file; rejects with what went wrong. */
	async flushed(): Promise<void> {
		await this.#next;
		await this.#writing;
	}

	/** From the beginning again, after the file was cut to nothing. */
	restart(): void {
		this.position = 0;
		this.#written = 0;
		this.#atMost = Number.POSITIVE_INFINITY;
	}

	piece(bytes: Uint8Array): Promise<void> {
		if (this.#failed) throw this.#failure;
		if (this.position + bytes.length > this.#atMost) throw new RangeError('the camera sent more than it was asked for');
		this.position += bytes.length;
		this.#onBytes();
		this.#waiting.push(bytes);
		this.#next ??= this.#writing.then(() => this.#write());
		return this.#next;
	}

	async #write(): Promise<void> {
		let batch = this.#waiting;
		this.#waiting = [];
		this.#next = undefined;
		const writing = (async () => {
			while (batch.length > 0) {
				const { bytesWritten } = await this.#file.writev(batch, this.#written);
				if (bytesWritten === 0) throw new Error('the file takes no more bytes');
				this.#written += bytesWritten;
				batch = rest(batch, bytesWritten);
			}
		})();
		this.#writing = writing;
		writing.catch((error: unknown) => {
			this.#failed = true;
			this.#failure = error;
		});
		await writing;
	}
}

/** What is left of a batch after a short write. */
function rest(batch: readonly Uint8Array[], written: number): Uint8Array[] {
	let left = written;
	const remaining: Uint8Array[] = [];
	for (const bytes of batch) {
		if (left >= bytes.length) left -= bytes.length;
		else {
			remaining.push(left === 0 ? bytes : bytes.subarray(left));
			left = 0;
		}
	}
	return remaining;
}
