/** Shows the camera's screen on a terminal, redrawn in place, and reads its keys. However it ends, the terminal is restored. */
import { emitKeypressEvents, type Interface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { alwaysForeground, type ForegroundCheck } from '#base/foreground.ts';
import type { ScreenContents, SimulatorEvent } from '../events.ts';
import type { Key } from '../modes/machine.ts';
import { EventLog } from './event-log.ts';
import { type Keypress, keyOf } from './keys.ts';
import { ASCII, BOX } from './panel.ts';
import { view } from './view.ts';

/** What the view needs. */
export interface CameraViewOptions {
	stdin: Pick<ReadStream, 'on' | 'off' | 'setRawMode' | 'resume' | 'pause'>;
	stdout: Pick<WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows'>;
	/** Draws frames with lines instead of ASCII. */
	unicode: boolean;
	/** Calls `restore` when the process ends without `close`. Returns a function that stops this. */
	onExit(restore: () => void): () => void;
	press(key: Key): void;
	/** Whether we are in the terminal's foreground. */
	stay?: ForegroundCheck | undefined;
	/** Ctrl-Z: stops the process until the shell continues it. Absent on systems without that. */
	suspend?: (() => void) | undefined;
	/** Handles Ctrl-C and Ctrl-\, which a raw terminal does not turn into signals. */
	signal(name: 'SIGINT' | 'SIGQUIT'): void;
}

/** An open view. */
export interface CameraView {
	/** Shows what an event changes. `words` is its line for people. */
	show(event: SimulatorEvent, words: string | undefined): void;
	/** Restores the terminal and leaves the last lines on it. Closing twice is allowed. */
	close(): void;
}

const ALTERNATE = '\u001b[?1049h\u001b[?25l';
const BACK = '\u001b[?25h\u001b[?1049l';
/** Milliseconds after which Esc counts as a key and not as the beginning of one. readline's default of half a second feels slow. */
const ESCAPE_MS = 100;
/** Shortest time between two redraws in milliseconds, because events come fast during a transfer. */
const REDRAW_MS = 20;

/** How often we check whether the terminal is ours again, in milliseconds. */
const LOOK_MS = 500;

/** Takes the terminal. While another program has it, nothing is drawn and no mode is set; afterwards it is taken again. */
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
	let screen: ScreenContents = { shows: 'off' };
	let open = true;
	let soon: NodeJS.Timeout | undefined;

	/** The stay in the foreground during which the terminal was taken; `undefined` while it is given back. */
	let takenIn: number | undefined;

	const take = (): void => {
		stdin.setRawMode(false); // Node may still think that it is raw, although the shell has set other modes since
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
		// Each line is cleared before it is written. Clearing after a line of full width would remove its last character.
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
		// In the background, setting a mode would stop the process, and the screen belongs to another program.
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
			// The panel shows the screen, so it needs no line.
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
