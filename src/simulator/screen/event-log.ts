/** The lines below the panel: words of events, a run of the same operation in one line, so that a transfer leaves room for the rest. */
import type { SimulatorEvent } from '../events.ts';

/** Lines kept, and left on the terminal at the end. */
const MOST = 200;
const LEFT_BEHIND = 3;

interface Line {
	words: string;
	/** The operation, where it is one. */
	operation: number | undefined;
	times: number;
}

export class EventLog {
	readonly #lines: Line[] = [];

	add(event: SimulatorEvent, words: string): void {
		const operation = event.type === 'operation' ? event.code : undefined;
		const last = this.#lines.at(-1);
		if (last !== undefined && operation !== undefined && last.operation === operation) {
			last.words = words;
			last.times++;
		} else this.#lines.push({ words, operation, times: 1 });
		if (this.#lines.length > MOST) this.#lines.shift();
	}

	/** The latest last. */
	get lines(): string[] {
		return this.#lines.map(({ words, times }) => (times === 1 ? words : `${times} x ${words}`));
	}

	/** What is worth leaving behind: how it went, not what was said by the way. */
	get lastWords(): string[] {
		return this.#lines
			.filter(({ operation }) => operation === undefined)
			.slice(-LEFT_BEHIND)
			.map(({ words }) => words);
	}
}
