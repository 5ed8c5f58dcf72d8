/**
 * One line for each event, on stderr. On a terminal, lines are marked and fit the window, and transient events (searches,
 * refused attempts) share one line that the next replaces, if the cursor can be moved. Elsewhere every line stays, so nothing is
 * repeated, and every line except errors is dated.
 */

import type { ForegroundCheck } from '#base/foreground.ts';
import { shortened, wrap } from '#base/table.ts';
import { EXIT } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';
import { liveLine } from './live-line.ts';
import { type Message, messageOf } from './messages.ts';
import type { Presenter } from './presenter.ts';

export interface PlainOptions {
	write(text: string): void;
	now(): Date;
	/** A person looks at it. */
	terminal: boolean;
	colour: boolean;
	/** The cursor may be moved. */
	cursor: boolean;
	columns(): number;
	/** When the terminal is ours. */
	stay?: ForegroundCheck | undefined;
	verbosity: 'quiet' | 'normal' | 'verbose';
	/** The reader adds the time, as systemd's journal does. */
	undated?: boolean | undefined;
	/** A lost session ends the run, and the error that follows reports it. */
	lossIsError?: boolean | undefined;
}

const MARKS: Readonly<Record<Message['level'], readonly [mark: string, colour: number]>> = {
	good: ['✓', 32],
	info: ['·', 36],
	passing: ['·', 2],
	detail: ['·', 2],
	warning: ['!', 33],
	error: ['✗', 31],
};

/** A presenter of plain lines. */
export function plain(options: PlainOptions): Presenter {
	const { terminal, colour, cursor, verbosity } = options;
	const passed = new Set<string>();
	/** How attempts were refused; said once for each way. */
	const refused = new Set<string>();
	const live = liveLine(options.write, options.columns, options.stay);
	/** A camera was found: that it searches and reads on is no news, and what it waits for must stay to be read. */
	let found = false;
	let unlocked = false;
	/** A command has reported itself that it was stopped. */
	let stopTold = false;

	const shows = (level: Message['level']): boolean =>
		verbosity === 'verbose' || (verbosity === 'quiet' ? level === 'error' : level !== 'detail');

	const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

	function line(said: Message): string {
		if (!terminal) {
			// What happens on the way is dated; an error is the last word, and looks as scripts know one.
			const time = said.level === 'error' || options.undated ? '' : `${options.now().toTimeString().slice(0, 8)} `;
			const prefix = said.level === 'error' ? 'error: ' : said.level === 'warning' ? 'warning: ' : '';
			const lines = [...`${prefix}${said.text}`.split('\n'), ...(said.next === undefined ? [] : [said.next])];
			return lines.map((one, n) => `${time}${n === 0 ? '' : '  '}${one}\n`).join('');
		}
		const [mark, code] = MARKS[said.level];
		const [first = '', ...more] = [...said.text.split('\n'), ...(said.next === undefined ? [] : [said.next])].flatMap((one) =>
			wrap(one, options.columns() - 2),
		);
		return `${paint(mark, code)} ${first}\n${more.map((one) => `  ${one}\n`).join('')}`;
	}

	/** After Ctrl-C the terminal has written `^C`: into the live line, where it goes with it, or else where we write next. */
	function tellStopped(exitCode: number): void {
		if (!terminal || verbosity === 'quiet' || stopTold) return;
		if (exitCode === EXIT.interrupted && !live.shown) options.write('\n');
		live.clear();
		options.write(line({ level: 'info', text: 'Stopped.' }));
	}

	return {
		on: (event: Event) => {
			if (event.type === 'result') {
				if (event.exitCode === EXIT.interrupted || event.exitCode === EXIT.terminated) tellStopped(event.exitCode);
				return;
			}
			if (event.type === 'warning' && event.code === 'stopped' && terminal && verbosity !== 'quiet') {
				stopTold = true;
				if (!live.shown) options.write('\n');
			}
			if (event.type === 'camera') found = true;
			else if (event.type === 'ended') {
				found = unlocked = false;
				refused.clear();
			} else if (event.type === 'unlock' && event.done) {
				// After each command that blackens the screen it is given back again; that is said once.
				if (unlocked && verbosity !== 'verbose') return;
				unlocked = true;
			} else if ((event.type === 'search' || event.type === 'description') && found && verbosity !== 'verbose') return;
			if (event.type === 'lost' && options.lossIsError && verbosity !== 'verbose') return;
			const said = messageOf(event);
			// An attempt may take long, so its beginning is shown too, where it can pass; but not of a tool that may have the
			// terminal, which writes where the cursor stands.
			const own = event.type === 'attempt' && event.tool === 'builtin';
			const begins = own && event.outcome === undefined && cursor && verbosity === 'normal';
			if (event.type === 'attempt' && !own && event.outcome === undefined) live.clear();
			if (said === undefined || !(begins || shows(said.level))) return;
			if ((said.level === 'passing' || begins) && verbosity !== 'verbose' && cursor) {
				live.show(shortened(`· ${said.text}`, Math.max(10, options.columns() - 1)), (text) => paint(text, 2));
				return;
			}
			// A camera searches once a second, and reads the description again and again: said once for each address.
			if ((event.type === 'search' || event.type === 'description') && verbosity !== 'verbose') {
				if (passed.has(said.text)) return;
				if (passed.size < 1000) passed.add(said.text);
			}
			if (event.type === 'attempt' && verbosity !== 'verbose') {
				const how = said.text.replace(/\bAttempt \d+/, '');
				if (refused.has(how)) return;
				if (refused.size < 1000) refused.add(how);
			}
			live.clear();
			options.write(line(said));
		},
		still: () => {
			live.clear();
			return () => {};
		},
		close: live.clear,
	};
}
