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

test('searches are counted in words that are right for one', () => {
	const { screen, on } = waiting(80);
	on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/Waiting: 192\.168\.178\.45 searched once \(0 s\)$/)]);
	on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/searched 2 times \(0 s\)$/)]);
});

test('in a narrow window the live line ends with a whole word', () => {
	const { screen, on } = waiting(40);
	for (let n = 0; n < 12; n++) on(search);
	expect(screen.lines).toEqual([expect.stringMatching(/^. {2}Waiting: 192\.168\.178\.45… \(0 s\)$/)]);
});

test('made narrow in the middle, it leaves nothing behind', async () => {
	const { screen, on, close } = waiting(80);
	on(search);
	screen.resize(24);
	await vi.advanceTimersByTimeAsync(300);
	expect(screen.lines).toHaveLength(1);
	close();
	expect(screen.lines).toEqual(['']);
});

test('in the background the live line is gone, and in the foreground it is there again', async () => {
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
