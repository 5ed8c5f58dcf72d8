/**
 * Writes to a socket so that it shows when a slow reader takes some of a large write. On Windows libuv reports a write only when
 * all of it is done, so there it goes in pieces, one after the other. Elsewhere libuv tells how much of it is left, and pieces
 * would only cost time.
 */
import type { Socket } from 'node:net';

/** Bytes of one piece. */
const PIECE_BYTES = process.platform === 'win32' ? 64 * 1024 : Number.POSITIVE_INFINITY;
/** What may be given to the system together with a piece: the headers before it. */
const HEADERS_BYTES = 1024;

interface Piece {
	bytes: Uint8Array;
	/** Called when these and all earlier bytes may be reused. */
	written: (() => void) | undefined;
}

/** Writes byte arrays to one socket. */
export class PieceWriter {
	readonly #socket: Socket;
	/** Bytes of one piece. */
	readonly #mostBytes: number;
	#pieces: Piece[] = [];
	#pieceBytes = 0;
	#writing = false;
	#ending = false;

	constructor(socket: Socket, pieceBytes: number = PIECE_BYTES) {
		this.#socket = socket;
		this.#mostBytes = pieceBytes;
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
			for (let at = 0; at < bytes.length; at += this.#mostBytes)
				pieces.push({ bytes: bytes.subarray(at, at + this.#mostBytes), written: undefined });
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
		for (let room = this.#mostBytes + HEADERS_BYTES; ; ) {
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
