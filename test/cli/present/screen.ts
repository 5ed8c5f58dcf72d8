/** A terminal's screen as far as the live line needs one: text, `\r`, `\n`, erasing and cursor up, in a window that breaks lines. */

export class Screen {
	columns: number;
	#rows: string[] = [''];
	#row = 0;
	#column = 0;

	constructor(columns = 80) {
		this.columns = columns;
	}

	write = (text: string): void => {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
		for (const [part, , count, code] of text.matchAll(/(\u001b\[(\d*)([A-Za-z]))|[\s\S]/gu)) {
			if (code === 'A') this.#row = Math.max(0, this.#row - Number(count || 1));
			else if (code === 'K') this.#rows[this.#row] = this.#line.slice(0, this.#column);
			else if (code === 'J') this.#rows = [...this.#rows.slice(0, this.#row), this.#line.slice(0, this.#column)];
			else if (code !== undefined)
				continue; // colours
			else if (part === '\r') this.#column = 0;
			else if (part === '\n') this.#down();
			else this.#put(part);
		}
	};

	/** The window made narrower: lines that no longer fit are broken, and the cursor goes with its text. */
	resize(columns: number): void {
		const before = this.#rows.slice(0, this.#row).flatMap((line) => broken(line, columns));
		const current = broken(this.#line, columns);
		this.#rows = [...before, ...current];
		this.#row = before.length + Math.max(0, Math.ceil(this.#column / columns) - 1);
		this.#column -= (this.#row - before.length) * columns;
		this.columns = columns;
	}

	get lines(): string[] {
		return this.#rows.map((line) => line.trimEnd());
	}

	get #line(): string {
		return this.#rows[this.#row] ?? '';
	}

	#put(character: string): void {
		if (this.#column >= this.columns) this.#down();
		this.#rows[this.#row] = `${this.#line.slice(0, this.#column).padEnd(this.#column)}${character}${this.#line.slice(this.#column + 1)}`;
		this.#column++;
	}

	#down(): void {
		this.#row++;
		this.#column = 0;
		this.#rows[this.#row] ??= '';
	}
}

function broken(line: string, columns: number): string[] {
	return Array.from({ length: Math.max(1, Math.ceil(line.length / columns)) }, (_, n) => line.slice(n * columns, (n + 1) * columns));
}
