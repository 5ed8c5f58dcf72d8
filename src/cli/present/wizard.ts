/**
 * The dialogue's looks: events as clack's log lines, and one live line of what is being waited for. The live line is
 * our own and not clack's spinner, because that one takes the keyboard and ends the process by itself on Ctrl-C.
 */
import type { log as clackLog } from '@clack/prompts';
import type { ForegroundCheck } from '#base/foreground.ts';
import { shortened, widthOf, wrap } from '#base/table.ts';
import type { Event } from '#contract/events.ts';
import { liveLine } from './live-line.ts';
import { messageOf } from './messages.ts';
import type { Presenter } from './presenter.ts';

export interface WizardOptions {
	/** clack's `log`, loaded by the caller. */
	log: typeof clackLog;
	write(text: string): void;
	/** Milliseconds, for the seconds in the live line. */
	now(): number;
	columns(): number;
	/** When the terminal is ours. */
	stay?: ForegroundCheck | undefined;
	/** The live line may move the cursor. */
	animated: boolean;
	verbose: boolean;
}

const FRAMES = ['◒', '◐', '◓', '◑'];
const FRAME_MS = 120;

/** The presenter of a dialogue. */
export function wizard(options: WizardOptions): Presenter {
	const { log } = options;
	const searchers = new Map<string, number>();
	const readers = new Set<string>();
	let waitingSince: number | undefined;
	let status = '';
	let frame = 0;
	let timer: NodeJS.Timeout | undefined;
	/** The camera is there, and tools use it: the screen is theirs. */
	let inUse = false;
	const live = liveLine(options.write, options.columns, options.stay);

	function draw(): void {
		if (waitingSince === undefined || !options.animated) return;
		const seconds = Math.round((options.now() - waitingSince) / 1000);
		const time = ` (${seconds} s)`;
		live.show(`${FRAMES[frame++ % FRAMES.length]}  ${shortened(status, Math.max(8, options.columns() - 4 - widthOf(time)))}${time}`);
	}

	function wait(text: string): void {
		status = text;
		waitingSince ??= options.now();
		timer ??= setInterval(draw, FRAME_MS).unref();
		draw();
	}

	function stopWaiting(): void {
		clearInterval(timer);
		timer = undefined;
		live.clear();
		waitingSince = undefined;
	}

	/** Off the screen for a while: the returned function brings it back, with the seconds since it began. */
	function still(): () => void {
		const since = waitingSince;
		stopWaiting();
		return () => {
			if (since === undefined) return;
			waitingSince = since;
			timer ??= setInterval(draw, FRAME_MS).unref();
		};
	}

	function say(event: Event): void {
		if (event.type === 'description' && !options.verbose) {
			if (readers.has(event.from)) return; // a camera reads it again after SET
			if (readers.size < 100) readers.add(event.from);
		}
		const said = messageOf(event);
		if (said === undefined || said.level === 'passing' || (said.level === 'detail' && !options.verbose)) return;
		const goOn = still();
		const lines = [...said.text.split('\n'), ...(said.next === undefined ? [] : [said.next])];
		const text = lines.flatMap((one) => wrap(one, options.columns() - 4)).join('\n');
		const by = { good: log.success, info: log.step, detail: log.message, warning: log.warn, error: log.error }[said.level];
		by(text);
		goOn();
	}

	return {
		on: (event) => {
			// Every event is shown; some also change what the live line waits for.
			say(event);
			switch (event.type) {
				case 'ready':
					wait('Waiting for the camera');
					break;
				case 'search':
					if (!event.answered) break;
					if (searchers.size < 100) searchers.set(event.from, (searchers.get(event.from) ?? 0) + 1);
					if (status.startsWith('Waiting')) wait(`Waiting: ${event.from} searched ${times(searchers.get(event.from) ?? 1)}`);
					break;
				case 'camera':
					wait('Waiting for SET on the camera');
					break;
				case 'attempt':
					if (!inUse)
						wait(event.outcome === undefined && event.number === 1 ? 'Connecting' : `Press SET on the camera; attempt ${event.number}`);
					break;
				case 'connected':
					inUse = event.via === 'hold';
					if (inUse) stopWaiting();
					else wait('Asking the camera');
					break;
				case 'ended':
				case 'profile':
				case 'error':
				case 'lost':
					stopWaiting();
					break;
			}
		},
		still,
		close: stopWaiting,
	};
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
