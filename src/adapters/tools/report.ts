/** The file that a tool reports to, read while it grows. */
import { type FileHandle, open } from 'node:fs/promises';
import { Lines } from './lines.ts';

/** Size in bytes from which the file is emptied: tools append, so what they write next begins it anew. */
const EMPTIED_FROM = 1 << 20;

export class Report {
	readonly #file: FileHandle;
	readonly #lines = new Lines();
	readonly #piece = new Uint8Array(1 << 16);
	#at = 0;

	private constructor(file: FileHandle) {
		this.#file = file;
	}

	/** Makes the file, empty and for this user alone. */
	static async create(path: string): Promise<Report> {
		return new Report(await open(path, 'w+', 0o600));
	}

	/** The lines that have come since the last call. */
	async read(): Promise<string[]> {
		const lines: string[] = [];
		for (;;) {
			const { bytesRead } = await this.#file.read(this.#piece, 0, this.#piece.length, this.#at);
			if (bytesRead === 0) break;
			this.#at += bytesRead;
			lines.push(...this.#lines.push(this.#piece.subarray(0, bytesRead)));
		}
		if (this.#at >= EMPTIED_FROM) {
			await this.#file.truncate(0);
			this.#at = 0;
		}
		return lines;
	}

	async close(): Promise<void> {
		await this.#file.close();
	}
}
