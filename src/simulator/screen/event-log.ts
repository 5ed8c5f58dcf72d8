/** The lines below the panel: the texts of events. A run of the same operation takes one line, so that a transfer leaves room for other events. */
import type { SimulatorEvent } from '../events.ts';

/** How many lines are kept. */
const MOST = 200;
/** How many lines are left on the terminal at the end. */
const LEFT_BEHIND = 3;

interface Line {
	words: string;
	/** Code of the operation; `undefined` for any other event. */
	operation: number | undefined;
	times: number;
}

/** Collects the texts of events. */
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

	/** All lines, the latest last. */
	get lines(): string[] {
		return this.#lines.map(({ words, times }) => (times === 1 ? words : `${times} x ${words}`));
	}

	/** The last lines to leave on the terminal, without operations. */
	get lastWords(): string[] {
		return this.#lines
			.filter(({ operation }) => operation === undefined)
			.slice(-LEFT_BEHIND)
			.map(({ words }) => words);
	}
}
