/** The live view of a hold, on a screen that breaks lines as terminals do. */
import { beforeEach, expect, test, vi } from 'vitest';
import { liveHold } from '#cli/present/hold-view.ts';
import { plain } from '#cli/present/plain.ts';
import type { Event } from '#contract/events.ts';
import type { HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import { Screen } from './screen.ts';

const studio: HeldStatus = {
	id: 'studio',
	state: 'waiting',
	camera: '192.168.1.45',
	mac: null,
	model: 'Canon PowerShot ELPH 130 IS',
	serial: null,
	address: '127.0.0.1',
	port: 15740,
	sessions: 0,
	age: null,
	keepalive: null,
	operations: 0,
	bytesIn: 0,
	bytesOut: 0,
	clients: [],
};

const CLIENT = { number: 1, name: 'vm', from: '127.0.0.1', operation: 'getObject', operations: 1, bytesIn: 0, bytesOut: 0, age: 1 };

/** The view below plain lines, as `hold` has it on a terminal. */
function stage(columns = 80) {
	const screen = new Screen(columns);
	let now = 0;
	const lines = plain({
		write: screen.write,
		now: () => new Date(0),
		terminal: true,
		colour: false,
		cursor: true,
		columns: () => screen.columns,
		verbosity: 'normal',
	});
	const terminal = { stay: 1 as number | undefined };
	const live = liveHold({
		write: screen.write,
		columns: () => screen.columns,
		now: () => now,
		stay: () => terminal.stay,
		show: (event) => lines.on(event),
	});
	const status: { held: HeldStatus } = { held: studio };
	const view = live.view((): HoldStatus => ({ v: 1, pid: 1, age: 1, cameras: [status.held] }));
	return {
		screen,
		terminal,
		live,
		view,
		become: (held: Partial<HeldStatus>) => {
			status.held = { ...status.held, ...held };
		},
		pass: (ms: number) => {
			now += ms;
			vi.advanceTimersByTime(ms);
		},
		shown: () => screen.lines.filter((line) => line !== ''),
	};
}

beforeEach(() => {
	vi.useFakeTimers();
	return () => void vi.useRealTimers();
});

const attempt = { type: 'attempt', number: 1, tool: 'builtin', address: '192.168.1.45' } as const;

test('stays below the messages, and shows attempts only in itself', () => {
	const { live, become, shown, pass } = stage();
	become({ state: 'connecting' });
	live.emit({ ...attempt } as Event);
	live.emit({ ...attempt, outcome: 'refused' } as Event);
	pass(500);
	expect(shown()).toEqual(['○ studio :15740 connecting to 192.168.1.45']);
	become({ state: 'refused' });
	pass(500);
	expect(shown()).toEqual(['○ studio :15740 press SET on the camera']);
	become({ state: 'connected', age: 5 });
	live.emit({ type: 'warning', code: 'notSaved', message: 'The camera said something.' });
	expect(shown()).toEqual(['! The camera said something.', '● studio :15740 held for 5 s']);
});

test('shows every half second what each client does and how fast', () => {
	const { become, shown, pass } = stage();
	become({ state: 'connected', age: 5, clients: [CLIENT] });
	pass(500);
	expect(shown()).toEqual(['● studio :15740 held for 5 s', '  1 vm getObject']);
	become({ clients: [{ ...CLIENT, bytesIn: 2_500_000 }] });
	pass(500);
	expect(shown()).toEqual(['● studio :15740 held for 5 s', '  1 vm getObject 5.0 MB/s']);
});

test('erases itself completely after the window was made narrower', () => {
	const { screen, become, shown, pass } = stage();
	become({ state: 'connected', age: 5, clients: [{ ...CLIENT, name: 'a client with a name that is long enough' }] });
	pass(500);
	screen.resize(30);
	become({ age: 6 });
	pass(500);
	expect(shown()).toEqual(['● studio :15740 held for 6 s', '  1 a client with a name tha…']);
});

test('disappears while a question is open, whatever happens meanwhile, and comes back', () => {
	const { live, become, shown, pass } = stage();
	pass(500);
	const goOn = live.still();
	expect(shown()).toEqual([]);
	become({ state: 'connected', age: 1 });
	pass(5000);
	expect(shown()).toEqual([]);
	goOn();
	expect(shown()).toEqual(['● studio :15740 held for 1 s']);
});

test('leaves a clean screen when it is hidden for good', () => {
	const given = stage();
	given.pass(500);
	given.live.hide();
	given.become({ state: 'connected', age: 1 });
	given.pass(5000);
	expect(given.shown()).toEqual([]);
	const ended = stage();
	ended.pass(500);
	ended.view.close();
	ended.pass(5000);
	expect(ended.shown()).toEqual([]);
});

test('draws and erases nothing in the background, and is shown again in the foreground', () => {
	const { screen, terminal, live, become, shown, pass } = stage();
	pass(500);
	screen.write('^Z\n[1]+ Stopped\n');
	terminal.stay = undefined;
	become({ state: 'connected', age: 1 });
	pass(1000);
	screen.write('line of another program\n');
	live.emit({ type: 'warning', code: 'notSaved', message: 'The camera said something.' });
	pass(1000);
	const before = [
		'○ studio :15740 waiting for the camera',
		'^Z',
		'[1]+ Stopped',
		'line of another program',
		'! The camera said something.',
	];
	expect(shown()).toEqual(before);
	terminal.stay = 2;
	pass(500);
	expect(shown()).toEqual([...before, '● studio :15740 held for 1 s']);
	become({ age: 2 });
	pass(500);
	expect(shown()).toEqual([...before, '● studio :15740 held for 2 s']);
});

test('erases nothing after the process was stopped and continued between two redraws', () => {
	const { screen, terminal, become, shown, pass } = stage();
	pass(500);
	screen.write('$ fg\n');
	terminal.stay = 2;
	become({ state: 'connected', age: 1 });
	pass(500);
	expect(shown()).toEqual(['○ studio :15740 waiting for the camera', '$ fg', '● studio :15740 held for 1 s']);
});
