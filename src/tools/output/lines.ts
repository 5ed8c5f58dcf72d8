/** Bytes to lines, however they were cut. Output may be binary: a line is cut off at 4096 characters, nothing grows. */

/** Longest line that is kept, in bytes. */
export const LONGEST_LINE = 4096;

/** Joins the pieces of one stream into lines. */
export class Lines {
	readonly #decoder = new TextDecoder();
	readonly #begun = new Uint8Array(LONGEST_LINE);
	#have = 0;

	/** The lines that end in `bytes`, without `\n` or `\r\n`. */
	push(bytes: Uint8Array): string[] {
		const lines: string[] = [];
		let at = 0;
		for (;;) {
			const end = bytes.indexOf(0x0a, at);
			this.#keep(bytes.subarray(at, end === -1 ? bytes.length : end));
			if (end === -1) return lines;
			lines.push(this.partial);
			this.#have = 0;
			at = end + 1;
		}
	}

	/** What has come of the next line. */
	get partial(): string {
		return this.#decoder.decode(this.#begun.subarray(0, this.#have)).replace(/\r$/, '');
	}

	/** The last line, when it did not end. */
	end(): string[] {
		const last = this.partial;
		this.#have = 0;
		return last === '' ? [] : [last];
	}

	#keep(bytes: Uint8Array): void {
		const fits = bytes.subarray(0, LONGEST_LINE - this.#have);
		this.#begun.set(fits, this.#have);
		this.#have += fits.length;
	}
}
