import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wizard } from '#cli/present/wizard.ts';
import type { Event } from '#contract/events.ts';
import { Screen } from './screen.ts';

const search: Event = { type: 'search', from: '192.168.178.45', port: 1, target: 'upnp:rootdevice', answered: true };
const ready = { type: 'ready', interface: 'eth0', address: '', name: '', uuid: '', ssdpPort: 1900, location: '' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waiting(columns: number, stay: () => number | undefined = () => 1) {
	const screen = new Screen(columns);
	const say = () => {};
	const log = { success: say, step: say, message: say, warn: say, error: say, info: say, warning: say };
	const presenter = wizard({
		write: screen.write,
		columns: () => screen.columns,
		log: log as never,
		now: () => Date.now(),
		animated: true,
		stay,
		verbose: false,
	});
	presenter.on(ready);
	return { screen, ...presenter };
}

test('uses the singular for one search', () => {
	const { screen, on } = waiting(80);
	on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/Waiting: 192\.168\.178\.45 searched once \(0 s\)$/)]);
	on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/searched 2 times \(0 s\)$/)]);
});

test('cuts the live line between words in a narrow window', () => {
	const { screen, on } = waiting(40);
	for (let n = 0; n < 12; n++) on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/^. {2}Waiting: 192\.168\.178\.45… \(0 s\)$/)]);
});

test('erases the live line completely after the window was made narrower', async () => {
	const { screen, on, close } = waiting(80);
	on(search);
	screen.resize(24);
	await vi.advanceTimersByTimeAsync(300);
	expect(screen.lines).toHaveLength(1);
	close();
	expect(screen.lines).toEqual(['']);
});

test('hides the live line in the background and shows it again in the foreground', async () => {
	let stay: number | undefined = 1;
	const { screen } = waiting(80, () => stay);
	screen.write('^Z\n$ bg\n');
	stay = undefined;
	screen.write('line of another program\n');
	const before = [...screen.lines];
	await vi.advanceTimersByTimeAsync(2000);
	expect(screen.lines).toEqual(before);
	stay = 2;
	await vi.advanceTimersByTimeAsync(200);
	expect(screen.lines).toEqual([...before.slice(0, -1), expect.stringContaining('Waiting for the camera (2 s)')]);
});
