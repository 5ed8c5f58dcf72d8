/** The file or named pipe that a tool reports to, read while it comes. */
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs';
import { Lines } from './lines.ts';

/** Size in bytes from which the file is emptied: tools append, so what they write next starts at its beginning. */
const EMPTIED_FROM = 1 << 20;

/** Opens it for writing too, so that the tool finds the pipe open, and no end in it before there is a beginning. */
function openForBoth(path: string): number {
	const { O_CREAT, O_NONBLOCK = 0, O_RDWR } = constants;
	const open = () => openSync(path, O_RDWR | O_CREAT | O_NONBLOCK, 0o600);
	try {
		return open();
	} catch {
		// Some file systems make a named pipe and cannot open it: a file does as well.
		rmSync(path, { force: true });
		return open();
	}
}

/**
 * Read without waiting: the reader of a tool's stdout looks here first, since the tool reports before it prints, and
 * two ways of waiting would turn that round.
 */
export class Report {
	readonly #file: number;
	readonly #piped: boolean;
	readonly #lines = new Lines();
	readonly #piece = new Uint8Array(1 << 16);
	#at = 0;
	#closed = false;

	/** Opens the pipe, if one was prepared there; else makes the file, empty and for this user alone. */
	constructor(path: string) {
		this.#file = openForBoth(path);
		this.#piped = fstatSync(this.#file).isFIFO();
		if (!this.#piped) ftruncateSync(this.#file, 0);
	}

	/** The lines that have come since the last call. */
	read(): string[] {
		const lines: string[] = [];
		for (;;) {
			const size = this.#closed ? 0 : this.#take();
			if (size === 0) break;
			this.#at += size;
			lines.push(...this.#lines.push(this.#piece.subarray(0, size)));
		}
		if (!this.#piped && this.#at >= EMPTIED_FROM) {
			ftruncateSync(this.#file, 0);
			this.#at = 0;
		}
		return lines;
	}

	#take(): number {
		try {
			return readSync(this.#file, this.#piece, 0, this.#piece.length, this.#piped ? null : this.#at);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0; // nothing in the pipe now
			throw error;
		}
	}

	/** Bytes that were read so far from a pipe; 0 for a file, on which nobody waits. */
	get drained(): number {
		return this.#piped ? this.#at : 0;
	}

	close(): void {
		if (!this.#closed) closeSync(this.#file);
		this.#closed = true;
	}
}
