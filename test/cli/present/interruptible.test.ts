/** Nothing is written on a screen while a question stands there. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { interruptible } from '#cli/present/interruptible.ts';
import { plain } from '#cli/present/plain.ts';
import { wizard } from '#cli/present/wizard.ts';
import type { Event } from '#contract/events.ts';
import { Screen } from './screen.ts';

const search = (from: string): Event => ({ type: 'search', from, port: 1, target: 'upnp:rootdevice', answered: true });
const read = (from: string): Event => ({ type: 'description', from, userAgent: null });
const ready: Event = {
	type: 'ready',
	interface: 'eth0',
	address: '10.0.0.1',
	name: 'studio',
	uuid: 'u',
	ssdpPort: 1900,
	location: 'http://10.0.0.1/',
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function screens() {
	const screen = new Screen(80);
	const say = (text: string) => screen.write(`${text}\n`);
	const log = { success: say, step: say, message: say, warn: say, error: say, info: say, warning: say };
	const shared = { write: screen.write, columns: () => screen.columns };
	return {
		screen,
		wizard: wizard({ ...shared, log: log as never, now: () => Date.now(), animated: true, verbose: false }),
		plain: plain({ ...shared, now: () => new Date(0), terminal: true, colour: false, cursor: true, verbosity: 'normal' }),
	};
}

test.each(['wizard', 'plain'] as const)('%s: a question hides the live line, which comes back with the queued events', async (which) => {
	const { screen, [which]: presenter } = screens();
	const { on, asking, close } = interruptible(presenter);
	on(ready);
	on(search('10.0.0.9'));
	await vi.advanceTimersByTimeAsync(500);
	expect(screen.lines.at(-1)).toContain('10.0.0.9 search');

	let answer = (_: string) => {};
	const question = asking(() => {
		screen.write('Which is it?\n');
		return new Promise<string>((resolve) => {
			answer = resolve;
		});
	});
	const asked = screen.lines;
	expect(asked.slice(-2)).toEqual(['Which is it?', '']);
	on(search('10.0.0.8'));
	on(read('10.0.0.8'));
	await vi.advanceTimersByTimeAsync(2000);
	expect(screen.lines).toEqual(asked);

	answer('10.0.0.9');
	expect(await question).toBe('10.0.0.9');
	expect(screen.lines.join('\n')).toContain("10.0.0.8 read this computer's description.");
	on(search('10.0.0.9'));
	await vi.advanceTimersByTimeAsync(500);
	expect(screen.lines.at(-1)).toContain('10.0.0.9 search');
	close();
	expect(screen.lines.at(-1)).toBe('');
});

test('the screen continues after a question that was left', async () => {
	const { screen, wizard: presenter } = screens();
	const { on, asking } = interruptible(presenter);
	await expect(asking(() => Promise.reject(new Error('left')))).rejects.toThrow('left');
	on(read('10.0.0.9'));
	expect(screen.lines.join('\n')).toContain('10.0.0.9 read');
});
