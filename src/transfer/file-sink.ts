/** Bytes from the camera to a file: what comes while one write is under way goes into the next one together. */
import type { FileHandle } from 'node:fs/promises';
import { WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Sink } from '#protocol/ptpip/initiator/transact.ts';
import { LocalTrouble } from './local-files.ts';

/** What is written to; `node:fs/promises` handles fit. */
export type WritableFile = Pick<FileHandle, 'writev'>;

/** More is no file: SDXC ends at 2 TiB. */
const LARGEST_CARD_BYTES = 2 ** 41;

/** What may come: `end` is the place in the file, known at the latest when data is announced. */
interface Room {
	bytes: number | undefined;
	whole: boolean;
	end: number | undefined;
}

export class FileSink implements Sink {
	/** Several transactions fill one file: the next is asked for while the last bytes of this are being written. */
	readonly detached = true;
	/** Where the next byte goes: bytes in the file so far, those on their way included. */
	position: number;
	readonly #file: WritableFile;
	readonly #onBytes: () => void;
	#room: Room | undefined;
	#refused = false;
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

	/** More came, or was announced, than the whole file has: what is in the file cannot be trusted to be of it. */
	get refused(): boolean {
		return this.#refused;
	}

	/**
	 * For the next transaction: up to `bytes` more. `whole`: all of them, and as many more as the camera announces now,
	 * which knows better than what it told before. `undefined`: as many as it announces, which it must do then.
	 * What does not fit is refused (`WrongLength`), if possible before the first byte.
	 */
	takes(bytes: number | undefined, whole: boolean): this {
		this.#room = { bytes, whole, end: bytes === undefined ? undefined : this.position + bytes };
		return this;
	}

	begin(total: number | undefined): void {
		if (this.#room === undefined) return;
		const { bytes, whole } = this.#room;
		if (total === undefined) {
			if (bytes === undefined) throw this.#refuse('the camera tells neither the size of the file nor how much it sends');
		} else if (bytes === undefined ? total > LARGEST_CARD_BYTES : whole ? total < bytes || total > LARGEST_CARD_BYTES : total > bytes)
			throw this.#refuse(
				bytes === undefined ? `the camera announced ${total} bytes` : `the camera announced ${total} bytes instead of ${bytes}`,
			);
		else if (bytes === undefined || whole) this.#room.end = this.position + total;
	}

	#refuse(why: string): WrongLength {
		this.#refused = this.#room?.whole === true;
		return new WrongLength(why);
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
		this.#room = undefined;
	}

	piece(bytes: Uint8Array): Promise<void> {
		if (this.#failed) throw this.#failure;
		const end = this.#room?.end;
		if (end !== undefined && this.position + bytes.length > end)
			throw this.#refuse(`the camera sent more than the ${this.#room?.bytes ?? end} bytes that there should be`);
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
				if (bytesWritten === 0) throw new LocalTrouble('the file takes no more bytes', true);
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
