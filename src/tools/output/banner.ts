/** Takes a tool's own words about its connecting out of the output that is passed on. */

const NEWLINE = 0x0a;

/**
 * Each of the lines is taken out once, wherever it comes until the tool is connected; after that only as long as nothing
 * else has come. All other bytes pass unchanged, and at once, except for the beginning of a line that may become one of these.
 */
export class Banner {
	readonly #lines: Set<string>;
	#begun: Uint8Array = new Uint8Array();
	/** What went on last did not end its line. */
	#inLine = false;

	constructor(lines: readonly string[]) {
		this.#lines = new Set(lines);
	}

	/** What of `bytes`, and of what was kept back before, may go on. */
	pass(bytes: Uint8Array, connected: boolean): Uint8Array {
		let left = joined(this.#begun, bytes);
		this.#begun = new Uint8Array();
		const out: Uint8Array[] = [];
		while (left.length > 0 && this.#lines.size > 0) {
			const end = left.indexOf(NEWLINE);
			const line = end === -1 ? left : left.subarray(0, end + 1);
			if (end === -1 && !this.#inLine && this.#mayBecome(line)) {
				this.#begun = left.slice();
				return joined(...out);
			}
			if (this.#inLine || end === -1 || !this.#lines.delete(text(line))) {
				if (connected) break;
				out.push(line);
				this.#inLine = end === -1;
			}
			left = left.subarray(line.length);
		}
		if (left.length > 0 && connected) this.#lines.clear();
		return joined(...out, left);
	}

	#mayBecome(line: Uint8Array): boolean {
		const begun = text(line);
		return [...this.#lines].some((one) => one.startsWith(begun));
	}
}

const text = (line: Uint8Array): string => new TextDecoder().decode(line).replace(/\r?\n?$/, '');

function joined(...parts: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
