/** Chooses how events are shown: NDJSON, the dialogue, or plain lines; and the log file beside them. */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { errnoOf, whyOf } from '#base/errors.ts';
import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';
import type { Call } from '../program.ts';
import { hasColour, hasCursor, isJournal, type TerminalFacts } from '../terminal.ts';
import type { LiveHold } from './hold-view.ts';
import { interruptible } from './interruptible.ts';
import { ndjson } from './ndjson.ts';
import { type PlainOptions, plain } from './plain.ts';
import { both, type Presenter } from './presenter.ts';

export interface Presentation {
	on(event: Event): void;
	/** Writes an event of the simulated camera, whose vocabulary is its own, to the log file and nowhere else. */
	record(event: { type: string }): void;
	/** Asks a question while nothing else is written on the screen; what happens meanwhile is shown afterwards. */
	asking<T>(ask: () => Promise<T>): Promise<T>;
	/** The live view of `hold`; absent where there is none. */
	hold: Pick<LiveHold, 'view' | 'hide'> | undefined;
	/** Flushes and leaves the terminal as it was found. */
	close(): Promise<void>;
}

const now = () => new Date();

/** Opens what shows the events of this call. Throws `logUnwritable` when the log file cannot be opened. */
export async function present(call: Call, facts: TerminalFacts, conversation: boolean, stay: ForegroundCheck): Promise<Presentation> {
	if (facts.flags.noColor) process.env.NO_COLOR = '1'; // clack looks there
	const file = typeof call.flags.logFile === 'string' ? openLog(call.flags.logFile) : undefined;
	const { presenter: screen, hold } = await shownBy(call, facts, conversation, stay);
	const { asking, ...shown } = interruptible(screen);
	const presenter = file === undefined ? shown : both(shown, file);
	let over = false;
	return {
		on: (event) => {
			if (over) return; // the result is the last word, whatever is found out after it
			over = event.type === 'result';
			presenter.on(event);
		},
		record: (event) => file?.on(event as Event),
		asking,
		hold,
		close: async () => presenter.close(),
	};
}

interface Shown {
	presenter: Presenter;
	hold?: LiveHold;
}

async function shownBy(call: Call, facts: TerminalFacts, conversation: boolean, stay: ForegroundCheck): Promise<Shown> {
	if (facts.flags.json) return { presenter: ndjson((text) => process.stdout.write(text), now) };
	const verbosity = call.flags.quiet === true ? 'quiet' : call.flags.verbose === true ? 'verbose' : 'normal';
	if (conversation && call.command[0] === 'pair' && verbosity !== 'quiet') {
		const [{ log }, { wizard }] = await Promise.all([import('@clack/prompts'), import('./wizard.ts')]);
		const presenter = wizard({
			log,
			write: (text) => process.stdout.write(text),
			now: () => performance.now(),
			columns: () => process.stdout.columns || 80,
			stay,
			animated: facts.env.TERM !== 'dumb',
			verbose: verbosity === 'verbose',
		});
		return { presenter };
	}
	const lines = onStderr(facts, verbosity, stay, call.command[0] === 'connect' && call.flags.reconnect !== true);
	if (call.command[0] !== 'hold' || !hasCursor(facts) || verbosity !== 'normal') return { presenter: lines };
	const { liveHold } = await import('./hold-view.ts');
	const hold = liveHold({
		write: (text) => process.stderr.write(text),
		columns: () => process.stderr.columns || 80,
		now: () => performance.now(),
		stay,
		show: lines.on,
	});
	return { presenter: { on: hold.emit, still: hold.still, close: () => lines.close() }, hold };
}

/** Plain lines on stderr, as fits what that is. */
export function onStderr(
	facts: TerminalFacts,
	verbosity: PlainOptions['verbosity'],
	stay: ForegroundCheck = alwaysForeground,
	lossIsError = false,
): Presenter {
	return plain({
		write: (text) => process.stderr.write(text),
		now,
		terminal: facts.stderrIsTerminal,
		colour: hasColour(facts),
		cursor: hasCursor(facts),
		columns: () => process.stderr.columns || 80,
		stay,
		verbosity,
		undated: isJournal(facts),
		lossIsError,
	});
}

/** The log is NDJSON whatever the screen shows, appended to, for our eyes only. */
function openLog(path: string): Presenter {
	let fd: number;
	try {
		fd = openSync(path, 'a', 0o600);
		// Windows opens a folder too, and only refuses what is then written.
		if (fstatSync(fd).isDirectory()) {
			closeSync(fd);
			throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
		}
	} catch (error) {
		const why = errnoOf(error) === 'ENOENT' ? 'its folder does not exist' : whyOf(error);
		throw new CanonWifiError('logUnwritable', { file: path, why }, { cause: error });
	}
	let open = true;
	const inner = ndjson((text) => {
		try {
			if (open) writeSync(fd, text);
		} catch {
			open = false; // a full disk ends the log, not the session
		}
	}, now);
	return {
		on: inner.on,
		close: () => {
			open = false;
			try {
				closeSync(fd);
			} catch {
				// On a network's disk a failed write may be reported only now: the log is short, the session was good.
			}
		},
	};
}
