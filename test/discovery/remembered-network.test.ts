import { expect, test } from 'vitest';
import type { Event } from '#contract/events.ts';
import { adviceAboutRemembered } from '#discovery/remembered-network.ts';

const lost: Event = { type: 'warning', code: 'networkLost', message: 'en0 has lost its address 192.168.1.2.' };

function passedOn(platform: string, events: readonly Event[]): Event[] {
	const told: Event[] = [];
	const emit = adviceAboutRemembered((event) => void told.push(event), platform);
	for (const event of events) emit(event);
	return told;
}

test('on a Mac, a warning about a lost address says that the Mac may have gone back to a remembered network', () => {
	const moved: Event = { ...lost, code: 'addressChanged' };
	for (const event of passedOn('darwin', [lost, moved])) expect(event).toMatchObject({ next: expect.stringContaining('Auto-Join') });
});

test('other events, and events on other systems, are unchanged', () => {
	const others: Event[] = [
		{ type: 'warning', code: 'portMoved', message: 'Port 8043 is taken.' },
		{ ...lost, next: 'Plug it in.' },
	];
	expect(passedOn('darwin', others)).toEqual(others);
	expect(passedOn('linux', [lost])).toEqual([lost]);
});
