import { expect, test } from 'vitest';
import { widthOf } from '#base/table.ts';
import type { ScreenContents, SimulatorEvent } from '#simulator/events.ts';
import { EventLog } from '#simulator/screen/event-log.ts';
import { keyOf } from '#simulator/screen/keys.ts';
import { ASCII, BOX, hint, panel } from '#simulator/screen/panel.ts';
import { view } from '#simulator/screen/view.ts';

const MODEL = 'Canon PowerShot ELPH 340 HS';
const at = (screen: ScreenContents, columns = 40): string[] => panel(screen, MODEL, columns, ASCII);

test('the list of computers, with the cursor', () => {
	expect(at({ shows: 'computers', names: ['LIVINGROOM', 'STUDY'], cursor: 1 })).toEqual([
		'+- PowerShot ELPH 340 HS --------------+',
		'| Select a Device                      |',
		'|                                      |',
		'|   LIVINGROOM                         |',
		'| > STUDY                              |',
		'|                                      |',
		'|                                      |',
		'|                                      |',
		'+--------------------------------------+',
	]);
});

test('a list longer than the screen scrolls with the cursor', () => {
	const names = Array.from({ length: 9 }, (_, n) => `PC${n}`);
	const shown = (cursor: number): string => at({ shows: 'computers', names, cursor }).join('\n');
	expect(shown(0)).toMatch(/> PC0[\s\S]*PC4/);
	expect(shown(0)).not.toContain('PC5');
	expect(shown(8)).toMatch(/PC4[\s\S]*> PC8/);
});

const screens: ScreenContents[] = [
	{ shows: 'off' },
	{ shows: 'computers', names: [], cursor: 0 },
	{
		shows: 'computers',
		names: [
			'a name much longer than any camera could ever show on its screen',
			'\u001b[31mred',
			'書斎の計算機と居間の計算機と台所の計算機',
		],
		cursor: 2,
	},
	{ shows: 'phones', names: [], cursor: 0 },
	{ shows: 'searching', for: 'EOS Utility' },
	{ shows: 'pairing', name: null },
	{ shows: 'pairing', name: 'PC' },
	{ shows: 'connecting', name: 'LIVINGROOM' },
	{ shows: 'connected', name: 'LIVINGROOM' },
	{ shows: 'black', keys: 'locked' },
	{ shows: 'playback', picture: 'IMG_0012.JPG' },
	{ shows: 'playback', picture: null },
];

test.each(screens)('%j fits any width, is as high as the others, and moves no cursor', (screen) => {
	for (const columns of [100, 40, 31, 20, 8, 3]) {
		const lines = panel(screen, MODEL, columns, BOX);
		expect(lines).toHaveLength(9);
		for (const line of lines) expect(widthOf(line)).toBe(Math.min(40, columns));
		expect(lines.join('')).not.toContain('\u001b');
	}
	expect(hint(screen).length).toBeLessThan(40);
});

test('what is said on the screen', () => {
	const said = (screen: ScreenContents): string => at(screen).join(' ').replaceAll(/[|+-]/g, '').replaceAll(/\s+/g, ' ');
	expect(said({ shows: 'connected', name: 'LIVINGROOM' })).toContain('Connected to device LIVINGROOM');
	expect(said({ shows: 'playback', picture: 'IMG_0012.JPG' })).toContain('[ IMG_0012.JPG ]');
	expect(said({ shows: 'pairing', name: 'PC' })).toContain('Connect to PC [ OK ]');
	expect(said({ shows: 'black', keys: 'locked' })).toContain('......');
});

test('below the screen stand as many of the latest events as there is room for', () => {
	const told = Array.from({ length: 50 }, (_, n) => `event ${n}`);
	const lines = view({ model: MODEL, screen: { shows: 'off' }, told }, 80, 24, ASCII);
	expect(lines).toHaveLength(23);
	expect(lines.at(-1)).toBe('event 49');
	expect(lines.at(11)).toBe('event 38');
	expect(view({ model: MODEL, screen: { shows: 'off' }, told }, 80, 6, ASCII)).toHaveLength(5);
});

test('a line that is too long is broken, so that its end is read too', () => {
	const told = ['Canon X is on', 'announces itself; its description is at http://127.0.0.1:49152/upnp/CameraDevDesc.xml'];
	const lines = (columns: number, rows = 24) => view({ model: MODEL, screen: { shows: 'off' }, told }, columns, rows, ASCII).slice(11);
	expect(lines(40)).toEqual([
		'Canon X is on',
		'announces itself; its description is',
		'  at',
		'  http://127.0.0.1:49152/upnp/CameraDevD',
		'  esc.xml',
	]);
	expect(lines(40, 14)).toEqual(['  http://127.0.0.1:49152/upnp/CameraDevD', '  esc.xml']);
	for (const columns of [80, 31, 12, 8, 3]) for (const line of lines(columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
});

test('a run of the same operation is one line, and no operation is among the last words', () => {
	const log = new EventLog();
	const operation = (code: number) => ({ type: 'operation', code }) as SimulatorEvent;
	log.add({ type: 'fault', what: 'x' }, 'session 1 is open');
	for (let n = 1; n <= 500; n++) log.add(operation(0x101b), `part ${n}`);
	log.add(operation(0x1003), 'closed');
	log.add({ type: 'fault', what: 'x' }, 'Wi-Fi off');
	log.add({ type: 'fault', what: 'x' }, 'Wi-Fi off');
	expect(log.lines).toEqual(['session 1 is open', '500 x part 500', 'closed', 'Wi-Fi off', 'Wi-Fi off']);
	expect(log.lastWords).toEqual(['session 1 is open', 'Wi-Fi off', 'Wi-Fi off']);
});

test.each([
	[{ name: 'up' }, 'up'],
	[{ name: 'down' }, 'down'],
	[{ name: 'return' }, 'set'],
	[{ name: 'space' }, 'set'],
	[{ name: 'escape' }, 'cancel'],
	[{ name: 'backspace' }, 'cancel'],
	[{ name: 'p' }, 'power'],
	[{ name: 'q' }, 'power'],
	[{ name: 'c', ctrl: true, sequence: '\u0003' }, 'interrupt'],
	[{ name: '\\', ctrl: true, sequence: '\u001c' }, 'quit'],
	[{ name: 'c' }, undefined],
	[{ name: 'q', ctrl: true }, undefined],
	[{ name: 'constructor' }, undefined],
	[{}, undefined],
] as const)('%j is %s', (pressed, key) => {
	expect(keyOf(pressed)).toBe(key);
});
