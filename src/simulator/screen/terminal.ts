/** The camera's screen on a terminal, drawn in place, and its keys; the terminal is given back as it was, however it ends. */
import { emitKeypressEvents, type Interface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import type { CameraScreen, SimulatorEvent } from '../events.ts';
import type { Key } from '../modes/machine.ts';
import { EventLog } from './event-log.ts';
import { type Keypress, keyOf } from './keys.ts';
import { ASCII, BOX } from './panel.ts';
import { view } from './view.ts';

export interface CameraViewOptions {
	stdin: Pick<ReadStream, 'on' | 'off' | 'setRawMode' | 'resume' | 'pause'>;
	stdout: Pick<WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows'>;
	/** Frames of lines, or of ASCII. */
	unicode: boolean;
	/** Ends of the process that pass by `close`: calls `restore`, and stops listening when the answer is called. */
	onExit(restore: () => void): () => void;
	press(key: Key): void;
	/** When the terminal is ours. */
	stay?: ForegroundCheck;
	/** Ctrl-Z: stops the process until the shell continues it. Absent where there is no such thing. */
	suspend?: (() => void) | undefined;
	/** Ctrl-C and Ctrl-\, which a raw terminal does not turn into signals. */
	signal(name: 'SIGINT' | 'SIGQUIT'): void;
}

export interface CameraView {
	/** Shows what an event changes. `words`: its line for people. */
	show(event: SimulatorEvent, words: string | undefined): void;
	/** Gives the terminal back and leaves what was told last on it. Closing twice is fine. */
	close(): void;
}

const ALTERNATE = '\u001b[?1049h\u001b[?25l';
const BACK = '\u001b[?25h\u001b[?1049l';
/** Milliseconds until Esc is a key and not the beginning of one; readline's own half a second feels dead. */
const ESCAPE_MS = 100;
/** Milliseconds: events come faster than eyes in a transfer. */
const REDRAW_MS = 20;

/** How often it is looked whether the terminal is ours again, in milliseconds. */
const LOOK_MS = 500;

/** Takes the terminal. While another program has it, nothing is drawn and no mode is set; then it is taken again. */
export function openView({
	stdin,
	stdout,
	unicode,
	onExit,
	stay = alwaysForeground,
	press,
	suspend,
	signal,
}: CameraViewOptions): CameraView {
	const log = new EventLog();
	let model = '';
	let screen: CameraScreen = { shows: 'off' };
	let open = true;
	let soon: NodeJS.Timeout | undefined;

	/** The stay in the foreground in which the terminal was taken; nothing while it is given back. */
	let takenIn: number | undefined;

	const take = (): void => {
		stdin.setRawMode(false); // it may still count as raw, though the shell has set other modes since
		stdin.setRawMode(true);
		stdin.resume();
		stdout.write(ALTERNATE);
	};
	const giveBack = (): void => {
		takenIn = undefined;
		stdin.setRawMode(false);
		stdin.pause();
		stdout.write(BACK);
	};
	const here = (): boolean => {
		const now = stay();
		if (now !== undefined && now !== takenIn) take();
		takenIn = now;
		return now !== undefined;
	};
	const look = (): void => {
		if (stay() !== takenIn) draw();
	};
	const draw = (): void => {
		clearTimeout(soon);
		soon = undefined;
		if (!open || !here()) return;
		const lines = view({ model, screen, told: log.lines }, stdout.columns, stdout.rows, unicode ? BOX : ASCII);
		// Each line is cleared before it is written: clearing behind a line of full width would take its last character.
		stdout.write(`\u001b[H${lines.map((line) => `\u001b[K${line}\n`).join('')}\u001b[J`);
	};
	const onKey = (_text: string | undefined, pressed: Keypress): void => {
		const key = keyOf(pressed);
		if (key === 'interrupt') signal('SIGINT');
		else if (key === 'quit') signal('SIGQUIT');
		else if (key === 'suspend') {
			if (suspend === undefined) return;
			giveBack();
			suspend();
		} else if (key !== undefined) press(key);
	};
	const restore = (): void => {
		if (!open) return;
		open = false;
		clearTimeout(soon);
		clearInterval(looking);
		stdin.off('keypress', onKey);
		stdout.off('resize', draw);
		// In the background setting a mode would stop the process, and the screen is another program's.
		if (takenIn !== undefined && stay() !== undefined) giveBack();
		for (const line of log.lastWords) stdout.write(`${line}\n`);
	};
	const forget = onExit(restore);

	emitKeypressEvents(stdin as ReadStream, { escapeCodeTimeout: ESCAPE_MS } as Partial<Interface> as Interface);
	stdin.on('keypress', onKey);
	stdout.on('resize', draw);
	const looking = setInterval(look, LOOK_MS);
	looking.unref();
	draw();
	return {
		show(event, words) {
			if (event.type === 'poweredOn') model = event.model;
			// The screen is there to be seen.
			if (event.type === 'screen') screen = event.screen;
			else if (words !== undefined) log.add(event, words);
			soon ??= setTimeout(draw, REDRAW_MS);
		},
		close() {
			forget();
			restore();
		},
	};
}
