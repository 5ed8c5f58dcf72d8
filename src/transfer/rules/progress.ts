/** How a transfer goes, in numbers and in one line. Pure: milliseconds come in with the bytes. */
import { widthOf } from '#base/table.ts';
import { formatBytes, printable } from '#base/text.ts';

/** The rate is that of about the last this many milliseconds. */
const WINDOW_MS = 3000;

/** Bytes per second of the last seconds. */
export class Rate {
	#marks: { at: number; bytes: number }[] = [];

	/** `bytes` have come in all when the clock says `at` (milliseconds). */
	mark(at: number, bytes: number): void {
		const last = this.#marks.at(-1);
		// A mark every tenth of a second is enough, and keeps the list short.
		if (last !== undefined && this.#marks.length > 1 && at - (this.#marks.at(-2)?.at ?? 0) < 100) {
			last.at = at;
			last.bytes = bytes;
		} else this.#marks.push({ at, bytes });
		while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) >= WINDOW_MS) this.#marks.shift();
	}

	/** `undefined` until there is something to tell. */
	get bytesPerSecond(): number | undefined {
		const first = this.#marks[0];
		const last = this.#marks.at(-1);
		if (first === undefined || last === undefined || last.at <= first.at) return undefined;
		return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
	}
}

/** Seconds as `0:07`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
	const whole = Math.ceil(Math.max(0, seconds));
	const two = (n: number) => String(n).padStart(2, '0');
	const minutes = Math.floor(whole / 60);
	return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

export interface Progress {
	/** The camera's name for the file; may hold anything. */
	name: string;
	bytes: number;
	/** `undefined` when the camera does not say. */
	total: number | undefined;
	bytesPerSecond: number | undefined;
}

const SHORTEST_BAR = 8;
const LONGEST_BAR = 30;

/**
 * One line, at most `columns - 1` wide: name, bar, percent, rate, time left. What does not fit is left out, the bar
 * first, and a long name is cut; 40 columns hold all but the bar.
 */
export function progressLine({ name, bytes, total, bytesPerSecond }: Progress, columns: number): string {
	const room = Math.max(columns - 1, 10);
	const share = total === undefined || total === 0 ? undefined : Math.min(bytes / total, 1);
	const amount = share === undefined ? formatBytes(bytes) : `${String(Math.floor(share * 100)).padStart(3)}%`;
	const rate = bytesPerSecond === undefined ? undefined : `${formatBytes(bytesPerSecond)}/s`;
	const left =
		total === undefined || bytesPerSecond === undefined || bytesPerSecond <= 0
			? undefined
			: formatDuration((total - bytes) / bytesPerSecond);
	const figures = [amount, rate, left].filter((part) => part !== undefined);
	while (figures.length > 1 && figures.join(' ').length + 7 > room) figures.pop();
	const tail = figures.join(' ');
	const title = cut(printable(name), Math.max(room - tail.length - 1, 0));
	const bar = Math.min(room - widthOf(title) - tail.length - 4, LONGEST_BAR);
	if (share === undefined || bar < SHORTEST_BAR) return `${title} ${tail}`;
	const full = Math.round(share * bar);
	return `${title} [${'#'.repeat(full)}${'-'.repeat(bar - full)}] ${tail}`;
}

/** The name with its middle left out: the number and the extension of a picture stand at its end. */
function cut(name: string, width: number): string {
	if (widthOf(name) <= width) return name;
	if (width < 4) return '';
	const all = [...name];
	let end = '';
	for (const c of all.reverse()) {
		if (widthOf(c + end) > width - 3) break;
		end = c + end;
	}
	return `...${end}`;
}
