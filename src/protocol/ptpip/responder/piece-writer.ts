/**
 * Writes to a socket piece by piece, so that progress is visible when a slow reader takes only part of a large write. On
 * Windows libuv reports a write only when all of it is done.
 */
import type { Socket } from 'node:net';

/** Bytes given to the system at a time. */
const PIECE_BYTES = 64 * 1024;

interface Piece {
	bytes: Uint8Array;
	/** Called when these and all earlier bytes may be reused. */
	written: (() => void) | undefined;
}

/** Writes byte arrays to one socket. */
export class PieceWriter {
	readonly #socket: Socket;
	#pieces: Piece[] = [];
	#pieceBytes = 0;
	#writing = false;
	#ending = false;

	constructor(socket: Socket) {
		this.#socket = socket;
		socket.on('close', () => this.#drop());
	}

	/** Bytes that the system has not taken yet, as far as Node knows. */
	get unsent(): number {
		return this.#pieceBytes + this.#socket.writableLength;
	}

	/** Changes whenever the system takes bytes, even of the write under way. Node's own socket time-out looks at the same field. */
	get progress(): string {
		const { _handle: handle } = this.#socket as { _handle?: { writeQueueSize?: number } | null };
		return `${this.unsent} ${handle?.writeQueueSize ?? 0}`;
	}

	/** Writes these after everything written before. `written` is called when they may be reused, or are lost. */
	write(all: readonly Uint8Array[], written?: () => void): void {
		const pieces: Piece[] = [];
		for (const bytes of all)
			for (let at = 0; at < bytes.length; at += PIECE_BYTES)
				pieces.push({ bytes: bytes.subarray(at, at + PIECE_BYTES), written: undefined });
		const last = pieces.at(-1);
		if (last === undefined || this.#socket.destroyed || this.#ending) {
			written?.();
			return;
		}
		last.written = written;
		for (const piece of pieces) this.#pieceBytes += piece.bytes.length;
		this.#pieces.push(...pieces);
		this.#writeNext();
	}

	/** Ends the connection after everything written before. */
	end(): void {
		this.#ending = true;
		this.#writeNext();
	}

	/** Gives the next piece to the system, together with small ones after it. */
	#writeNext(): void {
		if (this.#writing) return;
		if (this.#socket.destroyed) {
			this.#drop();
			return;
		}
		const batch: Piece[] = [];
		for (let room = PIECE_BYTES; ; ) {
			const next = this.#pieces[0];
			if (next === undefined || next.bytes.length > room) break;
			room -= next.bytes.length;
			this.#pieceBytes -= next.bytes.length;
			batch.push(next);
			this.#pieces.shift();
		}
		if (batch.length === 0) {
			if (this.#ending) this.#socket.end();
			return;
		}
		this.#writing = true;
		this.#socket.cork();
		for (const [n, { bytes, written }] of batch.entries())
			this.#socket.write(bytes, () => {
				written?.();
				if (n < batch.length - 1) return;
				this.#writing = false;
				this.#writeNext();
			});
		this.#socket.uncork();
	}

	/** Releases everyone who waits for unwritten pieces, because the connection is over. */
	#drop(): void {
		this.#pieceBytes = 0;
		for (const { written } of this.#pieces.splice(0)) written?.();
	}
}
